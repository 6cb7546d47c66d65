//! A task definition, from what was given to what running it needs.
//!
//! The order of the checks is AWS's as far as it was observed: the containers' own rules before
//! Fargate's, memory before size.

use super::{absent, container, depend, fargate, ports, size, volumes};
use crate::ecs::{fault, names};
use api::Fault;
use api::ecs::RegisterTaskDefinitionRequest;
use model::{Arn, Place};
use world::ContainerSpec;

/// What a definition comes to.
pub(super) struct Parsed {
    /// The containers, in the order given.
    pub(super) containers: Vec<ContainerSpec>,
    /// Task-level CPU units.
    pub(super) cpu: Option<u32>,
    /// Task-level memory in MiB.
    pub(super) memory: Option<u32>,
    /// Launch types that it is fit for.
    pub(super) compatibilities: Vec<String>,
}

/// What the parts of a definition have to know of the whole.
pub(super) struct Frame<'a> {
    /// Region and account.
    pub(super) place: &'a Place,
    /// `bridge`, where nothing is given.
    pub(super) network_mode: &'a str,
    /// Task-level memory in MiB.
    pub(super) memory: Option<u32>,
    /// Whether there is a role that secrets can be read with.
    pub(super) has_execution_role: bool,
}

const NETWORK_MODES: [&str; 4] = ["bridge", "host", "awsvpc", "none"];
const COMPATIBILITIES: [&str; 4] = ["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"];

/// How many containers a definition may have (reference §2.1).
const MOST_CONTAINERS: usize = 10;

/// Parses a definition.
pub(super) fn parse(place: &Place, given: &RegisterTaskDefinitionRequest) -> Result<Parsed, Fault> {
    check_words(given)?;
    let cpu = given.cpu.as_deref().map(size::cpu).transpose()?;
    let memory = given.memory.as_deref().map(size::memory).transpose()?;
    let frame = Frame {
        place,
        network_mode: network_mode(given),
        memory,
        has_execution_role: given.execution_role_arn.is_some(),
    };
    let parse = |given| container::parse(given, &frame);
    let parsed: Result<Vec<_>, Fault> = given.container_definitions.iter().map(parse).collect();
    let mut containers = parsed?;
    check_together(given, &containers, &frame)?;
    volumes::share(given, &mut containers)?;
    absent::check(given)?;
    let compatibilities = fargate::compatibilities(given, cpu, memory)?;
    Ok(Parsed { containers, cpu, memory, compatibilities })
}

/// The network mode; `bridge` is what Docker makes of none.
pub(super) fn network_mode(given: &RegisterTaskDefinitionRequest) -> &str {
    given.network_mode.as_deref().unwrap_or("bridge")
}

fn check_words(given: &RegisterTaskDefinitionRequest) -> Result<(), Fault> {
    use fault::definition as refuse;
    if given.family.is_empty() {
        return Err(refuse::family_blank());
    }
    if !names::is_name(&given.family) {
        return Err(refuse::family_characters());
    }
    match given.container_definitions.len() {
        0 => return Err(refuse::no_containers()),
        1..=MOST_CONTAINERS => {}
        _ => return Err(refuse::many_containers()),
    }
    if !NETWORK_MODES.contains(&network_mode(given)) {
        return Err(refuse::not_one_of("networkMode", &NETWORK_MODES));
    }
    let required = given.requires_compatibilities.as_deref().unwrap_or_default();
    if !required.iter().all(|word| COMPATIBILITIES.contains(&word.as_str())) {
        return Err(refuse::not_one_of("requiresCompatibilities", &COMPATIBILITIES));
    }
    let roles = [&given.task_role_arn, &given.execution_role_arn];
    let mut roles = roles.into_iter().flatten();
    if roles.any(|role| !is_role(role)) { Err(refuse::invalid_role()) } else { Ok(()) }
}

/// What can only be said of all containers together.
fn check_together(
    given: &RegisterTaskDefinitionRequest,
    containers: &[ContainerSpec],
    frame: &Frame<'_>,
) -> Result<(), Fault> {
    let names: Vec<_> = containers.iter().map(|container| &container.name).collect();
    let twice = names.iter().enumerate().any(|(at, name)| names[..at].contains(name));
    if twice {
        return Err(fault::definition::duplicate_container());
    }
    if !containers.iter().any(|container| container.essential) {
        return Err(fault::definition::nothing_essential());
    }
    depend::check(containers)?;
    if frame.network_mode == "awsvpc" {
        ports::check_unique(&given.container_definitions)?;
    }
    Ok(())
}

/// A role's name or its ARN, in whichever account: roles are not looked up when a definition is
/// registered, on AWS neither.
fn is_role(text: &str) -> bool {
    let name = match text.parse::<Arn>() {
        Ok(arn) if arn.service == "iam" => arn.resource_after("role/").map(str::to_owned),
        Ok(_) => None,
        Err(_) => Some(text.to_owned()),
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-/".contains(c);
    name.is_some_and(|name| !name.is_empty() && name.chars().all(allowed))
}
