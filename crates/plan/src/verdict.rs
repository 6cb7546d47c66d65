//! The verdict: whether what was intended runs, and if it never will, why, each ending with its own
//! words.
//!
//! ECS's own waiter calls a service stable that was rolled back, superseded or scaled to nothing
//! (reference §3.15). Here success is said only when nothing of that is so.

use crate::diagnosis::{Finding, Severity, is_return};
use crate::progress::{Intent, Progress, Sight, count, is_completed, primary};
use api::ecs::{Deployment, Service, ServiceDeployment, Task};
use std::fmt;

/// How many tasks have to fail in the same way before more of them are not waited for. ECS's breaker
/// counts three at least (reference §3.4), and up to two hundred where there are many.
const ALIKE: usize = 3;

/// Whether what was intended runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Done,
    /// Not yet.
    Waiting,
    /// It does not, and will not by itself.
    Failed(Flaw),
}

/// Why what was intended does not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Which ending it is.
    pub kind: FlawKind,
    /// What is said of it.
    pub words: String,
}

/// The endings that are no success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlawKind {
    /// The service is not there, or goes.
    Gone,
    /// No deployment of what was intended ever began.
    NeverHappened,
    /// Another deployment took its place.
    Superseded,
    /// The old version is being brought back.
    RollingBack,
    /// The old version is back.
    RolledBack,
    /// The old version was to come back, and did not.
    RollbackFailed,
    /// The deployment was stopped.
    Stopped,
    /// The deployment failed and stays where it is, as it was told to.
    Broken,
    /// It failed, and there is no completed deployment to go back to.
    NoWayBack,
    /// The service has fewer tasks than there are to be.
    ScaledDown,
    /// The tasks run another image.
    OtherDigest,
    /// An alarm is going off.
    AlarmFiring,
    /// It is still in progress at the end of the time that it was given.
    Late,
    /// AWS no longer shows what became of it.
    EvidenceExpired,
}

/// A service deployment, and the task definition that it brings, where AWS still tells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attempt {
    /// The task definition's ARN.
    pub definition: Option<String>,
    /// The service deployment.
    pub deployment: ServiceDeployment,
}

// === impl Flaw ===

impl Flaw {
    /// A flaw with what is said of it.
    #[must_use]
    pub fn new(kind: FlawKind, words: impl Into<String>) -> Self {
        Self { kind, words: words.into() }
    }

    /// Whether nothing more will happen by itself.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.kind != FlawKind::RollingBack
    }

    /// What it comes to when the time is over.
    #[must_use]
    pub fn late(progress: &Progress, seconds: u64) -> Self {
        let alarms = progress.waiting.iter().all(|why| why.starts_with("alarm "));
        let kind = match &progress.verdict {
            Verdict::Waiting if alarms && !progress.waiting.is_empty() => FlawKind::AlarmFiring,
            Verdict::Done | Verdict::Waiting | Verdict::Failed(_) => FlawKind::Late,
        };
        let why = match &progress.verdict {
            Verdict::Failed(flaw) => flaw.words.clone(),
            Verdict::Done | Verdict::Waiting => progress.waiting.join("; "),
        };
        Self::new(kind, format!("not done after {seconds} s: {why}"))
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl FlawKind {
    /// All of them, for pages that list them.
    pub const ALL: [Self; 14] = [
        Self::Gone,
        Self::NeverHappened,
        Self::Superseded,
        Self::RollingBack,
        Self::RolledBack,
        Self::RollbackFailed,
        Self::Stopped,
        Self::Broken,
        Self::NoWayBack,
        Self::ScaledDown,
        Self::OtherDigest,
        Self::AlarmFiring,
        Self::Late,
        Self::EvidenceExpired,
    ];

    /// Its word, which programs can rely on.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::NeverHappened => "never-happened",
            Self::Superseded => "superseded",
            Self::RollingBack => "rolling-back",
            Self::RolledBack => "rolled-back",
            Self::RollbackFailed => "rollback-failed",
            Self::Stopped => "stopped",
            Self::Broken => "broken",
            Self::NoWayBack => "no-way-back",
            Self::ScaledDown => "scaled-down",
            Self::OtherDigest => "other-digest",
            Self::AlarmFiring => "alarm-firing",
            Self::Late => "late",
            Self::EvidenceExpired => "evidence-expired",
        }
    }
}

