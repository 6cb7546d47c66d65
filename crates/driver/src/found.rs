//! What a driver finds of a region's tasks, after a restart or at any time.

use crate::{Exit, TaskKey};
use model::ContainerName;
use std::net::Ipv4Addr;

/// A task of which something is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The task.
    pub task: TaskKey,
    /// The address of its network; absent when the network is gone.
    pub address: Option<Ipv4Addr>,
    /// The containers that were started, by name.
    pub containers: Vec<FoundContainer>,
}

/// A container that was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundContainer {
    /// Its name.
    pub name: ContainerName,
    /// Which of its runs this is.
    pub run: u32,
    /// Whether it still runs.
    pub state: State,
}

/// Whether a container still runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It runs.
    Running,
    /// It ended.
    Exited(Exit),
}
