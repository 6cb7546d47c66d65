//! RUNNING: containers are checked, restarted in place where that was asked for, and the end of an
//! essential one is the end of the task (reference §1.6).

use super::{probe, step::Step};
use world::{Container, ContainerHealth, ContainerSpec, ContainerState, StopCode};

/// AWS's words for the end of an essential container.
const ESSENTIAL_EXITED: &str = "Essential container in task exited";

/// Looks after the containers of a task that is up.
pub(super) fn run(step: &mut Step<'_>) {
    look_after(step);
    if essential_ended(step) {
        stop_essential(step);
    }
}

/// Restarts what is to be restarted and checks what is to be checked.
pub(super) fn look_after(step: &mut Step<'_>) {
    for at in 0..step.task.containers.len() {
        let container = &step.task.containers[at];
        let Some(spec) = step.spec(container) else { continue };
        if may_restart(spec, container) {
            restart(step, at);
        } else {
            probe::check(step, at, spec);
        }
    }
}

/// Whether an essential container has run and ended. One that is to be restarted has been restarted
/// before this is asked.
pub(super) fn essential_ended(step: &Step<'_>) -> bool {
    step.task.containers.iter().any(|container| {
        let essential = step.spec(container).is_some_and(|spec| spec.essential);
        essential && container.state.exit_code().is_some()
    })
}

/// Tells the task to stop because an essential container ended.
pub(super) fn stop_essential(step: &mut Step<'_>) {
    step.task.stop_for(StopCode::EssentialContainerExited, ESSENTIAL_EXITED, step.moment.now);
}

/// Whether a container's restart policy brings it back: it ran for at least the attempt period,
/// and its exit code is not one to be left alone.
fn may_restart(spec: &ContainerSpec, container: &Container) -> bool {
    let ContainerState::Stopped { started: Some(started), at, exit_code: Some(code), .. } =
        container.state
    else {
        return false;
    };
    spec.restart.as_ref().is_some_and(|policy| {
        let ran = at.since(started);
        ran >= policy.attempt_period && !policy.ignored_exit_codes.contains(&code)
    })
}

/// Starts a container again. It keeps its id; its health begins anew.
fn restart(step: &mut Step<'_>, at: usize) {
    let container = &mut step.task.containers[at];
    container.restarts += 1;
    container.health = ContainerHealth::default();
    container.state = ContainerState::Starting { since: step.moment.now };
}
