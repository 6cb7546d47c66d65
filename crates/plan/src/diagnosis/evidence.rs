//! What is known of a service in trouble.
//!
//! All of it may be incomplete: AWS keeps stopped tasks for an hour, a log may lag behind, a call may
//! have been refused. Texts of unknown origin come here as [`Mask::line`](super::Mask::line) shows them.

use crate::wish::ArtifactKind;
use api::ecs::{Service, ServiceDeployment, ServiceEvent, Task, TaskDefinition};
use api::elbv2::{TargetGroup, TargetHealthDescription};
use model::Timestamp;

/// What is known of a service.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The service, with its deployments and events.
    pub service: Service,
    /// Its newest service deployment, as far as it was looked at.
    pub deployment: Option<ServiceDeployment>,
    /// The target groups that its tasks are in: how they check health.
    pub groups: Vec<TargetGroup>,
    /// Its targets.
    pub targets: Vec<TargetHealthDescription>,
    /// What its tasks are made of.
    pub kind: ArtifactKind,
    /// Since when what ECS says counts; what it said before is history.
    pub since: Option<Timestamp>,
    /// When all of this was looked at.
    pub now: Timestamp,
    /// Its tasks in trouble.
    pub cases: Vec<Case>,
}

/// What is known of a task in trouble.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Case {
    /// The task.
    pub task: Task,
    /// Its definition.
    pub definition: Option<TaskDefinition>,
    /// The last lines of its containers' logs, oldest first.
    pub log: Vec<LogLine>,
    /// Why log lines must not be shown, if they must not.
    pub withheld: Option<Withheld>,
    /// What could not be learned, and why.
    pub gaps: Vec<String>,
    /// What its health check commands said last, where that is known: AWS does not tell.
    pub probes: Vec<Probe>,
}

/// A line of a container's log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogLine {
    /// The container.
    pub container: String,
    /// When it was written.
    pub at: Option<Timestamp>,
    /// What it says.
    pub text: String,
}

/// Log lines may hold secrets whose values are not known here: rules read them for what is usual to
/// say, but nothing of them is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// Why the values are not known.
    pub why: String,
}

/// What a container's health check command said last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Probe {
    /// The container.
    pub container: String,
    /// The command's exit code; absent when it took too long.
    pub exit_code: Option<i32>,
    /// What it printed.
    pub output: String,
}

// === impl Evidence ===

impl Evidence {
    /// The evidence that a look at a service gives by itself.
    #[must_use]
    pub fn of(sight: &crate::Sight, kind: ArtifactKind, now: Timestamp) -> Self {
        let (service, targets) = (sight.service.clone(), sight.targets.clone());
        let (since, deployment) = (super::since(&service), sight.deployment.clone());
        let (groups, cases) = (Vec::new(), Vec::new());
        Self { service, deployment, groups, targets, kind, since, now, cases }
    }

    /// The service's name.
    pub(super) fn name(&self) -> &str {
        self.service.service_name.as_deref().unwrap_or("service")
    }

    /// Its events that count, newest first.
    pub(super) fn events(&self) -> impl Iterator<Item = &ServiceEvent> {
        let events = self.service.events.iter().flatten();
        events.filter(|event| self.since.is_none_or(|since| event.created_at >= Some(since)))
    }

    /// Its cases, those whose trouble is newest first.
    pub(super) fn newest_first(&self) -> Vec<&Case> {
        let mut cases: Vec<&Case> = self.cases.iter().collect();
        cases.sort_by_key(|case| std::cmp::Reverse(case.at()));
        cases
    }
}

// === impl Case ===

impl Case {
    /// When the trouble came to light: when the task began to stop, or, of one that goes on, when it
    /// started.
    pub(super) fn at(&self) -> Option<Timestamp> {
        let task = &self.task;
        task.stopping_at.or(task.stopped_at).or(task.started_at).or(task.created_at)
    }

    /// The task's id.
    pub(super) fn id(&self) -> &str {
        let arn = self.task.task_arn.as_deref().unwrap_or_default();
        arn.rsplit('/').next().unwrap_or(arn)
    }
}
