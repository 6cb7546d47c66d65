//! What the region decides, in the terms of a driver.
//!
//! It adds what only this room knows: how a task reaches the region, its metadata and its
//! credentials.

use crate::config::Config;
use control::{Launch, Network, Probe};
use driver::{
    Capabilities, Container, ContainerKey, Mount, Port, ProbeCommand, Protocol, Reserved, Sandbox,
    Ulimit,
};
use model::{ContainerName, RegionName};
use std::collections::BTreeMap;
use world::PortBinding;
use world::definition::{HealthCommand, PortSpec};

/// How tasks reach the region.
#[derive(Debug, Clone)]
pub(crate) struct Reach {
    /// The region's endpoint, as a task sees it.
    pub(crate) endpoint: String,
    /// Where metadata and credentials are, as a task sees it: a URL without a path.
    pub(crate) metadata: String,
    /// Whether that is the address that SDKs know by heart, on its port.
    pub(crate) well_known: bool,
    /// The region's name.
    pub(crate) region: RegionName,
}

/// A task's key in the driver's terms.
pub(crate) fn task(key: &world::TaskKey) -> driver::TaskKey {
    driver::TaskKey { cluster: key.cluster.clone(), id: key.id.clone() }
}

/// A driver's task in the World's terms.
pub(crate) fn task_back(key: &driver::TaskKey) -> world::TaskKey {
    world::TaskKey { cluster: key.cluster.clone(), id: key.id.clone() }
}

/// A container's key in the driver's terms.
pub(crate) fn container(key: &world::TaskKey, name: &ContainerName) -> ContainerKey {
    ContainerKey { task: task(key), name: name.clone() }
}

/// A task's network in the driver's terms.
pub(crate) fn sandbox(network: &Network) -> Sandbox {
    Sandbox {
        task: task(&network.task),
        address: network.address,
        ports: network.ports.iter().map(port).collect(),
    }
}

/// A health check in the driver's terms.
pub(crate) fn probe(probe: &Probe) -> driver::Probe {
    driver::Probe {
        container: container(&probe.task, &probe.container),
        command: match &probe.command {
            HealthCommand::Exec(words) => ProbeCommand::Exec(words.clone()),
            HealthCommand::Shell(line) => ProbeCommand::Shell(line.clone()),
        },
        timeout: probe.timeout,
    }
}

/// Where ports can be reached, in the World's terms.
pub(crate) fn bindings(ports: &[driver::Binding]) -> Vec<PortBinding> {
    let binding = |held: &driver::Binding| PortBinding {
        container_port: held.port.number,
        host_port: held.host_port,
        protocol: word(held.port.protocol).to_owned(),
    };
    ports.iter().map(binding).collect()
}

/// A container in the driver's terms.
pub(crate) fn launch(launch: &Launch, reach: &Reach, credentials: Option<&str>) -> Container {
    let spec = &launch.spec;
    // What the task definition says wins over what the region adds, as it does on Fargate.
    let mut environment = surroundings(launch, reach, credentials);
    environment.extend(spec.environment.clone());
    Container {
        key: container(&launch.task, &spec.name),
        run: launch.attempt,
        image: launch.image.clone(),
        digest: launch.digest.clone(),
        entry_point: spec.entry_point.clone(),
        command: spec.command.clone(),
        working_directory: spec.working_directory.clone(),
        user: spec.user.clone(),
        environment,
        secrets: launch.secrets.clone(),
        ports: spec.ports.iter().map(port).collect(),
        reserved: Reserved {
            task_cpu: launch.task_cpu,
            task_memory: launch.task_memory,
            cpu: spec.cpu,
            memory: spec.memory,
            memory_reservation: spec.memory_reservation,
        },
        ulimits: spec.ulimits.iter().map(ulimit).collect(),
        read_only_root: spec.read_only_root,
        init: spec.init,
        capabilities: Capabilities {
            add: spec.capabilities.add.clone(),
            drop: spec.capabilities.drop.clone(),
        },
        system_controls: spec.system_controls.clone(),
        labels: spec.labels.clone(),
        mounts: spec.mounts.iter().map(mount).collect(),
        tty: spec.tty,
        stdin: spec.stdin,
    }
}

/// The variables that the ECS agent sets (reference §6.5), and the way to the local region, which
/// on AWS needs no variable.
fn surroundings(
    launch: &Launch,
    reach: &Reach,
    credentials: Option<&str>,
) -> BTreeMap<String, String> {
    let (base, id) = (&reach.metadata, &launch.runtime_id);
    let mut variables = BTreeMap::from([
        ("AWS_ENDPOINT_URL".to_owned(), reach.endpoint.clone()),
        ("AWS_EXECUTION_ENV".to_owned(), "AWS_ECS_FARGATE".to_owned()),
        ("AWS_REGION".to_owned(), reach.region.to_string()),
        ("AWS_DEFAULT_REGION".to_owned(), reach.region.to_string()),
        ("ECS_CONTAINER_METADATA_URI".to_owned(), format!("{base}/v3/{id}")),
        ("ECS_CONTAINER_METADATA_URI_V4".to_owned(), format!("{base}/v4/{id}")),
        ("ECS_AGENT_URI".to_owned(), format!("{base}/api/{id}")),
    ]);
    if let Some(credentials) = credentials {
        // SDKs put 169.254.170.2 and port 80 before a relative URI; elsewhere they need it whole.
        let (name, value) = if reach.well_known {
            ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", format!("/v2/credentials/{credentials}"))
        } else {
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("{base}/v2/credentials/{credentials}"))
        };
        variables.insert(name.to_owned(), value);
    }
    variables
}

fn port(spec: &PortSpec) -> Port {
    let protocol = if spec.protocol == "udp" { Protocol::Udp } else { Protocol::Tcp };
    Port { number: spec.container_port, protocol }
}

fn word(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
    }
}

fn ulimit(limit: &world::definition::Ulimit) -> Ulimit {
    Ulimit { name: limit.name.clone(), soft: limit.soft, hard: limit.hard }
}

fn mount(mount: &world::definition::Mount) -> Mount {
    Mount { volume: mount.volume.clone(), path: mount.path.clone(), read_only: mount.read_only }
}

/// Where a process finds the region: on loopback, as everyone else on this machine.
pub(crate) fn on_loopback(config: &Config, port: u16) -> Reach {
    let here = format!("http://127.0.0.1:{port}");
    Reach {
        endpoint: here.clone(),
        metadata: here,
        well_known: false,
        region: config.region.clone(),
    }
}
