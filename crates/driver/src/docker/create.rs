//! Containers in the engine's words. Pure.
//!
//! Choices that AWS's documentation leaves to its platform:
//!
//! * CPU. The engine knows no task, so each container may use as much as the whole task, and no
//!   more; several busy containers of one task can together use more than it. Under contention they
//!   weigh as much as the units that they name, or else as the task. A task may be larger than the
//!   machine; it then has the machine.
//! * Memory. A container without a limit of its own has the task's. There is no swap, as on Fargate.
//! * An image's own HEALTHCHECK is switched off: ECS ignores it (reference §1.6).
//! * The engine keeps 20 MB of a container's output. What is older than that before it is read, as
//!   it can be while the region is away, is lost.

use super::names::Names;
use crate::{Binding, Container, Mount, Protocol, Reserved, TaskKey, Ulimit};
use bollard::models::{
    ContainerCreateBody, EndpointIpamConfig, EndpointSettings, HealthConfig, HostConfig,
    HostConfigLogConfig, Mount as EngineMount, MountType, MountVolumeOptions, NetworkingConfig,
    PortBinding, PortMap, ResourcesUlimits,
};
use std::collections::HashMap;
use std::net::Ipv4Addr;

/// Fargate's limit of open files (reference §2.3), used where a container names none.
const OPEN_FILES: i64 = 65_535;

/// The least weight that an engine accepts.
const LEAST_SHARES: i64 = 2;

const MEBIBYTE: i64 = 1024 * 1024;

/// The container that holds a task's network.
pub(super) fn pause(
    names: &Names,
    task: &TaskKey,
    address: Ipv4Addr,
    published: &[crate::Port],
) -> ContainerCreateBody {
    let ipam = EndpointIpamConfig {
        ipv4_address: Some(address.to_string()),
        ..EndpointIpamConfig::default()
    };
    let endpoint = EndpointSettings { ipam_config: Some(ipam), ..EndpointSettings::default() };
    let endpoints = HashMap::from([(names.network(), endpoint)]);
    let host_config = HostConfig {
        network_mode: Some(names.network()),
        port_bindings: Some(published.iter().map(publish).collect()),
        // Engines in a virtual machine know this name by themselves, others do not.
        extra_hosts: Some(vec!["host.docker.internal:host-gateway".to_owned()]),
        log_config: Some(log_config()),
        ..HostConfig::default()
    };
    ContainerCreateBody {
        image: Some(super::pause::IMAGE.to_owned()),
        // As EC2 names a machine by its address.
        hostname: Some(format!("ip-{}", address.to_string().replace('.', "-"))),
        exposed_ports: Some(published.iter().map(ToString::to_string).collect()),
        labels: Some(names.of_task(task)),
        host_config: Some(host_config),
        networking_config: Some(NetworkingConfig { endpoints_config: Some(endpoints) }),
        ..ContainerCreateBody::default()
    }
}

/// What an engine can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Abilities {
    /// How many CPUs it has. It refuses containers that may use more.
    pub(super) cpus: u32,
    /// How many files containers may open.
    pub(super) open_files: OpenFiles,
}

/// How many files a container may open that names no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OpenFiles {
    /// As many as on Fargate.
    AsFargate,
    /// As many as the engine itself, for one that may not raise the limit.
    AsTheEngine,
}

/// A container of a task, from an image that the engine has.
pub(super) fn container(
    names: &Names,
    container: &Container,
    image: String,
    abilities: Abilities,
) -> ContainerCreateBody {
    let mut labels = container.labels.clone().into_iter().collect::<HashMap<_, _>>();
    labels.extend(names.of_container(&container.key, container.run));
    let words = |words: &Option<Vec<String>>| words.clone().filter(|words| !words.is_empty());
    let health = HealthConfig { test: Some(vec!["NONE".to_owned()]), ..HealthConfig::default() };
    ContainerCreateBody {
        image: Some(image),
        entrypoint: words(&container.entry_point),
        cmd: words(&container.command),
        working_dir: container.working_directory.clone(),
        user: container.user.clone(),
        env: Some(environment(container)),
        labels: Some(labels),
        tty: Some(container.tty),
        open_stdin: Some(container.stdin),
        healthcheck: Some(health),
        host_config: Some(host_config(names, container, abilities)),
        ..ContainerCreateBody::default()
    }
}

