//! A task as AWS shows it (reference §1.2 to §1.4).

use super::agent;
use crate::Cx;
use crate::ecs::{launch, tags};
use api::ecs::{
    self, Attribute, EphemeralStorage, KeyValuePair, NetworkBinding, NetworkInterface,
    TaskEphemeralStorage,
};
use model::Place;
use world::task::{Attachment, Launch};
use world::{
    Container, ContainerSpec, ContainerState, HealthStatus, PortBinding, Task, TaskDefinition,
    TaskKey, World,
};

/// The ephemeral storage of tasks that ask for none, in GiB (reference §2.3).
const STORAGE: i32 = 20;

/// The task with its tags.
pub(super) fn show_tagged(world: &World, cx: &Cx<'_>, task: &Task) -> ecs::Task {
    ecs::Task { tags: Some(tags::show(&task.tags)), ..show(world, cx, task) }
}

/// The task without its tags, which AWS shows as none.
pub(super) fn show(world: &World, cx: &Cx<'_>, task: &Task) -> ecs::Task {
    let place = &world.place;
    // A stopped task may outlive its revision, which has then been deleted.
    let definition = world.definitions.get(&task.definition);
    let (launch_type, capacity_provider_name) = show_launch(&task.launch);
    let architecture = definition.map_or("X86_64", |definition| &definition.architecture);
    let storage = storage(task, definition);
    let connected = task.times.connected;
    ecs::Task {
        attachments: Some(vec![attachment(world, task)]),
        attributes: Some(vec![Attribute {
            name: "ecs.cpu-architecture".to_owned(),
            value: Some(architecture.to_ascii_lowercase()),
            ..Attribute::default()
        }]),
        availability_zone: Some(task.eni.zone.to_string()),
        capacity_provider_name,
        cluster_arn: Some(place.cluster_arn(&task.key.cluster)),
        connectivity: connected.map(|_| "CONNECTED".to_owned()),
        connectivity_at: connected,
        containers: Some(containers(world, cx, task)),
        cpu: Some(task.cpu.to_string()),
        created_at: Some(task.times.created),
        desired_status: Some(task.desired_status().to_owned()),
        enable_execute_command: Some(task.exec),
        execution_stopped_at: task.times.execution_stopped,
        group: Some(task.group.clone()),
        health_status: Some(health(task, definition).as_str().to_owned()),
        inference_accelerators: Some(Vec::new()),
        last_status: Some(task.phase.as_str().to_owned()),
        launch_type,
        memory: Some(task.memory.to_string()),
        overrides: Some(task.overrides.0.clone()),
        platform_version: Some(launch::resolved_platform("LATEST").to_owned()),
        platform_family: Some("Linux".to_owned()),
        pull_started_at: task.times.pull_started,
        pull_stopped_at: task.times.pull_stopped,
        started_at: task.times.started,
        started_by: task.started_by.clone(),
        stop_code: task.stop.as_ref().map(|stop| stop.code.as_str().to_owned()),
        stopped_at: task.times.stopped,
        stopped_reason: task.stop.as_ref().map(|stop| stop.reason.clone()),
        stopping_at: task.stop.as_ref().map(|stop| stop.at),
        tags: Some(Vec::new()),
        task_arn: Some(place.task_arn(&task.key.cluster, &task.key.id)),
        task_definition_arn: Some(
            place.task_definition_arn(&task.definition.family, task.definition.revision),
        ),
        version: Some(task.version),
        ephemeral_storage: Some(EphemeralStorage { size_in_gi_b: storage }),
        fargate_ephemeral_storage: Some(TaskEphemeralStorage {
            size_in_gi_b: Some(storage),
            kms_key_id: None,
        }),
        ..ecs::Task::default()
    }
}

/// A launch type or a capacity provider, never both.
fn show_launch(launch: &Launch) -> (Option<String>, Option<String>) {
    match launch {
        Launch::Fargate => (Some("FARGATE".to_owned()), None),
        Launch::Provider(name) => (None, Some(name.clone())),
    }
}

fn health(task: &Task, definition: Option<&TaskDefinition>) -> HealthStatus {
    definition.map(|definition| task.health(definition)).unwrap_or_default()
}

fn storage(task: &Task, definition: Option<&TaskDefinition>) -> i32 {
    let defined = definition.and_then(|definition| definition.record.ephemeral_storage.as_ref());
    let asked = task.overrides.ephemeral_storage.as_ref().or(defined);
    asked.map_or(STORAGE, |storage| storage.size_in_gi_b)
}

