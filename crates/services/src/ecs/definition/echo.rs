//! A task definition as AWS echoes it: what was given, with AWS's defaults filled in.

use super::parse::{Parsed, network_mode};
use super::{attributes, health, ports};
use api::ecs::{
    ContainerDefinition, HealthCheck, PortMapping, RegisterTaskDefinitionRequest, TaskDefinition,
};
use model::Place;
use world::DefinitionKey;

/// The record of a definition; its status and its dates are shown beside it.
pub(super) fn echo(
    place: &Place,
    key: &DefinitionKey,
    given: RegisterTaskDefinitionRequest,
    parsed: &Parsed,
    registered_by: &str,
) -> TaskDefinition {
    let requires_attributes = attributes::required(&given);
    let mode = network_mode(&given).to_owned();
    let containers = given.container_definitions.into_iter();
    TaskDefinition {
        task_definition_arn: Some(place.task_definition_arn(&key.family, key.revision)),
        container_definitions: Some(containers.map(|item| container(item, &mode)).collect()),
        family: Some(given.family),
        task_role_arn: given.task_role_arn,
        execution_role_arn: given.execution_role_arn,
        network_mode: given.network_mode,
        revision: i32::try_from(key.revision).ok(),
        volumes: Some(given.volumes.unwrap_or_default()),
        requires_attributes: Some(requires_attributes),
        placement_constraints: Some(given.placement_constraints.unwrap_or_default()),
        compatibilities: Some(parsed.compatibilities.clone()),
        runtime_platform: given.runtime_platform,
        requires_compatibilities: given.requires_compatibilities,
        cpu: parsed.cpu.map(|units| units.to_string()),
        memory: parsed.memory.map(|mib| mib.to_string()),
        pid_mode: given.pid_mode,
        ipc_mode: given.ipc_mode,
        proxy_configuration: given.proxy_configuration,
        registered_by: Some(registered_by.to_owned()),
        ephemeral_storage: given.ephemeral_storage,
        enable_fault_injection: given.enable_fault_injection,
        ..TaskDefinition::default()
    }
}

/// The defaults of reference §2.1 and §1.6.
fn container(given: ContainerDefinition, mode: &str) -> ContainerDefinition {
    let mappings = given.port_mappings.unwrap_or_default().into_iter();
    ContainerDefinition {
        cpu: Some(given.cpu.unwrap_or(0)),
        port_mappings: Some(mappings.map(|mapping| port(mapping, mode)).collect()),
        essential: Some(given.essential.unwrap_or(true)),
        environment: Some(given.environment.unwrap_or_default()),
        mount_points: Some(given.mount_points.unwrap_or_default()),
        volumes_from: Some(given.volumes_from.unwrap_or_default()),
        system_controls: Some(given.system_controls.unwrap_or_default()),
        health_check: given.health_check.map(check),
        ..given
    }
}

fn port(given: PortMapping, mode: &str) -> PortMapping {
    let host = match mode {
        "awsvpc" | "host" => given.container_port,
        _ => given.container_port.map(|_| 0),
    };
    PortMapping {
        host_port: given.host_port.or(host),
        protocol: Some(ports::protocol(&given).to_owned()),
        ..given
    }
}

fn check(given: HealthCheck) -> HealthCheck {
    HealthCheck {
        interval: Some(given.interval.unwrap_or(health::INTERVAL)),
        timeout: Some(given.timeout.unwrap_or(health::TIMEOUT)),
        retries: Some(given.retries.unwrap_or(health::RETRIES)),
        ..given
    }
}
