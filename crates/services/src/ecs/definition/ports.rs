//! Ports that containers name.

use crate::ecs::fault::definition as refuse;
use api::Fault;
use api::ecs::{ContainerDefinition, PortMapping};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use world::definition::PortSpec;

/// Parses a container's ports. A range is checked and kept in the record; it opens no ports.
pub(super) fn parse(
    given: &ContainerDefinition,
    container: &str,
    mode: &str,
) -> Result<Vec<PortSpec>, Fault> {
    let mut ports = Vec::new();
    for mapping in given.port_mappings.as_deref().unwrap_or_default() {
        if mapping.name.as_deref().is_some_and(|name| !is_port_name(name)) {
            return Err(refuse::port_name(container));
        }
        if let Some(range) = &mapping.container_port_range {
            if mapping.container_port.is_some() || mapping.host_port.is_some() {
                return Err(refuse::port_and_range(container));
            }
            let parsed = parse_range(range);
            parsed.ok_or_else(|| refuse::port("containerPortRange", container))?;
            continue;
        }
        ports.push(single(mapping, container, mode)?);
    }
    Ok(ports)
}

/// `tcp` unless `udp` is given: anything else is taken as `tcp` (reference §2.4).
pub(super) fn protocol(mapping: &PortMapping) -> &'static str {
    if mapping.protocol.as_deref() == Some("udp") { "udp" } else { "tcp" }
}

/// Under awsvpc all containers share the ports and the port names of one network interface.
pub(super) fn check_unique(containers: &[ContainerDefinition]) -> Result<(), Fault> {
    let mappings =
        || containers.iter().flat_map(|given| given.port_mappings.as_deref().unwrap_or_default());
    let mut names = BTreeSet::new();
    if !mappings().filter_map(|mapping| mapping.name.as_deref()).all(|name| names.insert(name)) {
        return Err(refuse::port_name_twice());
    }
    let mut taken: Vec<(&str, RangeInclusive<u16>)> = Vec::new();
    for mapping in mappings() {
        let Some(ports) = claimed(mapping) else { continue };
        let protocol = protocol(mapping);
        let overlap = taken.iter().find_map(|(other, range)| {
            let first = (*range.start()).max(*ports.start());
            let last = (*range.end()).min(*ports.end());
            (*other == protocol && first <= last).then_some(first)
        });
        if let Some(port) = overlap {
            return Err(refuse::port_twice(protocol, port));
        }
        taken.push((protocol, ports));
    }
    Ok(())
}

fn single(mapping: &PortMapping, container: &str, mode: &str) -> Result<PortSpec, Fault> {
    let port = |number: Option<i32>| u16::try_from(number?).ok();
    let container_port = port(mapping.container_port).filter(|port| *port > 0);
    let container_port = container_port.ok_or_else(|| refuse::port("containerPort", container))?;
    if mapping.host_port.is_some() {
        let host = port(mapping.host_port).ok_or_else(|| refuse::port("hostPort", container))?;
        if matches!(mode, "awsvpc" | "host") && host != container_port {
            return Err(refuse::host_port(mode));
        }
    }
    Ok(PortSpec {
        container_port,
        protocol: protocol(mapping).to_owned(),
        name: mapping.name.clone(),
    })
}

fn claimed(mapping: &PortMapping) -> Option<RangeInclusive<u16>> {
    match (&mapping.container_port_range, mapping.container_port) {
        (Some(range), _) => parse_range(range),
        (None, port) => u16::try_from(port?).ok().map(|port| port..=port),
    }
}

/// `8000-8010`, the first below the last.
fn parse_range(text: &str) -> Option<RangeInclusive<u16>> {
    let (first, last) = text.split_once('-')?;
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (0 < first && first < last).then_some(first..=last)
}

/// Up to 64 lower-case letters, digits, `_` and `-`, no hyphen first (reference §2.4).
fn is_port_name(name: &str) -> bool {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    (1..=64).contains(&name.len()) && !name.starts_with('-') && name.chars().all(known)
}
