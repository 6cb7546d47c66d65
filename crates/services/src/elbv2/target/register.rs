//! `RegisterTargets`.

use super::super::group::find;
use super::super::{fault::group as fault, quota};
use super::{address, key};
use crate::Cx;
use api::Fault;
use api::elbv2::{RegisterTargetsInput, RegisterTargetsOutput, TargetDescription};
use model::Ids;
use world::{Draft, Target, TargetGroup, World};

/// Registers targets. One that is registered already stays as it is; one that drains comes back.
pub(in super::super) fn register(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: RegisterTargetsInput,
) -> Result<RegisterTargetsOutput, Fault> {
    let group = find(draft, &input.target_group_arn)?.clone();
    if input.targets.is_empty() {
        return Err(fault::no_targets());
    }
    for given in &input.targets {
        let zone = check(draft, &group, given)?;
        let key = key(&group, given);
        let old = draft.targets.get(&key);
        if old.is_some_and(|old| old.state.is_registered()) {
            continue;
        }
        let service = old.and_then(|old| old.service.clone());
        draft.put(Target::registered(key, zone, service, cx.now));
    }
    let registered = draft.targets_of(&group.arn).filter(|target| target.state.is_registered());
    if registered.count() > quota::TARGETS_PER_GROUP {
        return Err(fault::too_many_targets());
    }
    Ok(RegisterTargetsOutput {})
}

/// The zone of a target, if it can be one.
fn check(
    world: &World,
    group: &TargetGroup,
    given: &TargetDescription,
) -> Result<Option<String>, Fault> {
    if given.quic_server_id.is_some() {
        return Err(fault::no_quic());
    }
    if group.target_type == "instance" {
        return Err(fault::no_instances(&given.id));
    }
    address::zone(world, &given.id, given.availability_zone.as_deref())
}
