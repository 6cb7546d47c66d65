//! Which tasks of a service are in trouble, and since when trouble counts.

use crate::progress::Sight;
use api::ecs::{Deployment, Service, Task};
use api::elbv2::TargetHealthDescription;
use model::Timestamp;

/// The exit code of a container that was killed: 128 and SIGKILL's number.
const KILLED: i32 = 137;

/// The tasks of a service that are in trouble. Of those that stopped, the ones that got into it since
/// the given time: AWS shows stopped tasks for an hour, and what was mended since then is history.
#[must_use]
pub fn troubled(sight: &Sight, since: Option<Timestamp>) -> Vec<&Task> {
    sight.tasks.iter().filter(|task| is_troubled(sight, task, since)).collect()
}

/// Since when the trouble of a service's tasks counts: since its newest deployment began, or, once
/// that one is complete, since it was. A return to the old version ends no trouble, so while one
/// stands as the newest deployment, it is since the last success before it.
#[must_use]
pub fn since(service: &Service) -> Option<Timestamp> {
    let primary = primary(service)?;
    if is_return(service, primary) {
        let mut deployments = completions(service);
        return deployments
            .find(|(_, text)| !is_completion_of_return(service, text))
            .map(|(at, _)| at);
    }
    if primary.rollout_state.as_deref() != Some("COMPLETED") {
        return primary.created_at;
    }
    let id = format!("(deployment {})", primary.id.as_deref().unwrap_or_default());
    let completed = completions(service).find(|(_, text)| text.contains(&id));
    completed.map(|(at, _)| at).or(primary.updated_at).or(primary.created_at)
}

/// The newest deployment.
pub(super) fn primary(service: &Service) -> Option<&Deployment> {
    let mut deployments = service.deployments.iter().flatten();
    deployments.find(|held| held.status.as_deref() == Some("PRIMARY"))
}

/// Whether a deployment brings an old version back because a new one failed. It says so itself until
/// it is complete; the event stays.
pub(crate) fn is_return(service: &Service, deployment: &Deployment) -> bool {
    let reason = deployment.rollout_state_reason.as_deref().unwrap_or_default();
    let id = deployment.id.as_deref().unwrap_or_default();
    reason.contains("rolling back to deployment") || is_returned_to(service, id)
}

fn is_returned_to(service: &Service, id: &str) -> bool {
    let text = format!("rolling back to deployment {id}.");
    !id.is_empty() && messages(service).any(|(_, held)| held.contains(&text))
}

/// Events that say of a deployment that it is complete, newest first.
fn completions(service: &Service) -> impl Iterator<Item = (Timestamp, &str)> {
    messages(service).filter(|(_, text)| text.ends_with("deployment completed."))
}

fn is_completion_of_return(service: &Service, text: &str) -> bool {
    let id = text.split_once("(deployment ").and_then(|(_, rest)| rest.split_once(')'));
    id.is_some_and(|(id, _)| is_returned_to(service, id))
}

fn messages(service: &Service) -> impl Iterator<Item = (Timestamp, &str)> {
    let events = service.events.iter().flatten();
    events.filter_map(|event| Some((event.created_at?, event.message.as_deref()?)))
}

fn is_troubled(sight: &Sight, task: &Task, since: Option<Timestamp>) -> bool {
    let counts = |at: Option<Timestamp>| at.is_none_or(|at| since.is_none_or(|since| at >= since));
    let begun = task.stopping_at.or(task.stopped_at);
    match task.stop_code.as_deref() {
        None | Some("") => is_unwell(sight, task),
        Some("ServiceSchedulerInitiated") if is_stopped_for_health(task) => counts(begun),
        // What is told to stop is in trouble only when it does not.
        Some("ServiceSchedulerInitiated" | "UserInitiated") => {
            is_killed(task) && counts(task.stopped_at.or(begun))
        }
        Some(_) => counts(begun),
    }
}

fn is_stopped_for_health(task: &Task) -> bool {
    let reason = task.stopped_reason.as_deref().unwrap_or_default();
    ["failed ELB health checks", "failed container health checks"]
        .iter()
        .any(|text| reason.contains(text))
}

fn is_killed(task: &Task) -> bool {
    task.containers.iter().flatten().any(|held| held.exit_code == Some(KILLED))
}

/// Whether a task that goes on fails a health check.
fn is_unwell(sight: &Sight, task: &Task) -> bool {
    let target = target(&sight.targets, task).and_then(|held| held.target_health.as_ref());
    task.health_status.as_deref() == Some("UNHEALTHY")
        || target.is_some_and(|health| health.state.as_deref() == Some("unhealthy"))
}

/// A task's target: the one at its address. Where several tasks share an address, which processes do
/// on some systems, nothing tells whose it is.
pub(super) fn target<'a>(
    targets: &'a [TargetHealthDescription],
    task: &Task,
) -> Option<&'a TargetHealthDescription> {
    let address = address(task)?;
    let is_there = |held: &&TargetHealthDescription| {
        held.target.as_ref().is_some_and(|target| target.id == address)
    };
    let mut own = targets.iter().filter(is_there);
    own.next().filter(|_| own.next().is_none())
}

/// The private address of a task's network interface.
pub(super) fn address(task: &Task) -> Option<&str> {
    let attachments = task.attachments.iter().flatten();
    let mut details = attachments.flat_map(|held| held.details.iter().flatten());
    let held = details.find(|held| held.name.as_deref() == Some("privateIPv4Address"))?;
    held.value.as_deref()
}
