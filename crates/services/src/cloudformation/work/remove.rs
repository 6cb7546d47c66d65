//! A resource is removed, unless it is to stay.

use super::{Case, is_over};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::Hand;
use crate::cloudformation::types::{self, Removal};
use model::Span;
use world::StackResourceKey;
use world::stack::{Keeping, ResourceStatus, StackStatus, Work};

/// How long something that others still need is tried again. Tasks that stop give their addresses
/// back within minutes.
const BUSY: Span = Span::minutes(15);
/// How long something may take to go.
const GOING: Span = Span::minutes(60);

/// Removes a resource, or looks whether it is gone.
pub fn remove(hand: &mut Hand<'_>, key: &StackResourceKey) {
    let Some(mut case) = Case::of(hand, key) else { return };
    let Some(standing) = case.resource.standing.clone() else {
        // It was never there: what began to be made and failed.
        case.resource.work = Work::Rest;
        case.turn(hand, ResourceStatus::DeleteComplete, None);
        return case.keep(hand);
    };
    if stays(&case) {
        case.resource.work = Work::Rest;
        case.turn(hand, ResourceStatus::DeleteSkipped, None);
        return case.keep(hand);
    }
    let (since, first) = match case.resource.work {
        Work::Vanish { since } => (since, false),
        _ => (hand.cx.now, true),
    };
    if first {
        case.turn(hand, ResourceStatus::DeleteInProgress, None);
    }
    let Some(kind) = types::find(&case.resource.kind) else { return };
    let mark = hand.draft.mark();
    let going = Work::Vanish { since };
    match kind.remove(hand, &standing) {
        Ok(Removal::Gone) => gone(hand, &mut case),
        Err(failure) if failure.is_missing() => gone(hand, &mut case),
        Ok(Removal::Going) if !is_over(since, GOING, hand) => case.resource.work = going,
        Ok(Removal::Going) => {
            case.fail(hand, &Failure::handler("NotStabilized", "Exceeded attempts to wait"));
        }
        Err(failure) => {
            hand.draft.back_to(mark);
            if failure.is_busy() && !is_over(since, BUSY, hand) {
                // Another try that came to nothing is not written.
                if !first {
                    return;
                }
                case.resource.work = going;
            } else {
                case.fail(hand, &failure);
            }
        }
    }
    let unchanged = hand.draft.stack_resources.get(key) == Some(&case.resource);
    if !unchanged {
        case.keep(hand);
    }
}

fn gone(hand: &mut Hand<'_>, case: &mut Case) {
    case.resource.work = Work::Rest;
    case.turn(hand, ResourceStatus::DeleteComplete, None);
}

/// Whether the template wants it to stay. `RetainExceptOnCreate` lets go what an operation that
/// failed has made.
fn stays(case: &Case) -> bool {
    let new = match case.stack.status {
        StackStatus::RollbackInProgress => true,
        StackStatus::UpdateRollbackCleanup => case.resource.before.is_none(),
        _ => false,
    };
    match case.resource.terms.keeping {
        Keeping::Delete => false,
        Keeping::Retain => true,
        Keeping::RetainExceptOnCreate => !new,
    }
}