/// The network interface; only its subnet is known before it is there.
fn attachment(world: &World, task: &Task) -> ecs::Attachment {
    let eni = &task.eni;
    let address = eni.address.to_string();
    let dns = format!("{}.{}", address.replace('.', "-"), zone_domain(world));
    let known = [
        ("subnetId", eni.subnet.to_string()),
        ("networkInterfaceId", eni.id.clone()),
        ("macAddress", eni.mac.clone()),
        ("privateDnsName", format!("ip-{dns}")),
        ("privateIPv4Address", address),
    ];
    let shown = if is_attached(task) { known.len() } else { 1 };
    let detail = |(name, value): (&str, String)| KeyValuePair {
        name: Some(name.to_owned()),
        value: Some(value),
    };
    ecs::Attachment {
        id: Some(eni.attachment.clone()),
        r#type: Some("ElasticNetworkInterface".to_owned()),
        status: Some(task.attachment.as_str().to_owned()),
        details: Some(known.into_iter().take(shown).map(detail).collect()),
    }
}

/// The domain of private names, which in the oldest region has no region in it.
fn zone_domain(world: &World) -> String {
    match world.place.region.as_str() {
        "us-east-1" => "ec2.internal".to_owned(),
        region => format!("{region}.compute.internal"),
    }
}

fn is_attached(task: &Task) -> bool {
    !matches!(task.attachment, Attachment::Precreated | Attachment::Attaching)
}

fn containers(world: &World, cx: &Cx<'_>, task: &Task) -> Vec<ecs::Container> {
    let definition = world.definitions.get(&task.definition);
    let show = |row: &Container| {
        let spec = definition.and_then(|definition| definition.container(row.name.as_str()));
        let agent = agent::of(task, row, spec, cx).map(agent::Agent::show);
        let managed_agents = agent.map(|agent| vec![agent]);
        ecs::Container { managed_agents, ..container(world, task, row, spec) }
    };
    task.containers.iter().map(show).collect()
}

/// A container's ARN.
pub(super) fn container_arn(place: &Place, task: &TaskKey, row: &Container) -> String {
    place.arn("ecs", &format!("container/{}/{}/{}", task.cluster, task.id, row.id))
}

fn container(
    world: &World,
    task: &Task,
    row: &Container,
    spec: Option<&ContainerSpec>,
) -> ecs::Container {
    let (cluster, id) = (&task.key.cluster, &task.key.id);
    let reason = match &row.state {
        ContainerState::Stopped { reason, .. } => reason.clone(),
        _ => None,
    };
    let interface = NetworkInterface {
        attachment_id: Some(task.eni.attachment.clone()),
        private_ipv4_address: Some(task.eni.address.to_string()),
        ipv6_address: None,
    };
    ecs::Container {
        container_arn: Some(container_arn(&world.place, &task.key, row)),
        task_arn: Some(world.place.task_arn(cluster, id)),
        name: Some(row.name.to_string()),
        image: spec.map(|spec| spec.image.clone()),
        image_digest: row.image_digest.clone(),
        runtime_id: row.runtime_id.clone(),
        last_status: Some(row.state.as_str().to_owned()),
        exit_code: row.state.exit_code(),
        reason,
        network_bindings: Some(row.ports.iter().filter_map(moved).collect()),
        network_interfaces: Some(is_attached(task).then_some(interface).into_iter().collect()),
        health_status: Some(row.health.status.as_str().to_owned()),
        cpu: Some(spec.map_or(0, |spec| spec.cpu).to_string()),
        memory: spec.and_then(|spec| spec.memory).map(|mib| mib.to_string()),
        memory_reservation: spec
            .and_then(|spec| spec.memory_reservation)
            .map(|mib| mib.to_string()),
        ..ecs::Container::default()
    }
}

/// A port that is reached at another one. On Fargate there is none, and the list is empty; a task that
/// is a process has a port of its own, which whoever wants to reach it has to know.
fn moved(port: &PortBinding) -> Option<NetworkBinding> {
    (port.host_port != port.container_port).then(|| NetworkBinding {
        container_port: Some(i32::from(port.container_port)),
        host_port: Some(i32::from(port.host_port)),
        protocol: Some(port.protocol.clone()),
        ..NetworkBinding::default()
    })
}
