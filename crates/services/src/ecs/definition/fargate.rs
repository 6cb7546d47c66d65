//! Fargate's rules for task definitions (reference §2.2, §2.3).
//!
//! They decide twice: whether a definition that asks for Fargate is registered, and whether one that
//! does not ask for it could run there all the same.

use super::parse::network_mode;
use crate::ecs::fault::definition as refuse;
use api::Fault;
use api::ecs::{
    ContainerDefinition, LinuxParameters, LogConfiguration, RegisterTaskDefinitionRequest,
};
use model::FargateSize;

/// The log drivers of Fargate.
const LOG_DRIVERS: [&str; 3] = ["awslogs", "splunk", "awsfirelens"];

/// The longest time-out of a container in seconds.
const LONGEST_TIMEOUT: i32 = 120;

/// The launch types that a definition is fit for, in AWS's order.
pub(super) fn compatibilities(
    given: &RegisterTaskDefinitionRequest,
    cpu: Option<u32>,
    memory: Option<u32>,
) -> Result<Vec<String>, Fault> {
    check_awsvpc(given)?;
    let requires = |word: &str| {
        given.requires_compatibilities.iter().flatten().any(|compatibility| compatibility == word)
    };
    let verdict = check(given, cpu, memory);
    if requires("FARGATE") {
        verdict.clone()?;
    }
    if requires("EC2") && given.ephemeral_storage.is_some() {
        return Err(refuse::storage_on_ec2());
    }
    let fit: &[&str] = match (network_mode(given), verdict) {
        ("awsvpc", Ok(())) => &["EC2", "FARGATE", "MANAGED_INSTANCES"],
        ("awsvpc", Err(_)) => &["EC2", "MANAGED_INSTANCES"],
        _ => &["EXTERNAL", "EC2"],
    };
    Ok(fit.iter().map(|word| (*word).to_owned()).collect())
}

/// Whether an image lies in an ECR registry, which only an execution role can pull from.
pub(super) fn is_ecr(image: &str) -> bool {
    let host = image.split('/').next().unwrap_or_default();
    let (account, rest) = host.split_at_checked(12).unwrap_or(("", ""));
    account.bytes().all(|byte| byte.is_ascii_digit())
        && rest.starts_with(".dkr.ecr.")
        && (rest.ends_with(".amazonaws.com") || rest.ends_with(".amazonaws.com.cn"))
}

/// The first rule that a definition breaks.
fn check(
    given: &RegisterTaskDefinitionRequest,
    cpu: Option<u32>,
    memory: Option<u32>,
) -> Result<(), Fault> {
    if network_mode(given) != "awsvpc" {
        return Err(refuse::fargate_network_mode());
    }
    check_size(cpu, memory)?;
    check_task(given)?;
    for container in &given.container_definitions {
        check_container(container)?;
        check_linux(container.linux_parameters.as_ref())?;
        check_log(given, container.log_configuration.as_ref())?;
        let image = container.image.as_deref().unwrap_or_default();
        if is_ecr(image) && given.execution_role_arn.is_none() {
            return Err(refuse::fargate_role("ECR images"));
        }
    }
    check_sums(given, cpu, memory)
}

fn check_size(cpu: Option<u32>, memory: Option<u32>) -> Result<(), Fault> {
    let cpu = cpu.ok_or_else(|| refuse::fargate_size_missing("cpu"))?;
    let memory = memory.ok_or_else(|| refuse::fargate_size_missing("memory"))?;
    FargateSize::new(cpu, memory).map_err(|_| refuse::fargate_size(cpu, memory))?;
    Ok(())
}

fn check_task(given: &RegisterTaskDefinitionRequest) -> Result<(), Fault> {
    let is_given = |list: usize| list > 0;
    if is_given(given.inference_accelerators.as_ref().map_or(0, Vec::len)) {
        return Err(refuse::inference_accelerators());
    }
    if let Some(mode) = given.pid_mode.as_deref().filter(|mode| *mode != "task") {
        return Err(refuse::fargate_pid_mode(mode));
    }
    if given.ipc_mode.is_some() {
        return Err(refuse::fargate_without("ipcMode"));
    }
    if is_given(given.placement_constraints.as_ref().map_or(0, Vec::len)) {
        return Err(refuse::fargate_without("constraints"));
    }
    for volume in given.volumes.iter().flatten() {
        if volume.docker_volume_configuration.is_some() {
            return Err(refuse::fargate_without("dockerVolumeConfiguration"));
        }
        if volume.host.as_ref().is_some_and(|host| host.source_path.is_some()) {
            return Err(refuse::fargate_without("sourcePath"));
        }
    }
    match given.ephemeral_storage.as_ref().map(|storage| storage.size_in_gi_b) {
        Some(..=20) => Err(refuse::storage_below()),
        Some(201..) => Err(refuse::storage_above()),
        Some(_) | None => Ok(()),
    }
}

