//! Work for the hands.

use model::{ContainerName, Secret, Span};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use world::definition::{HealthCommand, PortSpec};
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
        /// The image, as written.
        image: String,
        /// The digest that its deployment settled on: the image to be had, wherever its tag points.
        digest: Option<String>,
        /// What the container is to run, entry point and command, overrides applied; empty when
        /// the image says. A driver without images may run it as it is.
        words: Vec<String>,
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
    pub ports: Vec<PortSpec>,
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
    /// The image, as written.
    pub image: String,
    /// The digest that was pulled: the image to run. Absent when the driver needs none.
    pub digest: Option<String>,
    /// The values of the container's secrets by variable, already read.
    pub secrets: BTreeMap<String, Secret>,
    /// `<task id>-<10 digits>`; metadata is asked for under it.
    pub runtime_id: String,
    /// How often it was restarted in place. A start is carried out once for each number: one that
    /// is asked for again after a crash has the number it had.
    pub attempt: u32,
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