/// Why more of the same need not be waited for: the cause in which several tasks of the deployment
/// failed alike, newest first.
#[must_use]
pub fn hopeless(found: &[Finding]) -> Option<&Finding> {
    // What is about the service as a whole names no tasks.
    found.iter().find(|it| it.severity == Severity::Failure && it.tasks.len() >= ALIKE)
}

/// The service deployment that brings what is intended, newest first.
#[must_use]
pub fn attempt<'s>(sight: &'s Sight, definition: &str) -> Option<&'s ServiceDeployment> {
    let mut attempts = sight.attempts.iter().flatten();
    let own = attempts.find(|held| held.definition.as_deref() == Some(definition));
    own.map(|held| &held.deployment)
}

/// What keeps a service from what is intended for good.
pub(crate) fn flaw(sight: &Sight, intent: Intent<'_>) -> Option<Flaw> {
    let service = &sight.service;
    if service.status.as_deref() != Some("ACTIVE") {
        let status = service.status.as_deref().unwrap_or("gone");
        return Some(Flaw::new(FlawKind::Gone, format!("the service is {status}")));
    }
    let Some(primary) = primary(service) else {
        return Some(Flaw::new(FlawKind::Gone, "the service has no deployment"));
    };
    let own = attempt(sight, intent.definition);
    own.and_then(|own| ended(own, intent, primary))
        .or_else(|| replaced(sight, intent, primary))
        .or_else(|| given_up(sight, primary))
        .or_else(|| scaled_down(service, intent))
        .or_else(|| other_digest(sight, primary, intent))
}

/// How a service deployment ended that did not end well.
fn ended(own: &ServiceDeployment, intent: Intent<'_>, primary: &Deployment) -> Option<Flaw> {
    let (kind, words) = match own.status.as_deref()? {
        "ROLLBACK_REQUESTED" | "ROLLBACK_IN_PROGRESS" => {
            (FlawKind::RollingBack, format!("ECS brings {} back", name(primary)))
        }
        "ROLLBACK_SUCCESSFUL" => {
            (FlawKind::RolledBack, format!("ECS rolled the deployment back to {}", name(primary)))
        }
        "ROLLBACK_FAILED" => (
            FlawKind::RollbackFailed,
            "ECS tried to bring the old version back, and that failed too".to_owned(),
        ),
        "STOP_REQUESTED" | "STOPPED" if is_by_somebody(own, intent, primary) => {
            (FlawKind::Stopped, "the deployment was stopped before its end".to_owned())
        }
        _ => return None,
    };
    let why = own.status_reason.clone().filter(|why| !why.is_empty());
    Some(Flaw::new(kind, why.map_or(words.clone(), |why| format!("{words}: {why}"))))
}

/// Whether somebody stopped a deployment. ECS also stops one that a newer one follows, or that its
/// breaker or an alarm failed; those have endings of their own.
fn is_by_somebody(own: &ServiceDeployment, intent: Intent<'_>, primary: &Deployment) -> bool {
    let reason = own.status_reason.as_deref().unwrap_or_default();
    let by_ecs = ["newer service deployment", "circuit breaker", "alarm"];
    let ours = primary.task_definition.as_deref() == Some(intent.definition);
    let failed = ours && primary.rollout_state.as_deref() == Some("FAILED");
    !by_ecs.iter().any(|text| reason.contains(text)) || (ours && !failed)
}

