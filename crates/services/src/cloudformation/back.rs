//! `CancelUpdateStack` and `ContinueUpdateRollback`.

use super::{fault, find};
use crate::Cx;
use api::Fault;
use api::cloudformation::{
    CancelUpdateStackInput, ContinueUpdateRollbackInput, ContinueUpdateRollbackOutput,
};
use api::value::Nothing;
use model::Ids;
use world::Draft;
use world::stack::{StackResource, StackStatus, Work};

/// `CancelUpdateStack`: the update under way turns back.
pub(super) fn cancel(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: CancelUpdateStackInput,
) -> Result<Nothing, Fault> {
    let mut stack = find::changed(draft, &input.stack_name)?.clone();
    if stack.status != StackStatus::UpdateInProgress {
        let status = stack.status.as_str();
        return Err(fault::can_not("CancelUpdateStack", stack.arn.as_str(), status));
    }
    stack.on_failure = world::stack::OnFailure::Rollback;
    stack.stop = Some("Update cancelled by user.".to_owned());
    draft.put(stack);
    Ok(Nothing)
}

/// `ContinueUpdateRollback`: the way back is tried again, without the resources to be passed over.
pub(super) fn go_on(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: ContinueUpdateRollbackInput,
) -> Result<ContinueUpdateRollbackOutput, Fault> {
    let mut stack = find::changed(draft, &input.stack_name)?.clone();
    if stack.status != StackStatus::UpdateRollbackFailed {
        let status = stack.status.as_str();
        return Err(fault::can_not("ContinueUpdateRollback", stack.arn.as_str(), status));
    }
    let skipped = input.resources_to_skip.unwrap_or_default();
    if let Some(other) = skipped
        .iter()
        .find(|name| !draft.resources_of(&stack.arn).any(|held| held.key.logical == **name))
    {
        return Err(fault::no_resource(other, &stack.name));
    }
    let rows: Vec<StackResource> = draft
        .resources_of(&stack.arn)
        .filter(|held| held.is_present() && held.before.is_some() && held.work != Work::Rest)
        .map(|held| {
            let skip = skipped.contains(&held.key.logical);
            let work = if skip { Work::Rest } else { Work::Make };
            StackResource { work, ..held.clone() }
        })
        .collect();
    rows.into_iter().for_each(|row| draft.put(row));
    stack.token = input.client_request_token;
    let reason = Some("User Initiated".to_owned());
    let event = stack.turn(StackStatus::UpdateRollbackInProgress, reason, cx.now, ids);
    draft.put(event);
    draft.put(stack);
    Ok(ContinueUpdateRollbackOutput {})
}