/// Where published ports can be reached, as the engine tells.
pub(super) fn bindings(ports: &PortMap) -> Vec<Binding> {
    let binding = |(name, bound): (&String, &Option<Vec<PortBinding>>)| {
        let (number, protocol) = name.split_once('/')?;
        let protocol = match protocol {
            "tcp" => Protocol::Tcp,
            "udp" => Protocol::Udp,
            _ => return None,
        };
        let host_port =
            bound.iter().flatten().find_map(|it| it.host_port.as_ref()?.parse().ok())?;
        Some(Binding { port: crate::Port { number: number.parse().ok()?, protocol }, host_port })
    };
    let mut bindings: Vec<Binding> = ports.iter().filter_map(binding).collect();
    bindings.sort();
    bindings
}

/// A port that leads there from any port of this machine alone.
pub(super) fn publish(port: &crate::Port) -> (String, Option<Vec<PortBinding>>) {
    let host_ip = Some(Ipv4Addr::LOCALHOST.to_string());
    (port.to_string(), Some(vec![PortBinding { host_ip, host_port: Some("0".to_owned()) }]))
}

fn host_config(names: &Names, container: &Container, abilities: Abilities) -> HostConfig {
    let task = &container.key.task;
    let reserved = container.reserved;
    let memory = memory(reserved);
    let sysctls = &container.system_controls;
    HostConfig {
        network_mode: Some(format!("container:{}", names.pause(task))),
        cpu_shares: Some(shares(reserved)),
        nano_cpus: nano_cpus(reserved, abilities.cpus),
        memory,
        memory_swap: memory,
        memory_reservation: reserved.memory_reservation.map(|mib| i64::from(mib) * MEBIBYTE),
        ulimits: Some(ulimits(&container.ulimits, abilities.open_files)),
        readonly_rootfs: Some(container.read_only_root),
        init: Some(container.init),
        cap_add: Some(container.capabilities.add.clone()),
        cap_drop: Some(container.capabilities.drop.clone()),
        sysctls: Some(sysctls.clone().into_iter().collect()),
        mounts: Some(container.mounts.iter().map(|mount| mounted(names, task, mount)).collect()),
        log_config: Some(log_config()),
        ..HostConfig::default()
    }
}

fn environment(container: &Container) -> Vec<String> {
    let plain =
        container.environment.iter().filter(|(name, _)| !container.secrets.contains_key(*name));
    let plain = plain.map(|(name, value)| format!("{name}={value}"));
    let secret = container.secrets.iter().map(|(name, value)| format!("{name}={}", value.reveal()));
    plain.chain(secret).collect()
}

/// In billionths of a CPU; absent when the task has no limit, or one above what there is.
fn nano_cpus(reserved: Reserved, cpus: u32) -> Option<i64> {
    let wanted = i64::from(reserved.task_cpu) * 1_000_000_000 / 1024;
    (wanted > 0 && wanted < i64::from(cpus) * 1_000_000_000).then_some(wanted)
}

fn shares(reserved: Reserved) -> i64 {
    let units = if reserved.cpu > 0 { reserved.cpu } else { reserved.task_cpu };
    i64::from(units).max(LEAST_SHARES)
}

/// In bytes; absent when neither container nor task has a limit.
fn memory(reserved: Reserved) -> Option<i64> {
    let mib = reserved.memory.or((reserved.task_memory > 0).then_some(reserved.task_memory))?;
    Some(i64::from(mib) * MEBIBYTE)
}

fn ulimits(named: &[Ulimit], files: OpenFiles) -> Vec<ResourcesUlimits> {
    let limit = |name: &str, soft, hard| ResourcesUlimits {
        name: Some(name.to_owned()),
        soft: Some(soft),
        hard: Some(hard),
    };
    let mut all: Vec<_> =
        named.iter().map(|named| limit(&named.name, named.soft, named.hard)).collect();
    let is_named = named.iter().any(|named| named.name == "nofile");
    if !is_named && files == OpenFiles::AsFargate {
        all.push(limit("nofile", OPEN_FILES, OPEN_FILES));
    }
    all
}

fn mounted(names: &Names, task: &TaskKey, mount: &Mount) -> EngineMount {
    let options =
        MountVolumeOptions { labels: Some(names.of_task(task)), ..MountVolumeOptions::default() };
    EngineMount {
        target: Some(mount.path.clone()),
        source: Some(names.volume(task, &mount.volume)),
        typ: Some(MountType::VOLUME),
        read_only: Some(mount.read_only),
        volume_options: Some(options),
        ..EngineMount::default()
    }
}

