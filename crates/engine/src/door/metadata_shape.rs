//! What the metadata endpoint says, in the field names of the ECS agent (reference §6.5).
//!
//! Pure: from rows to JSON. Members that a row does not have are left out, as the agent does.

use driver::Stats;
use model::Timestamp;
use serde_json::{Map, Value, json};
use world::{Container, ContainerState, HealthStatus, Task, World};

/// A task.
pub(crate) fn task(world: &World, task: &Task) -> Value {
    let times = &task.times;
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            out.insert(name.to_owned(), value);
        }
    };
    put("Cluster", world.place.cluster_arn(&task.key.cluster).into());
    put("TaskARN", world.place.task_arn(&task.key.cluster, &task.key.id).into());
    put("Family", task.definition.family.as_str().into());
    put("Revision", task.definition.revision.to_string().into());
    put("ServiceName", task.service().map(|service| service.name.into_string()).into());
    put("DesiredStatus", task.desired_status().into());
    put("KnownStatus", task.phase.as_str().into());
    put("Limits", json!({ "CPU": f64::from(task.cpu) / 1024.0, "Memory": task.memory }));
    put("PullStartedAt", time(times.pull_started));
    put("PullStoppedAt", time(times.pull_stopped));
    put("ExecutionStoppedAt", time(times.execution_stopped));
    put("AvailabilityZone", task.eni.zone.as_str().into());
    put("LaunchType", "FARGATE".into());
    let containers = task.containers.iter();
    put("Containers", containers.map(|held| container(world, task, held)).collect());
    put("FaultInjectionEnabled", false.into());
    Value::Object(out)
}

/// A container.
pub(crate) fn container(world: &World, task: &Task, held: &Container) -> Value {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            out.insert(name.to_owned(), value);
        }
    };
    let definition = world.definitions.get(&task.definition);
    let spec = definition.and_then(|definition| definition.container(held.name.as_str()));
    let task_arn = world.place.task_arn(&task.key.cluster, &task.key.id);
    put("DockerId", held.runtime_id.clone().into());
    put("Name", held.name.as_str().into());
    put("DockerName", held.name.as_str().into());
    put("Image", spec.map(|spec| spec.image.clone()).into());
    put("ImageID", held.image_digest.clone().into());
    put("Ports", ports(held));
    put("Labels", labels(world, task, held, &task_arn));
    put("DesiredStatus", task.desired_status().into());
    put("KnownStatus", held.state.as_str().into());
    put("ExitCode", held.state.exit_code().into());
    put("Limits", limits(spec));
    put("CreatedAt", time(Some(task.times.created)));
    put("StartedAt", time(held.state.started()));
    if let ContainerState::Stopped { at, .. } = held.state {
        put("FinishedAt", time(Some(at)));
    }
    put("Type", "NORMAL".into());
    put("Health", health(held));
    put("LogDriver", spec.and_then(|spec| spec.log.as_ref()).map(|_| "awslogs").into());
    put("LogOptions", log_options(world, task, held));
    put("ContainerARN", container_arn(world, task, held).into());
    put("Networks", networks(world, task));
    put("RestartCount", (held.restarts > 0).then_some(held.restarts).into());
    Value::Object(out)
}

/// Docker's own form of statistics, as far as the driver can tell.
pub(crate) fn stats(stats: &Stats) -> Value {
    let networks = stats.traffic.map(
        |traffic| json!({ "eth0": { "rx_bytes": traffic.received, "tx_bytes": traffic.sent } }),
    );
    json!({
        "cpu_stats": { "cpu_usage": { "total_usage": stats.cpu_nanos } },
        "memory_stats": { "usage": stats.memory },
        "networks": networks,
    })
}

fn ports(held: &Container) -> Value {
    let ports = held.ports.iter();
    let ports: Vec<Value> = ports
        .map(|port| {
            json!({
                "ContainerPort": port.container_port,
                "Protocol": port.protocol,
                "HostPort": port.host_port,
            })
        })
        .collect();
    if ports.is_empty() { Value::Null } else { Value::Array(ports) }
}

fn labels(world: &World, task: &Task, held: &Container, task_arn: &str) -> Value {
    json!({
        "com.amazonaws.ecs.cluster": world.place.cluster_arn(&task.key.cluster),
        "com.amazonaws.ecs.container-name": held.name.as_str(),
        "com.amazonaws.ecs.task-arn": task_arn,
        "com.amazonaws.ecs.task-definition-family": task.definition.family.as_str(),
        "com.amazonaws.ecs.task-definition-version": task.definition.revision.to_string(),
    })
}

/// A container that reserves no CPU shows 2 shares, Docker's least (reference §6.5).
fn limits(spec: Option<&world::ContainerSpec>) -> Value {
    let Some(spec) = spec else { return Value::Null };
    let mut limits = Map::from_iter([("CPU".to_owned(), spec.cpu.max(2).into())]);
    if let Some(memory) = spec.memory {
        limits.insert("Memory".to_owned(), memory.into());
    }
    Value::Object(limits)
}

fn health(held: &Container) -> Value {
    if held.health.status == HealthStatus::Unknown && held.health.probed_at.is_none() {
        return Value::Null;
    }
    json!({
        "status": held.health.status.as_str(),
        "statusSince": time(held.health.since),
        "exitCode": held.health.exit_code,
        "output": held.health.output,
    })
}

fn log_options(world: &World, task: &Task, held: &Container) -> Value {
    match control::log_stream(world, task, &held.name) {
        Some(stream) => json!({
            "awslogs-group": stream.group.as_str(),
            "awslogs-region": world.place.region.as_str(),
            "awslogs-stream": stream.stream.as_str(),
        }),
        None => Value::Null,
    }
}

fn container_arn(world: &World, task: &Task, held: &Container) -> String {
    let resource = format!("container/{}/{}/{}", task.key.cluster, task.key.id, held.id);
    world.place.arn("ecs", &resource)
}

fn networks(world: &World, task: &Task) -> Value {
    let place = world.subnet_place(task.eni.subnet.as_str());
    json!([{
        "NetworkMode": "awsvpc",
        "IPv4Addresses": [task.eni.address.to_string()],
        "AttachmentIndex": 0,
        "MACAddress": task.eni.mac,
        "IPv4SubnetCIDRBlock": place.map(|place| world.vpc.subnet_cidr(place.ground)),
        "PrivateDNSName": task.eni.private_dns(&world.place.region),
    }])
}

/// RFC 3339, or nothing.
fn time(at: Option<Timestamp>) -> Value {
    at.map(|at| at.to_string()).into()
}
