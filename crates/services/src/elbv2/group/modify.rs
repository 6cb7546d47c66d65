//! `ModifyTargetGroup`.

use super::check::{self, Asked, Kind};
use super::{find, show};
use crate::Cx;
use api::Fault;
use api::elbv2::{ModifyTargetGroupInput, ModifyTargetGroupOutput};
use model::Ids;
use world::{Draft, TargetGroup};

/// Changes how a group's targets are checked; what is not given stays.
pub(in super::super) fn modify(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: ModifyTargetGroupInput,
) -> Result<ModifyTargetGroupOutput, Fault> {
    let group = find(draft, &input.target_group_arn)?.clone();
    let kind = Kind { target_type: &group.target_type, protocol_version: &group.protocol_version };
    let check = check::changed(group.check.clone(), Asked::from(input), &kind)?;
    let group = TargetGroup { check, ..group };
    let shown = show::group(&group, draft);
    draft.put(group);
    Ok(ModifyTargetGroupOutput { target_groups: Some(vec![shown]) })
}
