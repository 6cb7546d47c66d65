//! Tasks and their lifecycle.
//!
//! A task only moves forward. Where it moves is decided in `control::task`; here is what a task is,
//! and what a report from the driver changes in it ([`Task::observe`]).

use crate::{
    Container, ContainerState, DefinitionKey, Eni, Held, PortBinding, ServiceKey, Stored, Tags,
};
use model::{ClusterName, ContainerName, DeploymentId, ServiceName, TaskId, Timestamp};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// A task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Cluster and id.
    pub key: TaskKey,
    /// The revision it runs.
    pub definition: DefinitionKey,
    /// Who asked for it.
    pub origin: Origin,
    /// `service:<name>`, `family:<family>` or what `RunTask` gave.
    pub group: String,
    /// The deployment's id, or what `RunTask` gave.
    pub started_by: Option<String>,
    /// Where it runs.
    pub launch: Launch,
    /// Where it is on its way.
    pub phase: Phase,
    /// Since when it is there.
    pub phase_since: Timestamp,
    /// Why it stops or stopped; its presence is `desiredStatus` STOPPED.
    pub stop: Option<Stop>,
    /// The points of its life that AWS shows.
    pub times: Times,
    /// Its network interface.
    pub eni: Eni,
    /// Its containers, in the order of the task definition.
    pub containers: Vec<Container>,
    /// What `RunTask` overrides, echoed.
    pub overrides: Stored<api::ecs::TaskOverride>,
    /// CPU units, overrides included.
    pub cpu: u32,
    /// Memory in MiB, overrides included.
    pub memory: u32,
    /// Whether `ExecuteCommand` was asked for.
    pub exec: bool,
    /// Grows with each change that AWS would send an event for.
    pub version: i64,
    /// Tags.
    pub tags: Tags,
}

/// A cluster and the id of one of its tasks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TaskKey {
    /// The cluster.
    pub cluster: ClusterName,
    /// The task.
    pub id: TaskId,
}

/// Who asked for a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// A service's scheduler.
    Service {
        /// The service, in the task's cluster.
        service: ServiceName,
        /// The deployment whose revision it runs.
        deployment: DeploymentId,
    },
    /// `RunTask`.
    Run,
}

/// Where a task runs: AWS shows a launch type or a capacity provider, never both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Launch {
    /// Launch type `FARGATE`.
    Fargate,
    /// A capacity provider: `FARGATE` or `FARGATE_SPOT`.
    Provider(String),
}

/// A task's `lastStatus` (reference §1.1), in the order of its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Phase {
    /// Its network interface is being made.
    Provisioning,
    /// It waits for the agent.
    Pending,
    /// Images are pulled, containers made, targets registered.
    Activating,
    /// Its containers run.
    Running,
    /// Its targets are drained before its containers stop.
    Deactivating,
    /// Its containers stop.
    Stopping,
    /// Its network interface is being removed.
    Deprovisioning,
    /// It is over; it stays visible for an hour.
    Stopped,
}

/// That a task was told to stop, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// AWS's class of the reason.
    pub code: StopCode,
    /// The reason in AWS's words (reference §1.5).
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// `stopCode` (reference §1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "AWS's words, explained in the reference")]
pub enum StopCode {
    TaskFailedToStart,
    EssentialContainerExited,
    UserInitiated,
    ServiceSchedulerInitiated,
    SpotInterruption,
}

/// The points of a task's life that AWS shows (reference §1.2).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Times {
    /// When it was made.
    pub created: Timestamp,
    /// When the agent knew of it.
    pub connected: Option<Timestamp>,
    /// When its first image pull began.
    pub pull_started: Option<Timestamp>,
    /// When its last image pull ended.
    pub pull_stopped: Option<Timestamp>,
    /// When it became RUNNING.
    pub started: Option<Timestamp>,
    /// When its last container stopped.
    pub execution_stopped: Option<Timestamp>,
    /// When it became STOPPED.
    pub stopped: Option<Timestamp>,
}

/// What a driver tells of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskReport {
    /// Its network is there, at this address.
    NetworkReady(Ipv4Addr),
    /// Its network can't be made: why.
    NetworkFailed(String),
    /// Its network and everything in it is gone.
    NetworkGone,
    /// A container.
    Container(ContainerName, ContainerReport),
}

/// What a driver tells of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContainerReport {
    /// Its image is here, with this digest.
    Pulled(String),
    /// Its image can't be had: why, in AWS's words.
    PullFailed(String),
    /// It runs, and its ports can be reached there.
    Started(Vec<PortBinding>),
    /// It can't be started: why, in AWS's words.
    StartFailed(String),
    /// It ended.
    Exited {
        /// The exit code; 128 and the signal's number when a signal ended it.
        code: i32,
        /// Whether it was killed for its memory.
        out_of_memory: bool,
    },
    /// A health probe ended.
    Probed {
        /// The probe's exit code; absent when it timed out or could not be run.
        code: Option<i32>,
        /// The end of what it printed.
        output: String,
    },
}

// === impl Task ===

impl Task {
    /// The service that owns it, if one does.
    #[must_use]
    pub fn service(&self) -> Option<ServiceKey> {
        match &self.origin {
            Origin::Service { service, .. } => {
                Some(ServiceKey { cluster: self.key.cluster.clone(), name: service.clone() })
            }
            Origin::Run => None,
        }
    }

    /// The deployment it belongs to, if a service owns it.
    #[must_use]
    pub fn deployment(&self) -> Option<&DeploymentId> {
        match &self.origin {
            Origin::Service { deployment, .. } => Some(deployment),
            Origin::Run => None,
        }
    }

