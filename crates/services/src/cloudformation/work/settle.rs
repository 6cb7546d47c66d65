//! A resource is watched until it is stable.

use super::{Case, PATIENCE, is_over};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::Hand;
use crate::cloudformation::types::{self, Look};
use world::StackResourceKey;
use world::stack::{Properties, ResourceStatus, Work};

/// Looks whether a resource is as it should be.
pub fn settle(hand: &mut Hand<'_>, key: &StackResourceKey) {
    let Some(mut case) = Case::of(hand, key) else { return };
    let Work::Settle { since } = case.resource.work else { return };
    let (Some(kind), Some(standing)) =
        (types::find(&case.resource.kind), case.resource.standing.clone())
    else {
        return;
    };
    match kind.look(hand, &standing) {
        Ok(Look::Stable(attributes)) => {
            if let Some(standing) = &mut case.resource.standing {
                standing.attributes = Properties(attributes);
            }
            case.resource.work = Work::Rest;
            let status = case.resource.status.unwrap_or(ResourceStatus::CreateInProgress).done();
            case.turn(hand, status, None);
        }
        Ok(Look::NotYet) if is_over(since, PATIENCE, hand) => {
            case.fail(hand, &Failure::handler("NotStabilized", "Exceeded attempts to wait"));
        }
        // Nothing has changed, so nothing is written.
        Ok(Look::NotYet) => return,
        Err(failure) => case.fail(hand, &failure),
    }
    case.keep(hand);
}
