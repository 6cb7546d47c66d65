//! What a live task definition says and a manifest has no word for: it stays.
//!
//! Somebody put a volume there, or a Linux capability, and the next deployment must not take it away.
//! What a manifest has a word for is the manifest's, also where it is silent: a command that was taken
//! out of it goes.

use api::ecs::{ContainerDefinition, PortMapping, RegisterTaskDefinitionRequest, TaskDefinition};
use api::{Record, Value};

/// The members of a task that a manifest decides.
const TASK: [&str; 10] = [
    "family",
    "taskRoleArn",
    "executionRoleArn",
    "networkMode",
    "containerDefinitions",
    "requiresCompatibilities",
    "cpu",
    "memory",
    "tags",
    "runtimePlatform",
];

/// The members of a container that a manifest decides.
const CONTAINER: [&str; 16] = [
    "name",
    "image",
    "essential",
    "portMappings",
    "environment",
    "secrets",
    "healthCheck",
    "dependsOn",
    "stopTimeout",
    "ulimits",
    "logConfiguration",
    "command",
    "entryPoint",
    "workingDirectory",
    "user",
    "readonlyRootFilesystem",
];

/// The members of a sidecar that it decides besides. A service's own container has none of its own:
/// it has what the task has.
const SIDECAR: [&str; 2] = ["cpu", "memory"];

/// The members of a port that it decides. AWS adds the host's port to what it echoes.
const PORT: [&str; 3] = ["containerPort", "hostPort", "protocol"];

/// The request, with what the live definition has beyond a manifest's words. `own` is the service's
/// own container.
pub(crate) fn keep(
    held: &TaskDefinition,
    mut request: RegisterTaskDefinitionRequest,
    own: &str,
) -> RegisterTaskDefinitionRequest {
    for container in &mut request.container_definitions {
        let mut there = held.container_definitions.iter().flatten();
        let Some(there) = there.find(|there| there.name == container.name) else { continue };
        let sidecar = container.name.as_deref() != Some(own);
        let more: &[&str] = if sidecar { &SIDECAR } else { &[] };
        *container = over(there, container.clone(), &[&CONTAINER, more].concat());
        container.port_mappings = container.port_mappings.take().map(|ports| kept(ports, there));
    }
    over(held, request, &TASK)
}

/// Ports with the names that Service Connect knows them by.
fn kept(ports: Vec<PortMapping>, there: &ContainerDefinition) -> Vec<PortMapping> {
    let keep = |port: PortMapping| {
        let mut held = there.port_mappings.iter().flatten();
        match held.find(|held| held.container_port == port.container_port) {
            Some(held) => over(held, port, &PORT),
            None => port,
        }
    };
    ports.into_iter().map(keep).collect()
}

/// `above`, with what it does not say taken from `below`, except for the members that are decided.
fn over<A: Record + Clone, B: Record + Clone>(below: &B, above: A, decided: &[&str]) -> A {
    let Value::Structure(held) = below.clone().into_value() else { return above };
    let Value::Structure(mut fields) = above.clone().into_value() else { return above };
    for (member, field) in A::SHAPE.members.iter().zip(&mut fields) {
        if *field != Value::Absent || decided.contains(&member.name) {
            continue;
        }
        let there = B::SHAPE.member(member.name).and_then(|(at, _)| held.get(at));
        if let Some(there) = there.filter(|there| !is_nothing(there)) {
            *field = there.clone();
        }
    }
    // Members of the same name have the same shape, or the live one is left.
    A::from_value(Value::Structure(fields)).unwrap_or(above)
}

/// Whether a value says nothing: AWS echoes empty lists, zeros and `false` where nothing was said.
pub(crate) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Absent | Value::Boolean(false) | Value::Integer(0) => true,
        Value::String(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Structure(fields) => fields.iter().all(is_nothing),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::ecs::{EphemeralStorage, LinuxParameters, MountPoint, Volume};

    fn container(name: &str) -> ContainerDefinition {
        ContainerDefinition { name: Some(name.to_owned()), ..Default::default() }
    }

    fn request(containers: Vec<ContainerDefinition>) -> RegisterTaskDefinitionRequest {
        let (family, container_definitions) = ("shop-prod-api".to_owned(), containers);
        RegisterTaskDefinitionRequest { family, container_definitions, ..Default::default() }
    }

    #[test]
    fn what_a_manifest_has_no_word_for_stays() {
        let mount = MountPoint { container_path: Some("/data".to_owned()), ..Default::default() };
        let linux = LinuxParameters { init_process_enabled: Some(true), ..Default::default() };
        let api = ContainerDefinition {
            mount_points: Some(vec![mount]),
            linux_parameters: Some(linux),
            cpu: Some(128),
            ..container("api")
        };
        let held = TaskDefinition {
            container_definitions: Some(vec![api.clone()]),
            volumes: Some(vec![Volume { name: Some("data".to_owned()), ..Default::default() }]),
            ephemeral_storage: Some(EphemeralStorage { size_in_gi_b: 50 }),
            ..Default::default()
        };
        let kept = keep(&held, request(vec![container("api"), container("proxy")]), "api");
        assert_eq!(kept.container_definitions, [api, container("proxy")]);
        assert_eq!((kept.volumes, kept.ephemeral_storage), (held.volumes, held.ephemeral_storage));
    }

    #[test]
    fn what_it_has_a_word_for_goes_when_it_is_silent() {
        let words = || Some(vec!["node".to_owned()]);
        let api = ContainerDefinition {
            command: words(),
            user: words().map(|it| it.concat()),
            ..container("api")
        };
        let proxy = ContainerDefinition { cpu: Some(64), ..container("proxy") };
        let held = TaskDefinition {
            container_definitions: Some(vec![api, proxy]),
            task_role_arn: Some("arn".to_owned()),
            ..Default::default()
        };
        let silent = request(vec![container("api"), container("proxy")]);
        assert_eq!(keep(&held, silent.clone(), "api"), silent);
    }

    #[test]
    fn what_aws_echoes_unasked_is_not_kept() {
        let api = ContainerDefinition {
            cpu: Some(0),
            mount_points: Some(Vec::new()),
            volumes_from: Some(Vec::new()),
            ..container("api")
        };
        let volumes = Some(Vec::new());
        let held = TaskDefinition {
            container_definitions: Some(vec![api]),
            volumes,
            ..Default::default()
        };
        let silent = request(vec![container("api")]);
        assert_eq!(keep(&held, silent.clone(), "api"), silent);
    }

    #[test]
    fn a_port_keeps_its_name() {
        let port = |name: Option<&str>, host| PortMapping {
            name: name.map(str::to_owned),
            container_port: Some(3000),
            host_port: host,
            ..Default::default()
        };
        let with =
            |port| ContainerDefinition { port_mappings: Some(vec![port]), ..container("api") };
        let held = with(port(Some("http"), Some(3000)));
        let held = TaskDefinition { container_definitions: Some(vec![held]), ..Default::default() };
        let kept = keep(&held, request(vec![with(port(None, None))]), "api");
        assert_eq!(kept.container_definitions, [with(port(Some("http"), None))]);
    }
}
