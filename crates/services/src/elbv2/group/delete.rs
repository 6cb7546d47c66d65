//! `DeleteTargetGroup`.

use super::super::fault;
use crate::Cx;
use api::Fault;
use api::elbv2::{DeleteTargetGroupInput, DeleteTargetGroupOutput};
use model::{Ids, TargetGroupArn};
use world::{Draft, RowKey};

/// Deletes a group, with its targets, that nothing leads to. One that is not there is no mistake:
/// the model declares no error for it.
pub(in super::super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteTargetGroupInput,
) -> Result<DeleteTargetGroupOutput, Fault> {
    let arn = TargetGroupArn::from(input.target_group_arn);
    if draft.balancer_of(&arn).is_some() {
        return Err(fault::group::in_use(arn.as_str()));
    }
    let targets: Vec<_> = draft.targets_of(&arn).map(|target| target.key.clone()).collect();
    for target in targets {
        draft.remove(RowKey::Target(target));
    }
    draft.remove(RowKey::TargetGroup(arn));
    Ok(DeleteTargetGroupOutput {})
}
