//! One container of a task definition.

use super::parse::Frame;
use super::{depend, health, logs, ports, secrets, volumes};
use crate::ecs::{fault, names};
use api::Fault;
use api::ecs::{ContainerDefinition, ContainerRestartPolicy, KeyValuePair, LinuxParameters};
use model::Span;
use std::collections::BTreeMap;
use world::ContainerSpec;
use world::definition::{Capabilities, RestartPolicy, Ulimit};

/// The least memory in MiB that a container engine starts a container with.
const LEAST_MEMORY: i32 = 6;

/// How long a container must have run before it is restarted, unless given (reference §1.6).
const RESTART_PERIOD: i32 = 300;

/// Parses a container.
pub(super) fn parse(
    given: &ContainerDefinition,
    frame: &Frame<'_>,
) -> Result<ContainerSpec, Fault> {
    let name = name(given)?;
    check_sizes(given, name, frame)?;
    let environment = environment(given.environment.as_deref().unwrap_or_default())?;
    let linux = given.linux_parameters.as_ref();
    let log = given.log_configuration.as_ref();
    Ok(ContainerSpec {
        name: name.into(),
        image: image(given)?.to_owned(),
        essential: given.essential.unwrap_or(true),
        entry_point: given.entry_point.clone().filter(|words| !words.is_empty()),
        command: given.command.clone().filter(|words| !words.is_empty()),
        working_directory: given.working_directory.clone(),
        user: given.user.clone(),
        secrets: secrets::parse(given, &environment, frame)?,
        environment,
        ports: ports::parse(given, name, frame.network_mode)?,
        depends_on: depend::parse(given)?,
        start_timeout: timeout("start", given.start_timeout, name)?,
        stop_timeout: timeout("stop", given.stop_timeout, name)?,
        health_check: given.health_check.as_ref().map(|h| health::parse(h, name)).transpose()?,
        log: log.map(logs::parse).transpose()?.flatten(),
        cpu: unsigned(given.cpu).unwrap_or(0),
        memory: unsigned(given.memory),
        memory_reservation: unsigned(given.memory_reservation),
        ulimits: ulimits(given)?,
        read_only_root: given.readonly_root_filesystem.unwrap_or(false),
        init: linux.and_then(|linux| linux.init_process_enabled).unwrap_or(false),
        capabilities: linux.map(capabilities).unwrap_or_default(),
        system_controls: system_controls(given),
        labels: given.docker_labels.clone().unwrap_or_default(),
        mounts: volumes::mounts(given, name)?,
        restart: given.restart_policy.as_ref().map(|p| restart(p, name)).transpose()?.flatten(),
        tty: given.pseudo_terminal.unwrap_or(false),
        stdin: given.interactive.unwrap_or(false),
    })
}

fn name(given: &ContainerDefinition) -> Result<&str, Fault> {
    let name = given.name.as_deref().filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| fault::definition::blank("name"))?;
    if names::is_name(name) { Ok(name) } else { Err(fault::definition::characters("name")) }
}

/// The image's text; AWS looks no closer than this, so that a registry may have names that Docker
/// would not (reference §2.4).
fn image(given: &ContainerDefinition) -> Result<&str, Fault> {
    let image = given.image.as_deref().filter(|image| !image.is_empty());
    let image = image.ok_or_else(|| fault::definition::blank("image"))?;
    let (name, digest) = image.split_once('@').map_or((image, None), |(n, d)| (n, Some(d)));
    let known = |c: char| c.is_ascii_alphanumeric() || "-_:./#".contains(c);
    let is_digest = |digest: &str| {
        let hex = digest.strip_prefix("sha256:");
        hex.is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let fits = name.len() <= 255 && name.chars().all(known) && digest.is_none_or(is_digest);
    if fits { Ok(image) } else { Err(fault::definition::characters("image")) }
}

fn check_sizes(given: &ContainerDefinition, name: &str, frame: &Frame<'_>) -> Result<(), Fault> {
    use fault::definition as refuse;
    if given.cpu.is_some_and(|cpu| cpu < 0) {
        return Err(refuse::negative_cpu(name));
    }
    let (memory, reservation) = (given.memory, given.memory_reservation);
    if memory.is_none() && reservation.is_none() && frame.memory.is_none() {
        return Err(refuse::memory_missing(name));
    }
    let mut both = memory.into_iter().chain(reservation);
    if both.any(|mib| mib < LEAST_MEMORY) {
        return Err(refuse::memory_too_small(name));
    }
    match (memory, reservation) {
        (Some(memory), Some(reservation)) if memory < reservation => {
            Err(refuse::memory_below_reservation(name))
        }
        _ => Ok(()),
    }
}

/// Variables by name; of two with one name the later holds.
fn environment(given: &[KeyValuePair]) -> Result<BTreeMap<String, String>, Fault> {
    let variable = |pair: &KeyValuePair| {
        let name = pair.name.clone().filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| fault::definition::blank("environment.name"))?;
        Ok((name, pair.value.clone().unwrap_or_default()))
    };
    given.iter().map(variable).collect()
}

fn timeout(which: &str, given: Option<i32>, name: &str) -> Result<Option<Span>, Fault> {
    let seconds = given.map(|seconds| u64::try_from(seconds).unwrap_or(0));
    match seconds {
        Some(0 | 1) => Err(fault::definition::short_timeout(which, name)),
        other => Ok(other.map(Span::seconds)),
    }
}

fn ulimits(given: &ContainerDefinition) -> Result<Vec<Ulimit>, Fault> {
    let given = given.ulimits.as_deref().unwrap_or_default();
    // -1 is no limit, and nothing exceeds it.
    let exceeds = |soft: i32, hard: i32| hard != -1 && (soft == -1 || soft > hard);
    if let Some(wrong) = given.iter().find(|limit| exceeds(limit.soft_limit, limit.hard_limit)) {
        return Err(fault::definition::soft_above_hard(&wrong.name));
    }
    let limit = |limit: &api::ecs::Ulimit| Ulimit {
        name: limit.name.clone(),
        soft: limit.soft_limit.into(),
        hard: limit.hard_limit.into(),
    };
    Ok(given.iter().map(limit).collect())
}

fn capabilities(linux: &LinuxParameters) -> Capabilities {
    let given = linux.capabilities.clone().unwrap_or_default();
    Capabilities { add: given.add.unwrap_or_default(), drop: given.drop.unwrap_or_default() }
}

fn system_controls(given: &ContainerDefinition) -> BTreeMap<String, String> {
    let given = given.system_controls.as_deref().unwrap_or_default();
    let pair = |control: &api::ecs::SystemControl| {
        Some((control.namespace.clone()?, control.value.clone()?))
    };
    given.iter().filter_map(pair).collect()
}

fn restart(policy: &ContainerRestartPolicy, name: &str) -> Result<Option<RestartPolicy>, Fault> {
    let period = policy.restart_attempt_period.unwrap_or(RESTART_PERIOD);
    let seconds = u64::try_from(period).ok().filter(|seconds| (60..=1800).contains(seconds));
    let seconds = seconds.ok_or_else(|| fault::definition::restart_period(name))?;
    let ignored_exit_codes = policy.ignored_exit_codes.clone().unwrap_or_default();
    if ignored_exit_codes.len() > 50 {
        return Err(fault::definition::restart_codes(name));
    }
    let attempt_period = Span::seconds(seconds);
    Ok(policy.enabled.then_some(RestartPolicy { ignored_exit_codes, attempt_period }))
}

fn unsigned(given: Option<i32>) -> Option<u32> {
    given.and_then(|number| number.try_into().ok())
}