/// Output on disk, but not without end.
fn log_config() -> HostConfigLogConfig {
    let option = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let options = [("max-size", "10m"), ("max-file", "2")].map(option);
    HostConfigLogConfig { typ: Some("json-file".to_owned()), config: Some(options.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ContainerKey, Port};

    fn key() -> ContainerKey {
        ContainerKey {
            task: TaskKey { cluster: "default".into(), id: "0f".into() },
            name: "web".into(),
        }
    }

    const ABILITIES: Abilities = Abilities { cpus: 2, open_files: OpenFiles::AsFargate };

    fn host(reserved: Reserved) -> HostConfig {
        let spec = Container { key: key(), reserved, ..Container::default() };
        container(&Names::new("r".into()), &spec, "node".into(), ABILITIES).host_config.unwrap()
    }

    #[test]
    fn a_container_may_use_what_the_task_may() {
        let task = Reserved { task_cpu: 256, task_memory: 512, ..Reserved::default() };
        let all = host(task);
        assert_eq!(all.nano_cpus, Some(250_000_000));
        assert_eq!(all.cpu_shares, Some(256));
        assert_eq!((all.memory, all.memory_swap), (Some(512 << 20), Some(512 << 20)));
        let own =
            host(Reserved { cpu: 64, memory: Some(128), memory_reservation: Some(32), ..task });
        assert_eq!((own.cpu_shares, own.memory), (Some(64), Some(128 << 20)));
        assert_eq!(own.memory_reservation, Some(32 << 20));
        let none = host(Reserved::default());
        assert_eq!((none.nano_cpus, none.memory, none.cpu_shares), (None, None, Some(2)));
    }

    #[test]
    fn a_task_larger_than_the_machine_has_the_machine() {
        for (units, expected) in [(1024, Some(1_000_000_000)), (2048, None), (16_384, None)] {
            let reserved = Reserved { task_cpu: units, ..Reserved::default() };
            assert_eq!(host(reserved).nano_cpus, expected, "{units}");
        }
    }

    #[test]
    fn open_files_are_limited_as_on_fargate_unless_named() {
        let named = [Ulimit { name: "nofile".into(), soft: 1, hard: 2 }];
        for (given, expected) in [(&named[..], (1, 2)), (&[], (OPEN_FILES, OPEN_FILES))] {
            let [only] = &ulimits(given, OpenFiles::AsFargate)[..] else { panic!("one limit") };
            assert_eq!((only.soft.unwrap(), only.hard.unwrap()), expected);
        }
        assert_eq!(ulimits(&[], OpenFiles::AsTheEngine), []);
    }

    #[test]
    fn a_secret_takes_the_place_of_a_plain_variable() {
        let container = Container {
            environment: [("A".into(), "1".into()), ("B".into(), "2".into())].into(),
            secrets: [("A".into(), "hidden".into())].into(),
            ..Container::default()
        };
        assert_eq!(environment(&container), ["B=2", "A=hidden"]);
    }

    #[test]
    fn our_labels_win_over_the_containers() {
        let names = Names::new("r".into());
        let labels = [("neargate.task".into(), "forged".into()), ("own".into(), "1".into())].into();
        let spec = Container { key: key(), labels, ..Container::default() };
        let labels = container(&names, &spec, "node".into(), ABILITIES).labels.unwrap();
        assert_eq!((labels["neargate.task"].as_str(), labels["own"].as_str()), ("0f", "1"));
    }

    #[test]
    fn published_ports_are_read_back() {
        let bound = |port: &str| {
            Some(vec![PortBinding { host_ip: None, host_port: Some(port.to_owned()) }])
        };
        let ports = PortMap::from([
            ("80/tcp".to_owned(), bound("32768")),
            ("53/udp".to_owned(), bound("32769")),
            ("443/tcp".to_owned(), None),
            ("9/sctp".to_owned(), bound("1")),
        ]);
        let expected = [
            Binding { port: Port::udp(53), host_port: 32769 },
            Binding { port: Port::tcp(80), host_port: 32768 },
        ];
        assert_eq!(bindings(&ports), expected);
    }
}
