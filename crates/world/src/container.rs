//! Containers of a task.

use crate::ContainerHealth;
use model::{ContainerName, Timestamp};
use serde::{Deserialize, Serialize};

/// A container of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    /// Its name in the task definition.
    pub name: ContainerName,
    /// The last part of its ARN, a UUID.
    pub id: String,
    /// Where it is on its way.
    pub state: ContainerState,
    /// What its health check says.
    pub health: ContainerHealth,
    /// The digest of the image it runs, once pulled.
    pub image_digest: Option<String>,
    /// `<task id>-<10 digits>` (reference §0.2), once its start was asked for.
    pub runtime_id: Option<String>,
    /// Its ports where they can be reached, once started.
    pub ports: Vec<PortBinding>,
    /// How often it was restarted in place.
    pub restarts: u32,
}

/// Where a container is on its way; each state owns its facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContainerState {
    /// Nothing was asked for yet.
    Pending,
    /// Its image was asked for.
    Pulling,
    /// Its image is here; it waits for its dependencies.
    Pulled,
    /// Its start was asked for.
    Starting {
        /// When.
        since: Timestamp,
    },
    /// It runs.
    Running {
        /// When it started.
        since: Timestamp,
    },
    /// It was asked to stop.
    Stopping {
        /// When it started.
        started: Timestamp,
        /// When the stop signal was asked for.
        since: Timestamp,
        /// Whether the kill was asked for too.
        killed: bool,
    },
    /// It has ended, or never began.
    Stopped {
        /// When it had started; absent when it never ran.
        started: Option<Timestamp>,
        /// When it ended.
        at: Timestamp,
        /// Absent when it never ran.
        exit_code: Option<i32>,
        /// Why, in AWS's words; absent for a plain exit.
        reason: Option<String>,
    },
}

/// A container's port and where it can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortBinding {
    /// The port that the task definition names.
    pub container_port: u16,
    /// The port on the task's address. Equal under awsvpc; the process driver gives each task its own.
    pub host_port: u16,
    /// `tcp` or `udp`.
    pub protocol: String,
}

impl Container {
    /// The port of its task's address at which one of its ports is reached: known once it has
    /// started, because a driver may give each task a port of its own.
    #[must_use]
    pub fn host_port(&self, container_port: u16) -> Option<u16> {
        let binding = self.ports.iter().find(|binding| binding.container_port == container_port);
        binding.map(|binding| binding.host_port)
    }
}

impl ContainerState {
    /// Whether a process may exist for it.
    #[must_use]
    pub fn may_run(&self) -> bool {
        matches!(self, Self::Starting { .. } | Self::Running { .. } | Self::Stopping { .. })
    }

    /// Whether it runs and was not asked to stop.
    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Running { .. })
    }

    /// Whether it has ended.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        matches!(self, Self::Stopped { .. })
    }

    /// When it started, if it has run; a container whose start was asked for has not.
    #[must_use]
    pub fn started(&self) -> Option<Timestamp> {
        match self {
            Self::Pending | Self::Pulling | Self::Pulled | Self::Starting { .. } => None,
            Self::Running { since } => Some(*since),
            Self::Stopping { started, .. } => Some(*started),
            Self::Stopped { started, .. } => *started,
        }
    }

    /// When it ended.
    #[must_use]
    pub fn stopped_at(&self) -> Option<Timestamp> {
        match self {
            Self::Stopped { at, .. } => Some(*at),
            _ => None,
        }
    }

    /// Its exit code, when it ran and ended.
    #[must_use]
    pub fn exit_code(&self) -> Option<i32> {
        match self {
            Self::Stopped { exit_code, .. } => *exit_code,
            _ => None,
        }
    }

    /// AWS's word for it: containers have the words of tasks (reference §1.4).
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Pending | Self::Pulling | Self::Pulled | Self::Starting { .. } => "PENDING",
            Self::Running { .. } | Self::Stopping { .. } => "RUNNING",
            Self::Stopped { .. } => "STOPPED",
        }
    }
}
