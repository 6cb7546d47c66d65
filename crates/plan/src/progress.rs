//! A service under way: does what was wished for run, and if not, what is it waiting for?
//!
//! Success is said only when the intended definition runs, in full, healthy and in the place of
//! everything before it. What rules it out for good is in [`verdict`](crate::verdict).

use crate::approval::approval;
use crate::verdict::{Attempt, Verdict, flaw};
use api::ecs::{Deployment, Service, ServiceDeployment, Task};
use api::elbv2::TargetHealthDescription;
use std::collections::BTreeMap;

/// What was seen of a service.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sight {
    /// The service.
    pub service: Service,
    /// Its tasks, those that stopped a short time ago too.
    pub tasks: Vec<Task>,
    /// Its targets.
    pub targets: Vec<TargetHealthDescription>,
    /// Its newest service deployment, if its strategy has stages or alarms watch it.
    pub deployment: Option<ServiceDeployment>,
    /// Its newest service deployments, newest first, where they were asked for.
    pub attempts: Option<Vec<Attempt>>,
    /// States of the alarms that its deployments are watched by, in AWS's words, where they were
    /// asked for.
    pub alarms: BTreeMap<String, String>,
}

/// What is intended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intent<'a> {
    /// The task definition's ARN.
    pub definition: &'a str,
    /// The digest that tasks must show, where it is known.
    pub digest: Option<&'a str>,
    /// How many tasks there have to be at least.
    pub least: u32,
    /// The environment, where that is not the local region.
    pub environment: Option<&'a str>,
}

impl Sight {
    /// How many service deployments are looked at: those of a busy day.
    pub const ATTEMPTS: usize = 20;
}

/// How far a service is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The verdict.
    pub verdict: Verdict,
    /// What it waits for, when it waits.
    pub waiting: Vec<String>,
}

/// How far a service is on the way to what is intended.
#[must_use]
pub fn progress(sight: &Sight, intent: Intent<'_>) -> Progress {
    if let Some(flaw) = flaw(sight, intent) {
        return Progress { verdict: Verdict::Failed(flaw), waiting: Vec::new() };
    }
    let waiting = waiting(sight, intent);
    let verdict = if waiting.is_empty() { Verdict::Done } else { Verdict::Waiting };
    Progress { verdict, waiting }
}

/// The same for who waits until nothing changes any more: tasks that are too many do no harm to a
/// deployment, but they still run.
#[must_use]
pub fn steadily(progress: Progress, service: &Service) -> Progress {
    if progress.verdict != Verdict::Done || is_steady(service) {
        return progress;
    }
    Progress { verdict: Verdict::Waiting, waiting: vec!["tasks have still to stop".to_owned()] }
}

/// Whether a service runs what it should, as far as its own description tells.
#[must_use]
pub fn is_steady(service: &Service) -> bool {
    let one = service.deployments.as_ref().is_some_and(|deployments| deployments.len() == 1);
    let completed = primary(service).is_some_and(is_completed);
    one && completed && count(service.running_count) == count(service.desired_count)
}

fn waiting(sight: &Sight, intent: Intent<'_>) -> Vec<String> {
    let Some(primary) = primary(&sight.service) else { return Vec::new() };
    let desired = count(sight.service.desired_count);
    let mut waiting = Vec::new();
    let running = count(primary.running_count);
    if running < desired {
        waiting.push(format!("{running} of {desired} tasks run"));
    }
    let name = sight.service.service_name.as_deref().unwrap_or_default();
    let approval = approval(sight);
    waiting.extend(approval.map(|approval| approval.waiting(name, intent.environment)));
    waiting.extend(stage(sight));
    waiting.extend(targets(sight, desired));
    waiting.extend(digests(sight, primary, intent));
    let others = sight.service.deployments.iter().flatten();
    let older = others.filter(|held| held.id != primary.id);
    let left: u32 = older.map(|held| count(held.running_count) + count(held.pending_count)).sum();
    if left > 0 {
        waiting.push(format!("{left} old {} still to go", tasks(left)));
    }
    let firing = sight.alarms.iter().filter(|(_, state)| *state == "ALARM");
    waiting.extend(firing.map(|(name, _)| format!("alarm {name} is in ALARM")));
    if waiting.is_empty() && !is_completed(primary) {
        waiting
            .push("all is well; ECS watches the deployment before it calls it complete".to_owned());
    }
    waiting
}

/// The stage of a deployment under way, and how many of the requests its version gets.
fn stage(sight: &Sight) -> Option<String> {
    let deployment = sight.deployment.as_ref().filter(|held| held.finished_at.is_none())?;
    let stage = deployment.lifecycle_stage.as_deref()?;
    let target = deployment.target_service_revision.as_ref();
    let share = target.and_then(|target| target.requested_production_traffic_weight);
    let share = share.unwrap_or_default();
    Some(format!("stage {stage}: {share} % of the requests go to the new version"))
}

/// What targets lack. A service without a load balancer has none.
fn targets(sight: &Sight, desired: u32) -> Vec<String> {
    if sight.service.load_balancers.as_ref().is_none_or(Vec::is_empty) {
        return Vec::new();
    }
    let state = |held: &TargetHealthDescription| {
        held.target_health.as_ref().and_then(|health| health.state.clone()).unwrap_or_default()
    };
    let healthy = sight.targets.iter().filter(|held| state(held) == "healthy").count();
    if healthy >= desired as usize {
        return Vec::new();
    }
    let mut waiting = vec![format!("{healthy} of {desired} targets healthy")];
    let unwell = sight
        .targets
        .iter()
        .filter(|held| !["healthy", "draining"].contains(&state(held).as_str()));
    waiting.extend(unwell.map(|held| {
        let target = held.target.clone().unwrap_or_default();
        let why = held.target_health.clone().unwrap_or_default();
        let address = format!("{}:{}", target.id, target.port.unwrap_or_default());
        let text = why.description.or(why.reason).unwrap_or_else(|| state(held));
        format!("target {address}: {text}")
    }));
    waiting
}

/// Tasks that run another image than the intended one: a tag that moved, most likely.
pub(crate) fn digests(sight: &Sight, primary: &Deployment, intent: Intent<'_>) -> Vec<String> {
    let Some(digest) = intent.digest else { return Vec::new() };
    let ours = sight.tasks.iter().filter(|task| {
        task.started_by == primary.id && task.last_status.as_deref() == Some("RUNNING")
    });
    let containers = ours.flat_map(|task| task.containers.iter().flatten());
    let others = containers.filter(|held| {
        let own = held.name.as_deref() == sight.service.service_name.as_deref();
        own && held.image_digest.as_deref().is_some_and(|held| held != digest)
    });
    others
        .map(|held| {
            let found = held.image_digest.as_deref().unwrap_or_default();
            format!("a task runs {found}, not {digest}")
        })
        .collect()
}

pub(crate) fn primary(service: &Service) -> Option<&Deployment> {
    let mut deployments = service.deployments.iter().flatten();
    deployments.find(|held| held.status.as_deref() == Some("PRIMARY"))
}

pub(crate) fn is_completed(deployment: &Deployment) -> bool {
    deployment.rollout_state.as_deref() == Some("COMPLETED")
}

pub(crate) fn count(number: Option<i32>) -> u32 {
    number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
}

fn tasks(count: u32) -> &'static str {
    if count == 1 { "task" } else { "tasks" }
}

#[cfg(test)]
mod tests;
