//! What the scheduler says, word for word (reference §3.11). Some texts have no full stop.

use model::{DeploymentId, ServiceName, TargetGroupArn, TaskId};

/// What a service says when it has reached its desired state.
pub(super) fn steady(service: &ServiceName) -> String {
    format!("(service {service}) has reached a steady state.")
}

/// Started tasks; `replaced` of them take the place of unhealthy ones.
pub(super) fn started(service: &ServiceName, tasks: &[TaskId], replaced: u32) -> String {
    let started =
        format!("(service {service}) has started {} tasks: {}.", tasks.len(), list(tasks));
    match replaced {
        0 => started,
        _ => format!("{started} Amazon ECS replaced {replaced} tasks due to an unhealthy status."),
    }
}

/// Stopped tasks that were RUNNING.
pub(super) fn stopped_running(service: &ServiceName, tasks: &[TaskId]) -> String {
    format!("(service {service}) has stopped {} running tasks: {}.", tasks.len(), list(tasks))
}

/// Stopped tasks that were not RUNNING yet.
pub(super) fn stopped_pending(service: &ServiceName, count: usize) -> String {
    format!("(service {service}) stopped {count} pending tasks.")
}

/// Registered targets.
pub(super) fn registered(service: &ServiceName, count: usize, group: &TargetGroupArn) -> String {
    format!("(service {service}) registered {count} targets in (target-group {group})")
}

/// Deregistered targets.
pub(super) fn deregistered(service: &ServiceName, count: usize, group: &TargetGroupArn) -> String {
    format!("(service {service}) deregistered {count} targets in (target-group {group})")
}

/// Tasks of a deployment whose targets drain.
pub(super) fn draining(service: &ServiceName, deployment: &DeploymentId, count: usize) -> String {
    format!(
        "(service {service}, taskSet {deployment}) has begun draining connections on {count} tasks."
    )
}

/// A task that fails its target group's health checks.
pub(super) fn unhealthy_target(
    service: &ServiceName,
    task: &TaskId,
    port: u16,
    group: &TargetGroupArn,
    reason: &str,
) -> String {
    format!(
        "(service {service}) (task {task}) (port {port}) is unhealthy in (target-group {group}) due \
         to (reason {reason})."
    )
}

/// A task whose target, or target group, somebody else took away.
pub(super) fn lost_target(
    service: &ServiceName,
    deployment: &DeploymentId,
    task: &TaskId,
    group: &TargetGroupArn,
    what: &str,
) -> String {
    format!(
        "(service {service}) (task set ({deployment})) (task {task}) is not healthy in target-group \
         ({group}) due to {what} IS NOT FOUND"
    )
}

/// A task that fails its containers' health checks.
pub(super) fn unhealthy_container(service: &ServiceName, task: &TaskId) -> String {
    format!("(service {service}) (task {task}) failed container health checks.")
}

/// A task that could not be placed. The reason's own full stop is not doubled.
pub(super) fn unplaced(service: &ServiceName, reason: &str) -> String {
    let reason = reason.trim_end_matches('.');
    format!("(service {service}) was unable to place a task. Reason: {reason}.")
}

/// Starts that are held back.
pub(super) fn throttled(service: &ServiceName) -> String {
    format!("(service {service}) is unable to consistently start tasks successfully.")
}

/// Percentages that leave no room.
pub(super) fn stuck(service: &ServiceName) -> String {
    format!(
        "(service {service}) was unable to stop or start tasks during a deployment because of the \
         service deployment configuration. Update the minimumHealthyPercent or maximumPercent value \
         and try again."
    )
}

/// A deployment that is done.
pub(super) fn completed(service: &ServiceName, deployment: &DeploymentId) -> String {
    format!("(service {service}) (deployment {deployment}) deployment completed.")
}

/// A deployment whose circuit breaker has tripped, or for which an alarm has gone off.
pub(super) fn failed(service: &ServiceName, deployment: &DeploymentId, what: &str) -> String {
    format!("(service {service}) (deployment {deployment}) deployment failed: {what}.")
}

/// The deployment that a failed one goes back to.
pub(super) fn rolling_back(service: &ServiceName, deployment: &DeploymentId) -> String {
    format!("(service {service}) rolling back to deployment {deployment}.")
}

/// `(task a) (task b)`.
fn list(tasks: &[TaskId]) -> String {
    let tasks: Vec<String> = tasks.iter().map(|task| format!("(task {task})")).collect();
    tasks.join(" ")
}
