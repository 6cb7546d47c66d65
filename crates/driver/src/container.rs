//! What a driver is told: tasks' networks and containers.
//!
//! Plain values, in AWS's words where AWS has one. They must not know how either driver does it.

use model::{ClusterName, ContainerName, Secret, TaskId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::net::Ipv4Addr;

/// A cluster and the id of one of its tasks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct TaskKey {
    /// The cluster.
    pub cluster: ClusterName,
    /// The task; unique in the region, so drivers name things by it.
    pub id: TaskId,
}

/// A task and the name of one of its containers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct ContainerKey {
    /// The task.
    pub task: TaskKey,
    /// The container.
    pub name: ContainerName,
}

/// A task's network, to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sandbox {
    /// The task.
    pub task: TaskKey,
    /// The address that it should have.
    pub address: Ipv4Addr,
    /// The ports that its containers name.
    pub ports: Vec<Port>,
}

/// A port that a container listens on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Port {
    /// The port inside the task.
    pub number: u16,
    /// TCP or UDP.
    pub protocol: Protocol,
}

/// A transport protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// TCP, AWS's default.
    #[default]
    Tcp,
    /// UDP.
    Udp,
}

/// A port and where it can be reached on the task's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Binding {
    /// The port that the task definition names.
    pub port: Port,
    /// The port on the task's address: the same one, unless the driver has to give another.
    pub host_port: u16,
}

/// A container, to be started.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Container {
    /// Which container.
    pub key: ContainerKey,
    /// Counts its restarts in place. A start that is repeated with the same number starts nothing
    /// again, even when the container has ended meanwhile.
    pub run: u32,
    /// The image, as written.
    pub image: String,
    /// The digest that pulling it answered, when there was one.
    pub digest: Option<String>,
    /// Replaces the image's entry point and, as Docker has it, the image's command too.
    pub entry_point: Option<Vec<String>>,
    /// Replaces the image's command.
    pub command: Option<Vec<String>>,
    /// Replaces the image's working directory.
    pub working_directory: Option<String>,
    /// Replaces the image's user.
    pub user: Option<String>,
    /// Plain variables, those of the region's metadata service included.
    pub environment: BTreeMap<String, String>,
    /// Variables whose values must not be seen; they win over plain ones.
    pub secrets: BTreeMap<String, Secret>,
    /// Ports that it listens on.
    pub ports: Vec<Port>,
    /// CPU and memory.
    pub reserved: Reserved,
    /// Resource limits of its processes.
    pub ulimits: Vec<Ulimit>,
    /// Whether its root file system is read-only.
    pub read_only_root: bool,
    /// Whether a small init runs as its first process.
    pub init: bool,
    /// Linux capabilities added and dropped.
    pub capabilities: Capabilities,
    /// Kernel parameters of its namespaces.
    pub system_controls: BTreeMap<String, String>,
    /// Labels for the container.
    pub labels: BTreeMap<String, String>,
    /// Volumes of the task that it sees.
    pub mounts: Vec<Mount>,
    /// Whether a terminal is attached.
    pub tty: bool,
    /// Whether its standard input stays open; nothing is ever written to it.
    pub stdin: bool,
}

/// What a container may use; 1024 CPU units are one vCPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reserved {
    /// The whole task's CPU units; 0 when the task has no limit.
    pub task_cpu: u32,
    /// The whole task's memory in MiB; 0 when the task has no limit.
    pub task_memory: u32,
    /// The container's own CPU units; 0 when it names none.
    pub cpu: u32,
    /// The memory in MiB above which it is killed.
    pub memory: Option<u32>,
    /// The memory in MiB kept for it.
    pub memory_reservation: Option<u32>,
}

/// A resource limit, under AWS's name for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ulimit {
    /// `nofile` and the like.
    pub name: String,
    /// What processes start with; -1 is no limit.
    pub soft: i64,
    /// What they may raise it to; -1 is no limit.
    pub hard: i64,
}

/// Linux capabilities.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Capabilities {
    /// Added to the default set.
    pub add: Vec<String>,
    /// Taken from the default set.
    pub drop: Vec<String>,
}

/// A volume of the task, where a container sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// The volume's name.
    pub volume: String,
    /// Where the container sees it.
    pub path: String,
    /// Whether the container can't write to it.
    pub read_only: bool,
}

// === impl ContainerKey ===

/// `cluster/task/container`, for messages.
impl fmt::Display for ContainerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.task, self.name)
    }
}

/// `cluster/task`, for messages.
impl fmt::Display for TaskKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.cluster, self.id)
    }
}

// === impl Port ===

impl Port {
    /// A TCP port.
    #[must_use]
    pub const fn tcp(number: u16) -> Self {
        Self { number, protocol: Protocol::Tcp }
    }

    /// A UDP port.
    #[must_use]
    pub const fn udp(number: u16) -> Self {
        Self { number, protocol: Protocol::Udp }
    }
}

/// `3000/tcp`, as Docker writes it.
impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.protocol.as_str())
    }
}

// === impl Protocol ===

impl Protocol {
    /// AWS's and Docker's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

// === impl Container ===

impl Container {
    /// The words to run: entry point, then command, each the container's own or else the image's.
    /// An entry point of its own takes the image's command away, as in Docker.
    #[must_use]
    pub fn words(&self, image_entry_point: &[String], image_command: &[String]) -> Vec<String> {
        let own = |words: &Option<Vec<String>>| words.clone().filter(|words| !words.is_empty());
        match (own(&self.entry_point), own(&self.command)) {
            (Some(entry_point), command) => [entry_point, command.unwrap_or_default()].concat(),
            (None, Some(command)) => [image_entry_point, &command].concat(),
            (None, None) => [image_entry_point, image_command].concat(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|&word| word.to_owned()).collect()
    }

    fn check(entry_point: Option<&[&str]>, command: Option<&[&str]>, expected: &[&str]) {
        let container = Container {
            entry_point: entry_point.map(words),
            command: command.map(words),
            ..Container::default()
        };
        assert_eq!(container.words(&words(&["image-entry"]), &words(&["image-cmd"])), expected);
    }

    #[test]
    fn an_entry_point_takes_the_images_command_away() {
        check(None, None, &["image-entry", "image-cmd"]);
        check(None, Some(&["mine"]), &["image-entry", "mine"]);
        check(Some(&["own"]), None, &["own"]);
        check(Some(&["own"]), Some(&["mine"]), &["own", "mine"]);
        check(Some(&[]), Some(&[]), &["image-entry", "image-cmd"]);
    }
}
