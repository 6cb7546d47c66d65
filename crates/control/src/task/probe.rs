//! When a container's health check runs, and what its result means (reference §1.6).

use super::step::Step;
use world::{ContainerSpec, ContainerState};

/// Judges the result of a container's last check, or sends the next when it is due.
///
/// As with Docker, which runs the checks on AWS, the first one comes an interval after the start
/// and each next one an interval after the end of the one before. The interval is an AWS-side wait;
/// the check's time-out and the start period are the container's own time.
pub(super) fn check(step: &mut Step<'_>, at: usize, spec: &ContainerSpec) {
    let container = &step.task.containers[at];
    let ContainerState::Running { since } = container.state else { return };
    let Some(check) = &spec.health_check else { return };
    let health = &container.health;
    if health.is_unjudged() {
        let judged = health.judged(check, since, step.now());
        if judged.status != health.status {
            step.task.version += 1;
        }
        step.task.containers[at].health = judged;
    } else if !health.is_probing() {
        let last = health.probed_at.unwrap_or(since);
        if step.waited(last, check.interval) {
            step.task.containers[at].health.probing_since = Some(step.moment.now);
        }
    }
}
