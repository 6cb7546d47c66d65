//! `requiresAttributes`: what a container instance would need to run a definition.
//!
//! Fargate has it all, so the list is only ever looked at. Its order is the one that was observed
//! (reference §2.1); the rules beyond that observation follow the ECS agent's capabilities.

use super::fargate::is_ecr;
use super::parse::network_mode;
use api::ecs::{Attribute, ContainerDefinition, RegisterTaskDefinitionRequest, Secret};

/// The attributes that a definition requires.
pub(super) fn required(given: &RegisterTaskDefinitionRequest) -> Vec<Attribute> {
    let has_role = given.execution_role_arn.is_some();
    let pulls_ecr = any(given, |c| c.image.as_deref().is_some_and(is_ecr));
    let role = match network_mode(given) {
        "host" => "com.amazonaws.ecs.capability.task-iam-role-network-host",
        _ => "com.amazonaws.ecs.capability.task-iam-role",
    };
    let mut names = logging(given);
    names.extend(holding([
        (pulls_ecr, "com.amazonaws.ecs.capability.ecr-auth"),
        (
            any(given, |c| c.log_configuration.is_some()),
            "com.amazonaws.ecs.capability.docker-remote-api.1.19",
        ),
    ]));
    names.extend(secrets(given));
    names.extend(holding([
        (given.task_role_arn.is_some(), role),
        (pulls_ecr && has_role, "ecs.capability.execution-role-ecr-pull"),
        (true, "com.amazonaws.ecs.capability.docker-remote-api.1.18"),
        (network_mode(given) == "awsvpc", "ecs.capability.task-eni"),
    ]));
    names.extend(others(given));
    once(names).map(|name| Attribute { name, ..Attribute::default() }).collect()
}

fn logging(given: &RegisterTaskDefinitionRequest) -> Vec<String> {
    let logs = given.container_definitions.iter().filter_map(|c| c.log_configuration.as_ref());
    let names = logs.flat_map(|log| {
        let driver = &log.log_driver;
        let by_role = driver == "awslogs" && given.execution_role_arn.is_some();
        let name = format!("com.amazonaws.ecs.capability.logging-driver.{driver}");
        [name].into_iter().chain(holding([(by_role, "ecs.capability.execution-role-awslogs")]))
    });
    names.collect()
}

fn secrets(given: &RegisterTaskDefinitionRequest) -> Vec<String> {
    let name = |secret: &Secret, use_: &str| {
        let store = if secret.value_from.contains(":secretsmanager:") { "asm" } else { "ssm" };
        format!("ecs.capability.secrets.{store}.{use_}")
    };
    let names = given.container_definitions.iter().flat_map(|container| {
        let log = container.log_configuration.as_ref();
        let of_log = log.and_then(|log| log.secret_options.as_deref()).unwrap_or_default();
        let own = container.secrets.as_deref().unwrap_or_default();
        let variables = own.iter().map(|secret| name(secret, "environment-variables"));
        variables.chain(of_log.iter().map(|secret| name(secret, "bootstrap.log-driver")))
    });
    names.collect()
}

fn others(given: &RegisterTaskDefinitionRequest) -> Vec<String> {
    let orders = |c: &ContainerDefinition| {
        c.depends_on.is_some() || c.start_timeout.is_some() || c.stop_timeout.is_some()
    };
    let mut names: Vec<String> = holding([
        (any(given, orders), "ecs.capability.container-ordering"),
        (any(given, |c| c.health_check.is_some()), "ecs.capability.container-health-check"),
        (any(given, |c| c.restart_policy.is_some()), "ecs.capability.container-restart-policy"),
        (
            any(given, |c| c.repository_credentials.is_some()),
            "ecs.capability.private-registry-authentication.secretsmanager",
        ),
        (
            given.pid_mode.is_some() || given.ipc_mode.is_some(),
            "ecs.capability.pid-ipc-namespace-sharing",
        ),
        (given.proxy_configuration.is_some(), "ecs.capability.aws-appmesh"),
        (given.enable_fault_injection == Some(true), "ecs.capability.fault-injection"),
        (
            any(given, |c| c.privileged == Some(true)),
            "com.amazonaws.ecs.capability.privileged-container",
        ),
    ])
    .collect();
    let routers =
        given.container_definitions.iter().filter_map(|c| c.firelens_configuration.as_ref());
    names.extend(routers.map(|router| format!("ecs.capability.firelens.{}", router.r#type)));
    names
}

fn any(
    given: &RegisterTaskDefinitionRequest,
    holds: impl Fn(&ContainerDefinition) -> bool,
) -> bool {
    given.container_definitions.iter().any(holds)
}

/// The names whose conditions hold.
fn holding<const N: usize>(conditions: [(bool, &str); N]) -> impl Iterator<Item = String> {
    conditions.into_iter().filter(|(holds, _)| *holds).map(|(_, name)| name.to_owned())
}

/// Each name once, where it comes first.
fn once(names: Vec<String>) -> impl Iterator<Item = String> {
    let mut seen = std::collections::BTreeSet::new();
    names.into_iter().filter(move |name| seen.insert(name.clone()))
}
