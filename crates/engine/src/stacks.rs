//! Steps of stacks: calls that the region makes of itself, held against their shapes as those of
//! clients are.

use crate::desk::Desk;
use api::{Fault, Operation, Value};
use control::StackStep;
use model::{Ids, Timestamp};
use services::{Caller, cloudformation};
use std::panic::{AssertUnwindSafe, catch_unwind};
use wire::Dialect;
use world::Draft;

/// Carries a step out on the draft, in the name of whoever asked for the stack. A step that breaks
/// is undone, and its resource counts as failed.
pub(crate) fn carry_out(
    desk: &Desk,
    (draft, ids): (&mut Draft, &mut Ids),
    step: &StackStep,
    now: Timestamp,
) {
    let stack = match step {
        StackStep::Make(key) | StackStep::Settle(key) | StackStep::Remove(key) => &key.stack,
        StackStep::Conclude(stack) => stack,
    };
    let Some((arn, id)) = draft.stacks.get(stack).map(|stack| stack.caller.clone()) else { return };
    let caller = Caller { arn, id };
    let cx = desk.cx(now, &caller);
    let mark = draft.mark();
    let mut hand = cloudformation::Hand { draft, cx, ids, table: &desk.table, check };
    let done = catch_unwind(AssertUnwindSafe(|| match step {
        StackStep::Make(key) => cloudformation::make(&mut hand, key),
        StackStep::Settle(key) => cloudformation::settle(&mut hand, key),
        StackStep::Remove(key) => cloudformation::remove(&mut hand, key),
        StackStep::Conclude(stack) => cloudformation::conclude(&mut hand, stack),
    }));
    if done.is_err() {
        tracing::error!(?step, "a step of a stack panicked");
        hand.draft.back_to(mark);
        match step {
            StackStep::Make(key) | StackStep::Settle(key) | StackStep::Remove(key) => {
                cloudformation::give_up(&mut hand, key);
            }
            StackStep::Conclude(stack) => cloudformation::stop(&mut hand, stack),
        }
    }
}

/// Refuses an input as the door would.
fn check(operation: &'static Operation, input: &Value) -> Result<(), Fault> {
    let model = operation.service.model();
    let dialect = Dialect { service: Some(operation.service), protocol: model.protocol() };
    wire::validate(operation, input).map_err(|refusal| refusal.fault(dialect))
}