    /// The container called `name`.
    #[must_use]
    pub fn container(&self, name: &str) -> Option<&Container> {
        self.containers.iter().find(|container| container.name.as_str() == name)
    }

    /// `desiredStatus`.
    #[must_use]
    pub fn desired_status(&self) -> &'static str {
        if self.stop.is_some() { "STOPPED" } else { "RUNNING" }
    }

    /// The task as it is after a report; absent when the report changes nothing, because it came
    /// late or twice.
    #[must_use]
    pub fn observe(&self, report: &TaskReport, at: Timestamp) -> Option<Self> {
        let mut task = self.clone();
        match report {
            TaskReport::NetworkReady(address) => {
                task.eni.address = *address;
                task.times.connected.get_or_insert(at);
            }
            TaskReport::NetworkFailed(reason) => task.fail_to_start(reason, at),
            TaskReport::NetworkGone => {
                for container in &mut task.containers {
                    container
                        .observe(&ContainerReport::Exited { code: 137, out_of_memory: false }, at);
                }
            }
            TaskReport::Container(name, report) => {
                let container = task.containers.iter_mut().find(|held| held.name == *name)?;
                container.observe(report, at);
                task.note_times(report, at);
                if let ContainerReport::PullFailed(reason) | ContainerReport::StartFailed(reason) =
                    report
                {
                    task.fail_to_start(reason, at);
                }
            }
        }
        (task != *self).then_some(task)
    }

    fn note_times(&mut self, report: &ContainerReport, at: Timestamp) {
        if matches!(report, ContainerReport::Pulled(_) | ContainerReport::PullFailed(_)) {
            self.times.pull_stopped = Some(at);
        }
    }

    /// Gives the task a reason to stop, unless it has one: the first reason is the true one.
    pub fn fail_to_start(&mut self, reason: &str, at: Timestamp) {
        self.stop_for(StopCode::TaskFailedToStart, reason, at);
    }

    /// Gives the task a reason to stop, unless it has one.
    pub fn stop_for(&mut self, code: StopCode, reason: &str, at: Timestamp) {
        if self.stop.is_none() {
            self.stop = Some(Stop { code, reason: reason.to_owned(), at });
            self.version += 1;
        }
    }
}

impl Container {
    /// Takes a report in. A report that does not fit the state is a late or repeated one and
    /// changes nothing.
    fn observe(&mut self, report: &ContainerReport, at: Timestamp) {
        use ContainerState::{Pending, Pulled, Pulling, Running, Starting, Stopped, Stopping};
        let next = match (&self.state, report) {
            (Pending | Pulling, ContainerReport::Pulled(digest)) => {
                self.image_digest = Some(digest.clone());
                Pulled
            }
            (Pending | Pulling, ContainerReport::PullFailed(reason))
            | (
                Pending | Pulling | Pulled | Starting { .. },
                ContainerReport::StartFailed(reason),
            ) => Stopped { at, exit_code: None, reason: Some(reason.clone()) },
            (Starting { .. }, ContainerReport::Started(ports)) => {
                self.ports.clone_from(ports);
                Running { since: at }
            }
            (
                Starting { .. } | Running { .. } | Stopping { .. },
                ContainerReport::Exited { code, out_of_memory },
            ) => {
                let reason = out_of_memory.then(|| OUT_OF_MEMORY.to_owned());
                Stopped { at, exit_code: Some(*code), reason }
            }
            (Running { .. }, ContainerReport::Probed { code, output }) => {
                self.health.probing_since = None;
                self.health.probed_at = Some(at);
                self.health.exit_code = *code;
                self.health.output.clone_from(output);
                return;
            }
            _ => return,
        };
        self.state = next;
    }
}

/// What Fargate says of a container killed for its memory (reference §1.5, observed in 2026).
const OUT_OF_MEMORY: &str = "OutOfMemoryError: container killed due to memory usage";

impl Held for Task {
    type Key = TaskKey;

    fn key(&self) -> TaskKey {
        self.key.clone()
    }
}

// === impl TaskKey ===

impl TaskKey {
    /// The key before every other, where ranges begin.
    #[must_use]
    pub fn least() -> Self {
        Self { cluster: "".into(), id: "".into() }
    }
}

// === impl Phase ===

impl Phase {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provisioning => "PROVISIONING",
            Self::Pending => "PENDING",
            Self::Activating => "ACTIVATING",
            Self::Running => "RUNNING",
            Self::Deactivating => "DEACTIVATING",
            Self::Stopping => "STOPPING",
            Self::Deprovisioning => "DEPROVISIONING",
            Self::Stopped => "STOPPED",
        }
    }

    /// Whether AWS counts the task in `pendingCount`.
    #[must_use]
    pub fn counts_as_pending(self) -> bool {
        self < Self::Running
    }

    /// Whether AWS counts the task in `runningCount`.
    ///
    /// A task that drains is still running for its clients, and ECS counts it so until it stops.
    #[must_use]
    pub fn counts_as_running(self) -> bool {
        self == Self::Running
    }
}

impl StopCode {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TaskFailedToStart => "TaskFailedToStart",
            Self::EssentialContainerExited => "EssentialContainerExited",
            Self::UserInitiated => "UserInitiated",
            Self::ServiceSchedulerInitiated => "ServiceSchedulerInitiated",
            Self::SpotInterruption => "SpotInterruption",
        }
    }
}
