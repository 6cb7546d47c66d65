//! The way out: targets drain, containers stop in the reverse order of their dependencies, the
//! network is removed (reference §1.1, §1.6).

use super::START_LIMIT;
use super::step::Step;
use crate::decision::Waiting;
use crate::registration;
use crate::waits;
use model::Timestamp;
use world::task::Attachment;
use world::{Container, ContainerSpec, ContainerState, Phase, TargetState};

/// Moves a task that was told to stop one step on.
pub(super) fn leave(step: &mut Step<'_>) {
    if step.task.phase == Phase::Deprovisioning {
        return detach(step);
    }
    if step.task.phase <= Phase::Deactivating && drains(step) {
        return step.enter(Phase::Deactivating);
    }
    drop_unstarted(step);
    if step.task.containers.iter().any(|container| container.state.may_run()) {
        step.enter(Phase::Stopping);
        stop_in_order(step);
    } else {
        step.enter(Phase::Deprovisioning);
    }
}

/// Whether targets of the task are still registered or draining: it gets no stop signal before they
/// are gone, so that requests in flight may end.
fn drains(step: &mut Step<'_>) -> bool {
    let targets = registration::present(&step.task, step.world);
    let until = targets.iter().filter_map(|target| match target.state {
        TargetState::Draining { until } => Some(until),
        _ => None,
    });
    if let Some(until) = until.max() {
        step.note(Waiting::Draining { until });
    }
    !targets.is_empty()
}

/// Containers that were never started have ended, with neither exit code nor reason (reference
/// §1.5, observed).
fn drop_unstarted(step: &mut Step<'_>) {
    let now = step.now();
    for container in &mut step.task.containers {
        if matches!(
            container.state,
            ContainerState::Pending | ContainerState::Pulling | ContainerState::Pulled
        ) {
            container.state = never_started(now);
        }
    }
}

fn never_started(at: Timestamp) -> ContainerState {
    ContainerState::Stopped { started: None, at, exit_code: None, reason: None }
}

/// Stops the containers that no other container needs any more: signal, stop timeout, kill.
fn stop_in_order(step: &mut Step<'_>) {
    for at in 0..step.task.containers.len() {
        let container = &step.task.containers[at];
        let next = match container.state {
            ContainerState::Running { since } if !is_needed(step, container) => {
                Some(ContainerState::Stopping { started: since, since: step.now(), killed: false })
            }
            ContainerState::Stopping { started, since, killed: false } => {
                let timeout = step
                    .spec(container)
                    .map_or(ContainerSpec::STOP_TIMEOUT, |spec| spec.stop_timeout());
                let due = since + timeout;
                step.passed(due).then_some(ContainerState::Stopping {
                    started,
                    since,
                    killed: true,
                })
            }
            // A driver that never answers must not keep a task from ending; what it may have
            // started goes with the network.
            ContainerState::Starting { since } => {
                step.passed(since + START_LIMIT).then(|| never_started(step.now()))
            }
            _ => None,
        };
        if let Some(next) = next {
            step.task.containers[at].state = next;
        }
    }
}

/// Whether a container that depends on this one has not ended yet.
fn is_needed(step: &Step<'_>, container: &Container) -> bool {
    step.task.containers.iter().filter(|other| !other.state.is_stopped()).any(|other| {
        let depends_on = step.spec(other).map_or(&[][..], |spec| &spec.depends_on);
        depends_on.iter().any(|dependency| dependency.container == container.name)
    })
}

/// Its network is gone, and AWS has taken its time.
fn detach(step: &mut Step<'_>) {
    let waited = step.waited(step.task.phase_since, waits::DETACH);
    if step.task.attachment == Attachment::Deleted && waited {
        step.enter(Phase::Stopped);
    }
}
