//! A stack's way to what its template says, back, or out of the world.
//!
//! Here is decided whose turn it is; what a resource's turn consists of, `services` knows: it calls
//! ordinary operations of the region. Both happen in one transaction, so a stack that was cut off
//! goes on where it was.
//!
//! Three movements: [`build`] brings resources to a version, those that need others after them;
//! [`fail`] turns round when that does not work; [`clear`] takes resources out, in the other order.

mod build;
mod clear;
mod fail;

use crate::decision::{Decision, Moment};
use crate::waits;
use model::{Ids, Span, StackArn};
use world::stack::{StackResource, StackStatus, Work};
use world::{RowKey, Stack, StackResourceKey, World};

/// An operation that a stack asks of the region. Asking twice is the same as once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StackStep {
    /// Bring a resource to the stack's version: make it, change it, replace it, or leave it.
    Make(StackResourceKey),
    /// Look whether a resource is stable.
    Settle(StackResourceKey),
    /// Remove a resource, or look whether it is gone.
    Remove(StackResourceKey),
    /// All resources are there: find the outputs, and end the operation.
    Conclude(StackArn),
}

/// The least time between two looks, however fast the region is.
const LEAST: Span = Span::millis(100);

/// What a stack does next.
pub(crate) fn decide(world: &World, arn: &StackArn, moment: Moment, ids: &mut Ids) -> Decision {
    let Some(stack) = world.stacks.get(arn) else { return Decision::nothing() };
    let all: Vec<&StackResource> = world.resources_of(arn).collect();
    match stack.status {
        StackStatus::CreateInProgress
        | StackStatus::UpdateInProgress
        | StackStatus::UpdateRollbackInProgress => build::decide(stack, &all, moment, ids),
        StackStatus::RollbackInProgress
        | StackStatus::DeleteInProgress
        | StackStatus::UpdateCleanup
        | StackStatus::UpdateRollbackCleanup => clear::decide((world, stack), &all, moment, ids),
        StackStatus::DeleteComplete => forget(world, stack, moment),
        StackStatus::ReviewInProgress
        | StackStatus::CreateFailed
        | StackStatus::CreateComplete
        | StackStatus::RollbackFailed
        | StackStatus::RollbackComplete
        | StackStatus::DeleteFailed
        | StackStatus::UpdateComplete
        | StackStatus::UpdateFailed
        | StackStatus::UpdateRollbackFailed
        | StackStatus::UpdateRollbackComplete => Decision::nothing(),
    }
}

/// Asks to look again at what is not stable yet.
fn look_again(decision: &mut Decision, moment: Moment) {
    decision.wake(moment.now + moment.pace.wait(waits::STACK_LOOK).max(LEAST));
}

fn is_under_way(resource: &StackResource) -> bool {
    matches!(resource.work, Work::Settle { .. } | Work::Vanish { .. })
}

/// A deleted stack is shown for a while, and then gone with its resources and events.
fn forget(world: &World, stack: &Stack, moment: Moment) -> Decision {
    let mut decision = Decision::nothing();
    let due = stack.deleted_at.unwrap_or(moment.now) + moment.pace.wait(waits::DELETED_STACK_SHOWN);
    if due > moment.now {
        decision.wake(due);
        return decision;
    }
    let resources = world.resources_of(&stack.arn).map(|held| held.key.clone());
    let events = world.stack_events_of(&stack.arn).map(|held| held.key.clone());
    decision.gone.extend(resources.map(RowKey::StackResource));
    decision.gone.extend(events.map(RowKey::StackEvent));
    decision.gone.push(RowKey::Stack(stack.arn.clone()));
    decision
}

#[cfg(test)]
mod tests;
