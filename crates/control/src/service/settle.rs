//! When a deployment is complete, and when a service is steady (reference §3.3, step 7).

use super::events;
use super::look::{self, Whose};
use super::pass::Pass;
use super::{alarm, progress, register, sides};
use crate::decision::Waiting;
use crate::registration;
use crate::waits;
use model::{Span, Timestamp};
use world::service::{DeploymentStatus, RolloutState, Stage};
use world::{Phase, Task};

/// Takes the older deployments off the list that have no task left. One that serves while another
/// comes up beside it stays, whatever becomes of its tasks.
pub(super) fn drop_replaced(pass: &mut Pass<'_>) {
    let alive: Vec<_> = pass
        .tasks()
        .filter(|task| task.phase < Phase::Deprovisioning)
        .filter_map(|task| task.deployment().cloned())
        .collect();
    let serving = pass.current.as_ref().filter(|current| !current.has_ended());
    let serving = serving.filter(|current| current.stage().is_some_and(|at| at < Stage::CleanUp));
    let serving = serving.and_then(|current| current.serving.clone());
    pass.service.deployments.retain(|deployment| {
        deployment.status == DeploymentStatus::Primary
            || alive.contains(&deployment.id)
            || serving.as_ref() == Some(&deployment.id)
    });
}

/// Completes the deployment, or says that the service is steady, when all is as it should be.
pub(super) fn settle(pass: &mut Pass<'_>) {
    let acted = !pass.is_idle();
    if !is_as_desired(pass) {
        return unsettle(pass);
    }
    end_failures(pass);
    if sides::of(pass).is_some() {
        // The last stage says when it is done.
    } else if is_rolling(pass) {
        complete(pass);
    } else if !acted {
        // What was changed in this pass shows its effect in the next.
        steady(pass);
    }
}

/// When all is well a row of failures has ended, also one whose last task was stopped after its
/// replacement had become healthy.
fn end_failures(pass: &mut Pass<'_>) {
    let resets = pass.service.configuration.breaker.reset_on_healthy;
    if let Some(primary) = pass.primary_mut().filter(|_| resets) {
        primary.failed_tasks = 0;
    }
}

/// Whether the PRIMARY deployment has all its tasks, all healthy, and no other task is to stay or
/// gets requests still.
fn is_as_desired(pass: &mut Pass<'_>) -> bool {
    let members = look::members(pass);
    let new = look::side(&members, Whose::New);
    let all = members.iter().all(|member| member.whose == Whose::New);
    let desired = pass.service.desired_count;
    all && new.healthy() == desired && new.total() == desired && !register::has_leavers(pass)
}

fn is_rolling(pass: &Pass<'_>) -> bool {
    pass.service.primary().is_some_and(|primary| primary.rollout == RolloutState::InProgress)
}

fn unsettle(pass: &mut Pass<'_>) {
    pass.service.steady_since = None;
    if let Some(primary) = pass.primary_mut() {
        primary.settled_since = None;
    }
}

/// Watches the deployment for a while, and for as long as older tasks drain, then completes it.
fn complete(pass: &mut Pass<'_>) {
    let since = settled_since(pass);
    let Some(primary) = pass.primary_mut() else { return };
    primary.settled_since = Some(since);
    let bake = match pass.service.configuration.bake_minutes {
        0 => alarm::bake(pass),
        minutes => Span::minutes(u64::from(minutes)),
    };
    let until = since + pass.moment.pace.wait(waits::SETTLE + bake);
    if !pass.passed(until) {
        return pass.note(Waiting::Settling { until });
    }
    // Older tasks may drain for longer; the change of their rows wakes the service.
    if pass.service.deployments.len() > 1 {
        return;
    }
    finish(pass);
}

/// Completes a deployment with stages when nothing of the other revision is left.
pub(super) fn finish_when_clean(pass: &mut Pass<'_>) {
    if is_as_desired(pass) && pass.service.deployments.len() == 1 {
        finish(pass);
    }
}

fn finish(pass: &mut Pass<'_>) {
    let now = pass.now();
    let Some(primary) = pass.primary_mut() else { return };
    primary.complete(now);
    let done = primary.clone();
    let message = events::completed(&pass.service.key.name, &done.id);
    pass.service.completed = Some(done);
    progress::succeed(pass);
    pass.service.steady_since = None;
    pass.tell(message);
    steady(pass);
}

/// Since when nothing is left to do: since this pass, or, when no older task had to go, since the
/// last of the tasks was registered. The tasks that are gone back to were registered long ago; a
/// way back is watched as long as any other (reference §10, T5).
fn settled_since(pass: &Pass<'_>) -> Timestamp {
    let before = pass.service.primary().and_then(|primary| primary.settled_since);
    before.unwrap_or_else(|| {
        let registered = pass.tasks().filter(|task| task.is_wanted());
        let registered = registered.filter_map(|task| registered_at(task, pass)).max();
        let alone = pass.service.deployments.len() == 1;
        let back = pass.current.as_ref().is_some_and(|current| current.rollback.is_some());
        registered.filter(|_| alone && !back).unwrap_or_else(|| pass.now())
    })
}

fn registered_at(task: &Task, pass: &Pass<'_>) -> Option<Timestamp> {
    let keys = registration::of(task, &pass.service);
    let targets = keys.iter().filter_map(|key| pass.target(key));
    targets.map(|target| target.registered_at).max()
}

/// Says that the service is steady when it has become so, and every six hours after that.
fn steady(pass: &mut Pass<'_>) {
    let message = events::steady(&pass.service.key.name);
    let said = pass.world.events_of(&pass.service.key).rev();
    let said = said.filter(|event| event.message == message).map(|event| event.at).next();
    let since = pass.service.steady_since;
    let repeats = match said.filter(|_| since.is_some()) {
        Some(said) => pass.waited(said, waits::REPEAT),
        None => true,
    };
    if repeats {
        pass.service.steady_since = since.or(Some(pass.now()));
        pass.tell(message);
        pass.rest();
        // Asks for the pass that repeats it.
        pass.waited(pass.now(), waits::REPEAT);
    }
}
