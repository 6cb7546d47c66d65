//! ACTIVATING: images are pulled, containers start as their dependencies allow, targets are
//! registered; then the task is RUNNING.

use super::depend::{self, Readiness};
use super::step::Step;
use super::{START_LIMIT, logs, run, secrets};
use crate::registration;
use model::Secret;
use std::collections::BTreeMap;
use world::{ContainerState, Phase, TaskDefinition};

/// AWS's text for a start that takes longer than [`START_LIMIT`].
const START_LATE: &str = "ContainerRuntimeTimeoutError: Could not transition to running; timed out \
    after waiting 1m: the container has not started";

/// Looks up what the containers need and asks for their images; all of them are pulled at once.
pub(super) fn begin(step: &mut Step<'_>) {
    match prepare(step) {
        Ok(secrets) => {
            step.task.secrets = secrets;
            for container in &mut step.task.containers {
                container.state = ContainerState::Pulling;
            }
            step.enter(Phase::Activating);
        }
        Err(reason) => step.task.fail_to_start(&reason, step.moment.now),
    }
}

/// Secrets come first, then log groups, as on Fargate: nothing is pulled for a task that can't run.
fn prepare(step: &mut Step<'_>) -> Result<BTreeMap<String, Secret>, String> {
    let Some(definition) = step.definition else {
        return Err("TaskFailedToStart: the task definition is gone".to_owned());
    };
    let secrets = secrets::read(definition, step.world)?;
    for container in &definition.containers {
        logs::ensure_group(step, container)?;
    }
    Ok(secrets)
}

/// Moves the containers on, and the task when all of them are up.
pub(super) fn activate(step: &mut Step<'_>) {
    let Some(definition) = step.definition else { return };
    // No container starts before every image is here: a task that can't have one of them shows
    // its other containers as never started (reference §1.5, observed).
    let pulls = step.task.containers.iter().any(|held| held.state == ContainerState::Pulling);
    if !pulls {
        run::look_after(step);
        start_ready(step, definition);
        give_up_late(step);
    }
    if let Some(reason) = never_ran(step, definition) {
        step.task.fail_to_start(&reason, step.now());
    } else if !pulls {
        come_up(step);
    }
}

/// Makes the task RUNNING when all of its containers run and its targets are registered.
fn come_up(step: &mut Step<'_>) {
    let up = step.task.containers.iter().all(|held| has_come_up(&held.state));
    let ended = run::essential_ended(step);
    match (up, ended) {
        // A task whose containers all came up was RUNNING, however shortly: it is not held back as
        // one that failed to start (reference §3.9).
        (true, true) => step.enter(Phase::Running),
        (true, false) if registration::complete(&step.task, step.world) => {
            step.enter(Phase::Running);
        }
        (false, true) => run::stop_essential(step),
        (true, false) | (false, false) => {}
    }
}

/// Why the task can't start: an essential container that will never run.
fn never_ran(step: &Step<'_>, definition: &TaskDefinition) -> Option<String> {
    let essential = definition.containers.iter().filter(|spec| spec.essential);
    let mut essential = essential.filter_map(|spec| step.task.container(spec.name.as_str()));
    essential.find_map(|container| match &container.state {
        ContainerState::Stopped { started: None, reason, .. } => {
            Some(reason.clone().unwrap_or_else(|| "TaskFailedToStart".to_owned()))
        }
        _ => None,
    })
}

/// Whether a container has run, or never will.
fn has_come_up(state: &ContainerState) -> bool {
    state.started().is_some() || state.is_stopped()
}

/// Starts the containers whose dependencies are met, and gives up those that can never start.
fn start_ready(step: &mut Step<'_>, definition: &TaskDefinition) {
    for at in 0..step.task.containers.len() {
        if step.task.containers[at].state != ContainerState::Pulled {
            continue;
        }
        let Some(spec) = step.spec(&step.task.containers[at]) else { continue };
        match depend::readiness(spec, &step.task, definition, step.now()) {
            Readiness::Ready => match logs::ensure_stream(step, spec) {
                Ok(()) => start(step, at),
                Err(reason) => give_up(step, at, reason),
            },
            Readiness::Waiting => {}
            Readiness::WaitingUntil(until) => {
                step.passed(until);
            }
            Readiness::Never(why) => give_up(step, at, format!("CannotStartContainerError: {why}")),
            Readiness::TimedOut(why) => {
                let reason = format!("CannotStartContainerError: {why}");
                step.task.fail_to_start(&reason, step.now());
                give_up(step, at, reason);
            }
        }
    }
}

fn start(step: &mut Step<'_>, at: usize) {
    let runtime_id = format!("{}-{}", step.task.key.id, step.ids.digits(10));
    let container = &mut step.task.containers[at];
    container.runtime_id = Some(runtime_id);
    container.state = ContainerState::Starting { since: step.moment.now };
}

fn give_up(step: &mut Step<'_>, at: usize, reason: String) {
    step.task.containers[at].state = ContainerState::Stopped {
        started: None,
        at: step.moment.now,
        exit_code: None,
        reason: Some(reason),
    };
}

/// Gives up containers whose start takes too long.
fn give_up_late(step: &mut Step<'_>) {
    for at in 0..step.task.containers.len() {
        if let ContainerState::Starting { since } = step.task.containers[at].state
            && step.passed(since + START_LIMIT)
        {
            give_up(step, at, START_LATE.to_owned());
        }
    }
}
