//! Work for the hands.

use model::{ContainerName, Secret, Span};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use world::definition::HealthCommand;
use world::{ContainerSpec, LogStreamKey, TaskKey};

/// One thing to do outside the World. What it came to returns as a `world::task::TaskReport`.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Make a task's network.
    OpenNetwork(Network),
    /// Get a container's image.
    Pull {
        /// The task.
        task: TaskKey,
        /// The container.
        container: ContainerName,
        /// The image, pinned to a digest when the deployment has one.
        image: String,
    },
    /// Start a container.
    Start(Box<Launch>),
    /// Send a container the stop signal that its image names.
    Signal {
        /// The task.
        task: TaskKey,
        /// The container.
        container: ContainerName,
    },
    /// Kill a container.
    Kill {
        /// The task.
        task: TaskKey,
        /// The container.
        container: ContainerName,
    },
    /// Run a container's health check once.
    Probe(Probe),
    /// Remove a task's containers and its network.
    Close {
        /// The task.
        task: TaskKey,
    },
}

/// A task's network, to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// The task.
    pub task: TaskKey,
    /// The address it should have; a driver that can't give it reports the one it gave.
    pub address: Ipv4Addr,
    /// The ports that its containers name, to be reachable on that address.
    pub ports: Vec<u16>,
}

/// A container, to be started.
#[derive(Debug, Clone, PartialEq)]
pub struct Launch {
    /// The task.
    pub task: TaskKey,
    /// The task's full ARN.
    pub task_arn: String,
    /// The container, overrides applied.
    pub spec: ContainerSpec,
    /// The image to run: the digest that was pulled.
    pub image: String,
    /// The values of the container's secrets by variable, already read.
    pub secrets: BTreeMap<String, Secret>,
    /// `<task id>-<10 digits>`; metadata is asked for under it.
    pub runtime_id: String,
    /// Where its output goes.
    pub log: Option<LogStreamKey>,
    /// The task's CPU units, shared by its containers.
    pub task_cpu: u32,
    /// The task's memory in MiB, shared by its containers.
    pub task_memory: u32,
    /// The role that it gets credentials for.
    pub task_role: Option<String>,
}

/// A health check, to be run once.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// The task.
    pub task: TaskKey,
    /// The container.
    pub container: ContainerName,
    /// What to run.
    pub command: HealthCommand,
    /// How long it may take: the container's own time.
    pub timeout: Span,
}
