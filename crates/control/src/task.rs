//! A task's way from PROVISIONING to STOPPED.
//!
//! Each call moves a task by what is certain now: one phase, or all containers that may start. What
//! the hands have to do is never decided twice: a task's row implies its open actions
//! ([`open`](mod@open)), and a decision carries those that its new row adds. So the actions after a
//! crash, derived from the rows alone, are the same.

mod activate;
mod depend;
mod effective;
mod leave;
pub(crate) mod logs;
pub(crate) mod open;
mod probe;
mod run;
mod secrets;
mod step;

use crate::decision::{Decision, Moment};
use crate::waits;
use model::{Ids, Span};
use step::Step;
use world::task::Attachment;
use world::{Phase, RowKey, Task, TaskKey, World};

/// How long a driver may take to start a container: its own time, which speed does not shorten
/// (reference §1.5, `ContainerRuntimeTimeoutError`).
const START_LIMIT: Span = Span::minutes(1);

/// What a task does next.
pub(crate) fn decide(world: &World, key: &TaskKey, moment: Moment, ids: &mut Ids) -> Decision {
    let Some(task) = world.tasks.get(key) else { return Decision::nothing() };
    if task.phase == Phase::Stopped {
        return forget(task, moment);
    }
    let mut step = Step::of(world, task, moment, ids);
    match task.phase {
        _ if !task.is_wanted() => leave::leave(&mut step),
        Phase::Provisioning => provision(&mut step),
        Phase::Pending => pend(&mut step),
        Phase::Activating => activate::activate(&mut step),
        Phase::Running => run::run(&mut step),
        // Only a task that was told to stop gets there.
        Phase::Deactivating | Phase::Stopping | Phase::Deprovisioning | Phase::Stopped => {}
    }
    step.finish()
}

/// A stopped task is shown for a while, then it is gone.
fn forget(task: &Task, moment: Moment) -> Decision {
    let mut decision = Decision::nothing();
    let until = task.phase_since + moment.pace.wait(waits::STOPPED_SHOWN);
    if moment.now < until {
        decision.wake(until);
    } else {
        decision.gone.push(RowKey::Task(task.key.clone()));
    }
    decision
}

/// Its network is made, which takes AWS its time even where we are quicker.
fn provision(step: &mut Step<'_>) {
    match step.task.attachment {
        Attachment::Precreated => step.task.attachment = Attachment::Attaching,
        Attachment::Attached => {
            if step.waited(step.task.times.created, waits::ATTACH) {
                step.enter(Phase::Pending);
            }
        }
        Attachment::Attaching | Attachment::Detaching | Attachment::Deleted => {}
    }
}

/// The agent takes it up: what its containers need is looked up, their images are asked for.
fn pend(step: &mut Step<'_>) {
    if step.waited(step.task.phase_since, waits::AGENT) {
        activate::begin(step);
    }
}