fn check_container(container: &ContainerDefinition) -> Result<(), Fault> {
    if container.privileged == Some(true) {
        return Err(refuse::fargate_privileged());
    }
    if container.docker_security_options.as_ref().is_some_and(|options| !options.is_empty()) {
        return Err(refuse::fargate_without("dockerSecurityOptions"));
    }
    let mut needs = container.resource_requirements.iter().flatten();
    if let Some(need) = needs.next() {
        return Err(match need.r#type.as_str() {
            "GPU" => refuse::fargate_gpu(),
            _ => refuse::inference_accelerators(),
        });
    }
    let mut ulimits = container.ulimits.iter().flatten();
    if let Some(limit) = ulimits.find(|limit| limit.name != "nofile") {
        return Err(refuse::fargate_ulimit(&limit.name));
    }
    for (which, seconds) in [("start", container.start_timeout), ("stop", container.stop_timeout)] {
        if seconds.is_some_and(|seconds| seconds > LONGEST_TIMEOUT) {
            return Err(refuse::long_timeout(which));
        }
    }
    Ok(())
}

fn check_linux(given: Option<&LinuxParameters>) -> Result<(), Fault> {
    let Some(linux) = given else { return Ok(()) };
    let added = linux.capabilities.iter().filter_map(|given| given.add.as_ref()).flatten();
    if let Some(other) = added.clone().find(|name| *name != "SYS_PTRACE") {
        return Err(refuse::fargate_capability(other));
    }
    let absent = [
        (linux.devices.as_ref().is_some_and(|devices| !devices.is_empty()), "devices"),
        (linux.shared_memory_size.is_some(), "sharedMemorySize"),
        (linux.tmpfs.as_ref().is_some_and(|tmpfs| !tmpfs.is_empty()), "tmpfs"),
        (linux.max_swap.is_some(), "maxSwap"),
        (linux.swappiness.is_some(), "swappiness"),
    ];
    match absent.into_iter().find(|(is_given, _)| *is_given) {
        Some((_, member)) => Err(refuse::fargate_without(member)),
        None => Ok(()),
    }
}

fn check_log(
    given: &RegisterTaskDefinitionRequest,
    log: Option<&LogConfiguration>,
) -> Result<(), Fault> {
    let Some(log) = log else { return Ok(()) };
    match log.log_driver.as_str() {
        "awslogs" => {
            let options = log.options.as_ref();
            let prefix = options.and_then(|options| options.get("awslogs-stream-prefix"));
            if prefix.is_none() {
                return Err(refuse::fargate_stream_prefix());
            }
            if given.execution_role_arn.is_none() {
                return Err(refuse::fargate_role("log driver awslogs"));
            }
            Ok(())
        }
        "awsfirelens" => {
            let mut containers = given.container_definitions.iter();
            let routed = containers.any(|other| other.firelens_configuration.is_some());
            if routed { Ok(()) } else { Err(refuse::firelens_missing()) }
        }
        "splunk" => Ok(()),
        other => Err(refuse::log_driver(other, &LOG_DRIVERS)),
    }
}

/// Containers share what the task has.
fn check_sums(
    given: &RegisterTaskDefinitionRequest,
    cpu: Option<u32>,
    memory: Option<u32>,
) -> Result<(), Fault> {
    let containers = &given.container_definitions;
    let sum = |part: fn(&ContainerDefinition) -> Option<i32>| {
        containers.iter().filter_map(part).map(i64::from).sum::<i64>()
    };
    if cpu.is_some_and(|cpu| sum(|container| container.cpu) > cpu.into()) {
        return Err(refuse::cpu_sum());
    }
    let memory = i64::from(memory.unwrap_or(u32::MAX));
    let above = |container: &&ContainerDefinition| {
        container.memory.is_some_and(|mib| i64::from(mib) > memory)
    };
    if let Some(container) = containers.iter().find(above) {
        let name = container.name.as_deref().unwrap_or_default();
        return Err(refuse::memory_above_task(name));
    }
    if sum(|container| container.memory_reservation) > memory {
        return Err(refuse::reservation_sum());
    }
    Ok(())
}

/// What no container has that shares a network interface, on Fargate or not.
fn check_awsvpc(given: &RegisterTaskDefinitionRequest) -> Result<(), Fault> {
    if network_mode(given) != "awsvpc" {
        return Ok(());
    }
    for container in &given.container_definitions {
        let has = |list: &Option<Vec<String>>| list.as_ref().is_some_and(|list| !list.is_empty());
        if has(&container.links) {
            return Err(refuse::links_on_awsvpc());
        }
        let absent = [
            (container.hostname.is_some(), "hostname is"),
            (container.disable_networking == Some(true), "Disable Networking is"),
            (has(&container.dns_servers), "DNS servers are"),
            (has(&container.dns_search_domains), "DNS search domains are"),
            (
                container.extra_hosts.as_ref().is_some_and(|hosts| !hosts.is_empty()),
                "Extra hosts are",
            ),
        ];
        if let Some((_, subject)) = absent.into_iter().find(|(is_given, _)| *is_given) {
            return Err(refuse::on_awsvpc(subject));
        }
    }
    Ok(())
}
