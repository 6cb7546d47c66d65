//! What should happen next.
//!
//! Every decision is a function from a [`World`], a [`Subject`] and a [`Moment`] to a [`Decision`]:
//! rows to change, actions for the hands, reasons for people, and when to be asked again. No clock,
//! no chance, no I/O: the same input gives the same decision, so the code that runs tasks also runs
//! in simulated time.
//!
//! One step a call: a decision does what is certain now and asks to be called again, when the World
//! has changed ([`subjects`] tells who cares about a changed row) or when a wait is over
//! ([`Decision::wake_at`]). A decision is about the World it was made from: apply it before asking
//! for the next one.
//!
//! This room must not know: drivers, sockets, protocols, how a row is stored.
//!
//! Start reading at `task.rs` and `service.rs`; how long AWS takes for things is in [`waits`].

pub mod action;
pub mod decision;
mod registration;
mod service;
mod stack;
pub mod subject;
mod sweep;
mod target;
mod task;
pub mod waits;

pub use action::{Action, Launch, Network, Probe};
pub use decision::{Decision, Moment, Note, Waiting};
pub use stack::StackStep;
pub use subject::{Subject, everyone, subjects};

use model::{ContainerName, Ids};
use world::{LogStreamKey, Phase, Task, World};

/// What should happen next with one subject.
///
/// New ids are taken from the stream; a subject that is not there any more decides nothing.
#[must_use]
pub fn decide(world: &World, subject: &Subject, moment: Moment, ids: &mut Ids) -> Decision {
    match subject {
        Subject::Task(key) => task::decide(world, key, moment, ids),
        Subject::Service(key) => service::decide(world, key, moment, ids),
        Subject::Targets(group) => target::decide(world, group, moment),
        Subject::Stack(arn) => stack::decide(world, arn, moment, ids),
        Subject::Sweep => sweep::decide(world, moment),
    }
}

/// Where a container's output goes, if anywhere.
#[must_use]
pub fn log_stream(world: &World, task: &Task, container: &ContainerName) -> Option<LogStreamKey> {
    let definition = world.definitions.get(&task.definition)?;
    task::logs::stream(definition.container(container.as_str())?, &task.key)
}

/// The open actions of a World: what was decided and may not have been carried out, or not to the
/// end, when the region stopped. Each may be carried out again.
#[must_use]
pub fn resume(world: &World) -> Vec<Action> {
    let tasks = world.tasks.iter().filter(|task| task.phase != Phase::Stopped);
    tasks.flat_map(|task| task::open::all(world, task)).collect()
}
