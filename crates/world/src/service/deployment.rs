//! Service deployments: how a revision was brought to a service, from the request to its end
//! (reference §3.7).
//!
//! A [`Deployment`](super::Deployment) is what runs; a service deployment is what happens to it. A
//! rollback leads back to a deployment that is there already, within the same service deployment.

use super::{
    DeploymentConfiguration, HookAction, Position, Service, ServiceKey, Stage, TrafficShare,
};
use crate::{Held, Task, World};
use model::{AlarmName, DeploymentId, HookId, ServiceDeploymentId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A service deployment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceDeployment {
    /// Service and id.
    pub key: ServiceDeploymentKey,
    /// The deployment that it brings, which is also its revision.
    pub target: DeploymentId,
    /// The deployments that were there when it was made, newest first.
    pub source: Vec<DeploymentId>,
    /// How far it is.
    pub status: ServiceDeploymentStatus,
    /// Why, in AWS's words.
    pub reason: Option<String>,
    /// The service's configuration when it was made.
    pub configuration: DeploymentConfiguration,
    /// Where it is, if its strategy has stages.
    #[serde(default)]
    pub position: Option<Position>,
    /// Of the sources, the one that serves until the target does.
    #[serde(default)]
    pub serving: Option<DeploymentId>,
    /// How many of the requests the target gets; the serving source gets the others.
    #[serde(default)]
    pub traffic: Traffic,
    /// The pauses that it came to.
    #[serde(default)]
    pub pauses: Vec<Pause>,
    /// Alarms that were in ALARM when it began, and say nothing about it therefore.
    #[serde(default)]
    pub ignored_alarms: BTreeSet<AlarmName>,
    /// What made it fail, if it failed.
    pub failure: Option<Failure>,
    /// Where it goes back to, if it does.
    pub rollback: Option<Rollback>,
    /// What there was when it ended; while it goes on, the tasks tell.
    pub ending: Option<Ending>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// When anything of it last changed.
    pub updated_at: Timestamp,
}

/// A service and one of its service deployments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ServiceDeploymentKey {
    /// Whose.
    pub service: ServiceKey,
    /// 21 characters.
    pub id: ServiceDeploymentId,
}

/// How far a service deployment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServiceDeploymentStatus {
    /// Made, not begun.
    Pending,
    /// Under way.
    InProgress,
    /// Done.
    Successful,
    /// To be stopped where it is.
    StopRequested,
    /// Stopped: by a newer one, by a person, or by a failure without rollback.
    Stopped,
    /// To be rolled back, because a person wants it.
    RollbackRequested,
    /// On its way back.
    RollbackInProgress,
    /// Back.
    RollbackSuccessful,
    /// Not back: there was nothing to go back to, or that failed too.
    RollbackFailed,
}

/// How many of the requests a target gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Traffic {
    /// Of production requests.
    pub production: TrafficShare,
    /// Of test requests.
    pub test: TrafficShare,
}

/// A stop at a hook of type `PAUSE`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// What `ContinueServiceDeployment` names.
    pub id: HookId,
    /// Which of the configuration's hooks it is.
    pub hook: usize,
    /// Where.
    pub stage: Stage,
    /// How many steps of production traffic had been made.
    pub step: u16,
    /// What came of it.
    pub status: PauseStatus,
    /// Until when somebody is waited for: a person's time, which speed does not shorten.
    pub expires_at: Timestamp,
    /// What happens then.
    pub action: HookAction,
}

/// What came of a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PauseStatus {
    /// Nothing yet.
    AwaitingAction,
    /// Somebody let the deployment go on.
    Succeeded,
    /// Somebody sent it back.
    Failed,
    /// Nobody came.
    TimedOut,
}

/// How a person stops a service deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopType {
    /// Where it is.
    Abort,
    /// By going back.
    RollBack,
}

/// What made a service deployment fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// The circuit breaker tripped.
    Breaker,
    /// Alarms went to ALARM.
    Alarms(Vec<AlarmName>),
    /// A person stopped it.
    Requested,
    /// A pause of this stage ended without a person's consent.
    Hook(Stage, HookId),
    /// A stage took too long.
    StageTimedOut(Stage),
    /// Rules or target groups are not as they have to be; why, in AWS's words.
    Network(String),
}

/// A way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollback {
    /// Why, in AWS's words.
    pub reason: String,
    /// Since when.
    pub started_at: Timestamp,
    /// Where it leads.
    pub to: DeploymentId,
}

/// What there was when a service deployment ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// Tasks of its target.
    pub target: TaskCount,
    /// Tasks of each of its sources.
    pub source: Vec<TaskCount>,
    /// How many failures the circuit breaker had counted.
    pub failures: u32,
    /// How many would have tripped it.
    pub threshold: u32,
}

/// How many tasks a revision has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TaskCount {
    /// How many it should have.
    pub requested: u32,
    /// RUNNING ones.
    pub running: u32,
    /// Those on their way there.
    pub pending: u32,
}

// === impl ServiceDeployment ===

