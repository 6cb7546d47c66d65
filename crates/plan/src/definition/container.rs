//! Containers of a task definition.

use crate::groups::seconds;
use crate::observed::Observed;
use crate::secrets::value_from;
use crate::wish::{Artifact, ArtifactKind};
use api::ecs::{
    ContainerDefinition, ContainerDependency, HealthCheck, KeyValuePair, LogConfiguration,
    PortMapping, Secret, Ulimit,
};
use manifest::{Command, Condition, HealthCommand, SecretReference, Service, Sidecar, Ulimits};
use std::collections::BTreeMap;

/// The service's own container. It bears the service's name.
pub(super) fn of_service(
    observed: &Observed,
    name: &str,
    service: &Service,
    artifact: &Artifact,
) -> ContainerDefinition {
    let mut container = ContainerDefinition {
        name: Some(name.to_owned()),
        image: Some(artifact.image.clone()),
        essential: Some(true),
        port_mappings: service.port.map(|port| vec![port_mapping(port)]),
        environment: environment(&service.env),
        secrets: secrets(observed, &service.secrets),
        health_check: service.healthcheck.as_ref().map(health_check),
        depends_on: depends_on(&service.wait_for),
        stop_timeout: Some(seconds(service.stop_timeout)),
        ulimits: ulimits(&service.ulimits),
        log_configuration: Some(log(observed, service)),
        ..Default::default()
    };
    if artifact.kind == ArtifactKind::Container {
        container.command = words(service.command.as_ref());
        container.entry_point = words(service.entrypoint.as_ref());
        container.working_directory.clone_from(&service.working_dir);
        container.user.clone_from(&service.user);
        container.readonly_root_filesystem = service.read_only.then_some(true);
    }
    container
}

/// A sidecar's container.
pub(super) fn of_sidecar(
    observed: &Observed,
    name: &str,
    sidecar: &Sidecar,
    service: &Service,
) -> ContainerDefinition {
    ContainerDefinition {
        name: Some(name.to_owned()),
        image: Some(sidecar.image.to_string()),
        essential: Some(sidecar.essential),
        command: words(sidecar.command.as_ref()),
        entry_point: words(sidecar.entrypoint.as_ref()),
        working_directory: sidecar.working_dir.clone(),
        user: sidecar.user.clone(),
        environment: environment(&sidecar.env),
        secrets: secrets(observed, &sidecar.secrets),
        cpu: sidecar.cpu.and_then(|cpu| i32::try_from(cpu).ok()),
        memory: sidecar.memory.and_then(|memory| i32::try_from(memory).ok()),
        depends_on: depends_on(&sidecar.wait_for),
        health_check: sidecar.healthcheck.as_ref().map(health_check),
        readonly_root_filesystem: sidecar.read_only.then_some(true),
        stop_timeout: Some(seconds(sidecar.stop_timeout)),
        log_configuration: Some(log(observed, service)),
        ..Default::default()
    }
}

fn port_mapping(port: u16) -> PortMapping {
    PortMapping {
        container_port: Some(i32::from(port)),
        protocol: Some("tcp".to_owned()),
        ..Default::default()
    }
}

fn environment(variables: &BTreeMap<String, String>) -> Option<Vec<KeyValuePair>> {
    let pair = |(name, value): (&String, &String)| KeyValuePair {
        name: Some(name.clone()),
        value: Some(value.clone()),
    };
    some(variables.iter().map(pair).collect())
}

fn secrets(
    observed: &Observed,
    secrets: &BTreeMap<String, SecretReference>,
) -> Option<Vec<Secret>> {
    let secret = |(name, reference): (&String, &SecretReference)| Secret {
        name: name.clone(),
        value_from: value_from(reference, observed),
    };
    some(secrets.iter().map(secret).collect())
}

fn depends_on(waits: &BTreeMap<String, Condition>) -> Option<Vec<ContainerDependency>> {
    let dependency = |(name, condition): (&String, &Condition)| ContainerDependency {
        container_name: name.clone(),
        condition: match condition {
            Condition::Start => "START",
            Condition::Complete => "COMPLETE",
            Condition::Success => "SUCCESS",
            Condition::Healthy => "HEALTHY",
        }
        .to_owned(),
    };
    some(waits.iter().map(dependency).collect())
}

fn health_check(check: &manifest::HealthCheck) -> HealthCheck {
    let command = match &check.command {
        HealthCommand::Shell(line) => vec!["CMD-SHELL".to_owned(), line.clone()],
        HealthCommand::Exec(words) => {
            ["CMD".to_owned()].into_iter().chain(words.iter().cloned()).collect()
        }
    };
    HealthCheck {
        command,
        interval: Some(seconds(check.interval)),
        timeout: Some(seconds(check.timeout)),
        retries: i32::try_from(check.retries).ok(),
        start_period: Some(seconds(check.start_period)),
    }
}

fn ulimits(limits: &Ulimits) -> Option<Vec<Ulimit>> {
    let limit = limits.nofile.as_ref()?;
    let number = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
    Some(vec![Ulimit {
        name: "nofile".to_owned(),
        soft_limit: number(limit.soft),
        hard_limit: number(limit.hard.unwrap_or(limit.soft)),
    }])
}

/// The stream is `ecs/<container>/<task id>`, which AWS's console links to.
fn log(observed: &Observed, service: &Service) -> LogConfiguration {
    let options = BTreeMap::from([
        ("awslogs-group".to_owned(), service.logs.group.clone()),
        ("awslogs-region".to_owned(), observed.region.clone()),
        ("awslogs-stream-prefix".to_owned(), "ecs".to_owned()),
    ]);
    LogConfiguration {
        log_driver: "awslogs".to_owned(),
        options: Some(options),
        ..Default::default()
    }
}

fn words(command: Option<&Command>) -> Option<Vec<String>> {
    command.map(|command| command.words().to_vec())
}

/// A list, unless it is empty: AWS leaves empty lists out of what it echoes in places.
fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}