/// Another deployment is the newest one: ours was rolled back or superseded, or never was.
fn replaced(sight: &Sight, intent: Intent<'_>, primary: &Deployment) -> Option<Flaw> {
    if primary.task_definition.as_deref() == Some(intent.definition) {
        return None;
    }
    let service = &sight.service;
    if is_return(service, primary) {
        let why = primary.rollout_state_reason.as_deref().unwrap_or_default();
        let words = format!("ECS rolled the deployment back to {}: {why}", name(primary));
        let kind = match primary.rollout_state.as_deref() {
            Some("COMPLETED") => FlawKind::RolledBack,
            Some("FAILED") => FlawKind::RollbackFailed,
            _ => FlawKind::RollingBack,
        };
        return Some(Flaw::new(kind, words));
    }
    let mut deployments = service.deployments.iter().flatten();
    let is_there =
        deployments.any(|held| held.task_definition.as_deref() == Some(intent.definition));
    let unknown = sight.attempts.as_ref().filter(|_| attempt(sight, intent.definition).is_none());
    Some(match unknown.filter(|_| !is_there) {
        // A full page may not reach back to ours.
        Some(page) if page.len() >= Sight::ATTEMPTS => Flaw::new(
            FlawKind::EvidenceExpired,
            format!(
                "{} runs, and AWS no longer shows what became of the deployment",
                name(primary)
            ),
        ),
        Some(_) => Flaw::new(
            FlawKind::NeverHappened,
            format!("{} runs, and no deployment of what was asked for ever began", name(primary)),
        ),
        None => Flaw::new(
            FlawKind::Superseded,
            format!("another deployment, of {}, took its place", name(primary)),
        ),
    })
}

/// ECS gave the newest deployment up, and it is ours.
fn given_up(sight: &Sight, primary: &Deployment) -> Option<Flaw> {
    if primary.rollout_state.as_deref() != Some("FAILED") {
        return None;
    }
    let configuration = sight.service.deployment_configuration.as_ref();
    let breaker = configuration.and_then(|held| held.deployment_circuit_breaker.as_ref());
    let alarms = configuration.and_then(|held| held.alarms.as_ref());
    let back =
        breaker.is_some_and(|held| held.rollback) || alarms.is_some_and(|held| held.rollback);
    let reason = primary.rollout_state_reason.as_deref().unwrap_or("the deployment failed");
    let (kind, mut words) = match back {
        true => (
            FlawKind::NoWayBack,
            format!("{reason} There is no completed deployment to go back to."),
        ),
        false => (FlawKind::Broken, reason.to_owned()),
    };
    let stopped = |task: &Task| task.last_status.as_deref() == Some("STOPPED");
    if count(primary.failed_tasks) > 0 && !sight.tasks.iter().any(stopped) {
        words.push_str(" Its tasks are no longer shown: AWS forgets them after an hour.");
    }
    Some(Flaw::new(kind, words))
}

fn scaled_down(service: &Service, intent: Intent<'_>) -> Option<Flaw> {
    let desired = count(service.desired_count);
    let words = format!("the service was scaled to {desired} tasks, fewer than {}", intent.least);
    (desired < intent.least).then(|| Flaw::new(FlawKind::ScaledDown, words))
}

/// ECS calls it complete, and the tasks run something else: a tag that moved, most likely.
fn other_digest(sight: &Sight, primary: &Deployment, intent: Intent<'_>) -> Option<Flaw> {
    if !is_completed(primary) {
        return None;
    }
    let other = crate::progress::digests(sight, primary, intent).into_iter().next()?;
    Some(Flaw::new(FlawKind::OtherDigest, other))
}

/// A deployment's task definition, `shop-prod-api:7`.
fn name(deployment: &Deployment) -> &str {
    let definition = deployment.task_definition.as_deref().unwrap_or_default();
    definition.rsplit('/').next().unwrap_or(definition)
}

#[cfg(test)]
mod tests;
