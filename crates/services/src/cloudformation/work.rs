//! A stack's steps, carried out: one resource brought, watched or removed by ordinary operations.
//!
//! Each step changes the resource's row and tells an event, in the same draft in which the operation
//! does its work: after a crash both have happened, or neither.

mod conclude;
mod make;
mod remove;
mod settle;

use super::failure::Failure;
use super::hand::Hand;
use model::{Span, StackArn, Timestamp};
use world::stack::{ResourceStatus, StackResource, Work};
use world::{Stack, StackResourceKey};

pub use conclude::conclude;
pub(super) use conclude::{evaluate, importers};
pub use make::make;
pub use remove::remove;
pub use settle::settle;

/// How long CloudFormation waits for a resource to become stable: 3 hours for a service of ECS, and
/// no more for anything else here.
const PATIENCE: Span = Span::minutes(3 * 60);

/// A stack with one of its resources, while a step changes both.
struct Case {
    stack: Stack,
    resource: StackResource,
}

impl Case {
    /// The resource and its stack; nothing when it is not there any more.
    fn of(hand: &Hand<'_>, key: &StackResourceKey) -> Option<Self> {
        let stack = hand.draft.stacks.get(&key.stack)?.clone();
        let resource = hand.draft.stack_resources.get(key)?.clone();
        Some(Self { stack, resource })
    }

    /// Turns the resource to a status, and tells it.
    fn turn(&mut self, hand: &mut Hand<'_>, status: ResourceStatus, reason: Option<String>) {
        self.resource.status = Some(status);
        self.resource.reason = reason;
        self.resource.at = hand.cx.now;
        let event = self.stack.tell(&self.resource, hand.ids);
        hand.draft.put(event);
    }

    /// Turns the resource to what its status becomes by a failure.
    fn fail(&mut self, hand: &mut Hand<'_>, failure: &Failure) {
        let reason = failure.reason(hand.ids);
        let status = self.resource.status.unwrap_or(ResourceStatus::CreateInProgress).failed();
        self.resource.work = Work::Failed;
        self.turn(hand, status, Some(reason));
    }

    /// Keeps what the step came to.
    fn keep(self, hand: &mut Hand<'_>) {
        hand.draft.put(self.resource);
        hand.draft.put(self.stack);
    }
}

/// Whether a wait that began then has lasted too long.
fn is_over(since: Timestamp, patience: Span, hand: &Hand<'_>) -> bool {
    since + hand.cx.pace.wait(patience) <= hand.cx.now
}

/// A step that broke: its resource fails, so that it is not tried for ever.
pub fn give_up(hand: &mut Hand<'_>, key: &StackResourceKey) {
    if let Some(mut case) = Case::of(hand, key) {
        let failure = Failure::handler("InternalFailure", "Internal Failure");
        case.fail(hand, &failure);
        case.keep(hand);
    }
}

/// A conclusion that broke: the operation turns round, so that it is not tried for ever.
pub fn stop(hand: &mut Hand<'_>, stack: &StackArn) {
    if let Some(stack) = hand.draft.stacks.get(stack).cloned() {
        hand.draft.put(Stack { stop: Some("Internal Failure".to_owned()), ..stack });
    }
}
