//! Resources on their way to the stack's version.

use super::{StackStep, fail, is_under_way, look_again};
use crate::decision::{Decision, Moment};
use model::Ids;
use std::collections::BTreeSet;
use world::Stack;
use world::stack::{StackResource, Work};

/// Who is next: everyone whose needs are met, at once. The first failure ends it.
pub(super) fn decide(
    stack: &Stack,
    all: &[&StackResource],
    moment: Moment,
    ids: &mut Ids,
) -> Decision {
    let overdue = stack.due.is_some_and(|due| due <= moment.now);
    let failed = all.iter().any(|resource| resource.work == Work::Failed);
    if failed || overdue || stack.stop.is_some() {
        return fail::decide(stack, all, moment, ids);
    }
    let mut decision = Decision::nothing();
    let unfinished: BTreeSet<&str> = all
        .iter()
        .filter(|resource| resource.work == Work::Make || is_under_way(resource))
        .map(|resource| resource.key.logical.as_str())
        .collect();
    if unfinished.is_empty() {
        decision.steps.push(StackStep::Conclude(stack.arn.clone()));
        return decision;
    }
    for resource in all {
        let needs = &resource.terms.needs;
        if is_under_way(resource) {
            decision.steps.push(StackStep::Settle(resource.key.clone()));
            look_again(&mut decision, moment);
        } else if resource.work == Work::Make
            && needs.iter().all(|needed| !unfinished.contains(needed.as_str()))
        {
            decision.steps.push(StackStep::Make(resource.key.clone()));
        }
    }
    if let Some(due) = stack.due {
        decision.wake(due);
    }
    decision
}
