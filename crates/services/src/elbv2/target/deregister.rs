//! `DeregisterTargets`.

use super::super::fault::group as fault;
use super::super::group::find;
use super::key;
use crate::Cx;
use api::Fault;
use api::elbv2::{DeregisterTargetsInput, DeregisterTargetsOutput};
use model::{Ids, Timestamp};
use world::{Draft, RowKey, Target, TargetState};

/// Deregisters targets: each drains for the group's deregistration delay, which is an AWS-side
/// wait, and is gone then. A target that is not there, or on its way out already, is no mistake.
pub(in super::super) fn deregister(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: DeregisterTargetsInput,
) -> Result<DeregisterTargetsOutput, Fault> {
    let group = find(draft, &input.target_group_arn)?.clone();
    if input.targets.is_empty() {
        return Err(fault::no_targets());
    }
    let until = cx.now + cx.pace.wait(group.deregistration_delay());
    for given in &input.targets {
        if let Some(target) = draft.targets.get(&key(&group, given)).cloned() {
            leave(draft, &target, until, cx.now);
        }
    }
    Ok(DeregisterTargetsOutput {})
}

/// Where no load balancer leads, no request can be in flight, so there is nothing to wait for.
fn leave(draft: &mut Draft, target: &Target, until: Timestamp, now: Timestamp) {
    match target.state {
        TargetState::Draining { .. } => {}
        TargetState::NotInUse => draft.remove(RowKey::Target(target.key.clone())),
        TargetState::Registering
        | TargetState::Checking
        | TargetState::Healthy
        | TargetState::Unhealthy(_) => {
            draft.put(target.turned(TargetState::Draining { until }, now));
        }
    }
}