impl ServiceDeployment {
    /// Whether it has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.status.is_end()
    }

    /// Ends it, with what there is in that moment.
    pub fn end(&mut self, status: ServiceDeploymentStatus, ending: Ending, at: Timestamp) {
        self.status = status;
        self.ending = Some(ending);
        self.finished_at = Some(at);
        self.updated_at = at;
    }

    /// As it is when a person asks for it to be stopped; absent when it can't be (reference §3.7).
    /// Who is on the way back can't be sent back again, but stopped there.
    #[must_use]
    pub fn asked(&self, to: StopType, at: Timestamp) -> Option<Self> {
        let status = match (self.status, to) {
            (status, _) if status.is_end() => return None,
            (status @ ServiceDeploymentStatus::RollbackInProgress, StopType::RollBack) => status,
            (_, StopType::RollBack) => ServiceDeploymentStatus::RollbackRequested,
            (_, StopType::Abort) => ServiceDeploymentStatus::StopRequested,
        };
        let updated_at = if status == self.status { self.updated_at } else { at };
        Some(Self { status, updated_at, ..self.clone() })
    }

    /// Notes what a person said at a pause; answers whether somebody was waited for there.
    pub fn resolve(&mut self, id: &HookId, action: HookAction) -> bool {
        let waits = |pause: &&mut Pause| pause.status == PauseStatus::AwaitingAction;
        let pause = self.pauses.iter_mut().find(|pause| pause.id == *id).filter(waits);
        match pause.filter(|_| !self.status.is_end()) {
            Some(pause) => {
                pause.status = match action {
                    HookAction::Continue => PauseStatus::Succeeded,
                    HookAction::Rollback => PauseStatus::Failed,
                };
                true
            }
            None => false,
        }
    }

    /// The stage that it is at, or was when it ended, if its strategy has stages.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        self.position.map(|position| position.stage)
    }

    /// When it ended, if it was stopped: AWS shows that beside the end itself.
    #[must_use]
    pub fn stopped_at(&self) -> Option<Timestamp> {
        self.finished_at.filter(|_| self.status == ServiceDeploymentStatus::Stopped)
    }
}

impl Held for ServiceDeployment {
    type Key = ServiceDeploymentKey;

    fn key(&self) -> ServiceDeploymentKey {
        self.key.clone()
    }
}

// === impl Ending ===

impl Ending {
    /// What there is of a service deployment while it goes on.
    #[must_use]
    pub fn of<'a>(
        held: &ServiceDeployment,
        service: &Service,
        tasks: impl Iterator<Item = &'a Task>,
    ) -> Self {
        let counts = TaskCount::by_deployment(service, tasks);
        let count = |id: &DeploymentId| counts.get(id).copied().unwrap_or_default();
        let target = service.deployment(&held.target);
        let threshold = service.configuration.breaker.threshold;
        Self {
            target: count(&held.target),
            source: held.source.iter().map(count).collect(),
            failures: target.map_or(0, |target| target.failed_tasks),
            threshold: threshold.limit(service.desired_count),
        }
    }
}

// === impl TaskCount ===

impl TaskCount {
    /// The tasks of a service by their deployments; those that stop or stopped count for nothing.
    #[must_use]
    pub fn by_deployment<'a>(
        service: &Service,
        tasks: impl Iterator<Item = &'a Task>,
    ) -> BTreeMap<DeploymentId, Self> {
        let mut counts: BTreeMap<DeploymentId, Self> = BTreeMap::new();
        for deployment in &service.deployments {
            counts.entry(deployment.id.clone()).or_default().requested = deployment.desired_count;
        }
        for task in tasks {
            let Some(deployment) = task.deployment() else { continue };
            let count = counts.entry(deployment.clone()).or_default();
            count.running += u32::from(task.phase.counts_as_running());
            count.pending += u32::from(task.phase.counts_as_pending());
        }
        counts
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            requested: self.requested + other.requested,
            running: self.running + other.running,
            pending: self.pending + other.pending,
        }
    }
}

// === impl World ===

impl World {
    /// A service's newest service deployment.
    #[must_use]
    pub fn current_deployment(&self, service: &Service) -> Option<&ServiceDeployment> {
        let id = service.current.clone()?;
        self.service_deployments.get(&ServiceDeploymentKey { service: service.key.clone(), id })
    }

    /// The service deployments of a service, in no particular order.
    pub fn service_deployments_of<'a>(
        &'a self,
        service: &'a ServiceKey,
    ) -> impl Iterator<Item = &'a ServiceDeployment> {
        let first = ServiceDeploymentKey { service: service.clone(), id: "".into() };
        let held = self.service_deployments.range(first..);
        held.take_while(move |held| held.key.service == *service)
    }
}

// === impl Traffic ===

impl Traffic {
    /// All requests.
    pub const ALL: Self = Self { production: TrafficShare::ALL, test: TrafficShare::ALL };
}

// === impl PauseStatus ===

impl PauseStatus {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingAction => "AWAITING_ACTION",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMED_OUT",
        }
    }
}

// === impl ServiceDeploymentStatus ===

impl ServiceDeploymentStatus {
    /// All of them, in the order of AWS's model.
    pub const ALL: [Self; 9] = [
        Self::Pending,
        Self::Successful,
        Self::Stopped,
        Self::StopRequested,
        Self::InProgress,
        Self::RollbackRequested,
        Self::RollbackInProgress,
        Self::RollbackSuccessful,
        Self::RollbackFailed,
    ];

    /// Whether nothing comes after it.
    #[must_use]
    pub fn is_end(self) -> bool {
        match self {
            Self::Successful | Self::Stopped | Self::RollbackSuccessful | Self::RollbackFailed => {
                true
            }
            Self::Pending
            | Self::InProgress
            | Self::StopRequested
            | Self::RollbackRequested
            | Self::RollbackInProgress => false,
        }
    }

    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::InProgress => "IN_PROGRESS",
            Self::Successful => "SUCCESSFUL",
            Self::StopRequested => "STOP_REQUESTED",
            Self::Stopped => "STOPPED",
            Self::RollbackRequested => "ROLLBACK_REQUESTED",
            Self::RollbackInProgress => "ROLLBACK_IN_PROGRESS",
            Self::RollbackSuccessful => "ROLLBACK_SUCCESSFUL",
            Self::RollbackFailed => "ROLLBACK_FAILED",
        }
    }
}
