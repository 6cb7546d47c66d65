//! Which tasks proved their deployment good, and which failed it (reference §3.5, §3.9).
//!
//! Each task is counted once. It proves its deployment when it is healthy for the first time; it
//! fails it when it ends without having been healthy, or is stopped for its health. A task that was
//! healthy and exits later is replaced, but does not speak against its deployment.

use super::events;
use super::health::{self, Standing};
use super::pass::Pass;
use crate::waits;
use model::{DeploymentId, Timestamp};
use std::collections::BTreeMap;
use world::service::Throttle;
use world::task::Outcome;
use world::{StopCode, Task};

/// Counts what the tasks came to since the last pass.
pub(super) fn judge(pass: &mut Pass<'_>) {
    let open: Vec<Task> =
        pass.tasks().filter(|task| task.outcome == Outcome::Open).cloned().collect();
    let mut failed: BTreeMap<DeploymentId, Vec<Task>> = BTreeMap::new();
    for task in open {
        let Some(id) = task.deployment().cloned() else { continue };
        if pass.service.deployment(&id).is_none() {
            continue;
        }
        if has_failed(&task) {
            pass.put_task(Task { outcome: Outcome::Failed, ..task.clone() });
            failed.entry(id).or_default().push(task);
        } else if is_healthy(&task, pass) {
            proved(pass, &id);
            pass.put_task(Task { outcome: Outcome::Proved, ..task });
        }
    }
    for (id, tasks) in failed {
        count_failures(pass, &id, &tasks);
    }
}

/// Counts a task that is stopped for its health, or can't be placed.
pub(super) fn count_one(pass: &mut Pass<'_>, id: &DeploymentId) {
    if let Some(deployment) = pass.deployment_mut(id) {
        deployment.failed_tasks += 1;
    }
}

/// Whether it ended by itself without having been healthy. What a person or the scheduler stops has
/// not failed.
fn has_failed(task: &Task) -> bool {
    task.stop.as_ref().is_some_and(|stop| match stop.code {
        StopCode::TaskFailedToStart | StopCode::EssentialContainerExited => true,
        StopCode::UserInitiated
        | StopCode::ServiceSchedulerInitiated
        | StopCode::SpotInterruption => false,
    })
}

fn is_healthy(task: &Task, pass: &mut Pass<'_>) -> bool {
    let healthy = |standing| matches!(standing, Standing::Fresh | Standing::Settled);
    task.is_wanted() && healthy(health::standing(task, pass))
}

/// A healthy task ends a row of failures, unless the breaker is to count them all.
fn proved(pass: &mut Pass<'_>, id: &DeploymentId) {
    let resets = pass.service.configuration.breaker.reset_on_healthy;
    if let Some(deployment) = pass.deployment_mut(id) {
        deployment.throttle = Throttle::default();
        if resets {
            deployment.failed_tasks = 0;
        }
    }
}

fn count_failures(pass: &mut Pass<'_>, id: &DeploymentId, tasks: &[Task]) {
    for task in tasks {
        if let Some(reason) = unplaced(task) {
            let message = events::unplaced(&pass.service.key.name, reason);
            pass.complain(message);
        }
    }
    let count = u32::try_from(tasks.len()).unwrap_or(u32::MAX);
    if let Some(deployment) = pass.deployment_mut(id) {
        deployment.failed_tasks = deployment.failed_tasks.saturating_add(count);
    }
    let last = |tasks: &mut dyn Iterator<Item = &Task>| {
        tasks.filter_map(|task| task.stop.as_ref()).map(|stop| stop.at).max()
    };
    // Tasks that were started together and failed together are one failure for the throttle.
    match last(&mut tasks.iter().filter(|task| task.times.started.is_none())) {
        Some(at) => throttle(pass, id, at),
        None => pause(pass, id, last(&mut tasks.iter())),
    }
}

/// A task that was RUNNING and ended before it was healthy is tried again after a pause that does
/// not grow.
fn pause(pass: &mut Pass<'_>, id: &DeploymentId, ended: Option<Timestamp>) {
    let until = ended.map(|at| at + pass.moment.pace.wait(waits::RETRY));
    if let Some(deployment) = pass.deployment_mut(id) {
        deployment.throttle = Throttle { failures: 0, until };
    }
}

/// Holds the next start of a deployment back after one that never reached RUNNING.
pub(super) fn throttle(pass: &mut Pass<'_>, id: &DeploymentId, failed_at: Timestamp) {
    let pace = pass.moment.pace;
    let Some(deployment) = pass.deployment_mut(id) else { return };
    let failures = deployment.throttle.failures.saturating_add(1);
    let until = failed_at + pace.wait(waits::pause_after(failures));
    deployment.throttle = Throttle { failures, until: Some(until) };
    // From the third failure on the pauses are long.
    if failures >= 3 {
        let message = events::throttled(&pass.service.key.name);
        pass.complain(message);
    }
}

/// What AWS's placement event says of a failure before the containers: secrets, registry, logger.
fn unplaced(task: &Task) -> Option<&str> {
    let reason = task.stop.as_ref()?.reason.as_str();
    let placement = ["ResourceInitializationError", "ResourceNotFoundException"];
    placement.iter().any(|kind| reason.starts_with(kind)).then_some(reason)
}
