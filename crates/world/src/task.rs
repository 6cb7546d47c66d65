//! Tasks and their lifecycle.
//!
//! A task only moves forward. Where it moves is decided in `control::task`; here is what a task is,
//! how it begins ([`Task::new`], in [`order`]), and what a report from the driver changes in it
//! ([`Task::observe`], in [`report`]).

pub mod order;
pub mod report;

pub use order::{NoAddress, TaskOrder};
pub use report::{ContainerReport, TaskReport};

use crate::{
    Container, DefinitionKey, Eni, HealthStatus, Held, ServiceKey, Stored, Tags, TaskDefinition,
};
use model::{ClusterName, DeploymentId, Secret, ServiceName, TaskId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// How far that interface is.
    pub attachment: Attachment,
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
    /// The values of its containers' secrets by `valueFrom`: read once, before the first container
    /// starts, so that a restart in place or of the region sees the same (reference §2.4). Empty
    /// before that and when it is STOPPED. Never shown.
    pub secrets: BTreeMap<String, Secret>,
    /// What its service makes of it; a task of `RunTask` is never judged.
    pub outcome: Outcome,
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

/// How far a task's network interface is: the attachment's `status` (reference §1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Attachment {
    /// Nothing was asked for yet; AWS shows no more than its subnet.
    Precreated,
    /// It is being made.
    Attaching,
    /// It is there.
    Attached,
    /// It is being removed.
    Detaching,
    /// It is gone.
    Deleted,
}

/// What a service makes of one of its tasks: each task proves its deployment good or bad, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It has proved nothing yet.
    Open,
    /// It was healthy once.
    Proved,
    /// It ended, or was stopped for its health, without having been healthy.
    Failed,
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

    /// Its health, from its essential containers with a check (reference §1.6).
    #[must_use]
    pub fn health(&self, definition: &TaskDefinition) -> HealthStatus {
        let checked = definition.containers.iter().filter(|spec| spec.essential);
        let checked = checked.filter(|spec| spec.health_check.is_some());
        let containers = checked.filter_map(|spec| self.container(spec.name.as_str()));
        HealthStatus::of_task(containers.map(|container| container.health.status))
    }

    /// Whether it should run: nobody and nothing told it to stop.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.stop.is_none()
    }

    /// Moves it on and notes the time. A task never goes back: a phase that is not later than its
    /// own changes nothing.
    pub fn enter(&mut self, phase: Phase, at: Timestamp) {
        if phase <= self.phase {
            return;
        }
        self.phase = phase;
        self.phase_since = at;
        self.version += 1;
        match phase {
            Phase::Running => self.times.started = Some(at),
            Phase::Deprovisioning => {
                self.attachment = Attachment::Detaching;
                self.times.execution_stopped = Some(self.execution_stopped(at));
            }
            Phase::Stopped => {
                self.times.stopped = Some(at);
                self.secrets.clear();
            }
            Phase::Activating => self.times.pull_started = Some(at),
            Phase::Provisioning | Phase::Pending | Phase::Deactivating | Phase::Stopping => {}
        }
    }

    /// When its last container stopped. A container that ended before the task was told to stop
    /// because of it, or before the task was RUNNING, is no exception to the order of AWS's times.
    fn execution_stopped(&self, now: Timestamp) -> Timestamp {
        let stopped = self.containers.iter().filter_map(|container| container.state.stopped_at());
        let earliest = self.stop.as_ref().map(|stop| stop.at).max(self.times.started);
        stopped.max().unwrap_or(now).max(earliest.unwrap_or_default())
    }

    /// Tells it to stop because it can't start; the first reason to stop is the true one.
    pub fn fail_to_start(&mut self, reason: &str, at: Timestamp) {
        self.stop_for(StopCode::TaskFailedToStart, reason, at);
    }

    /// Tells it to stop, unless it was told before: the first reason is the true one.
    pub fn stop_for(&mut self, code: StopCode, reason: &str, at: Timestamp) {
        if self.stop.is_none() {
            self.stop = Some(Stop { code, reason: reason.to_owned(), at });
            self.version += 1;
        }
    }
}

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

    /// Whether AWS counts the task in `runningCount`: what drains or stops is not counted, though
    /// its containers may run for a while.
    #[must_use]
    pub fn counts_as_running(self) -> bool {
        self == Self::Running
    }
}

impl Attachment {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Precreated => "PRECREATED",
            Self::Attaching => "ATTACHING",
            Self::Attached => "ATTACHED",
            Self::Detaching => "DETACHING",
            Self::Deleted => "DELETED",
        }
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

#[cfg(test)]
mod tests;
