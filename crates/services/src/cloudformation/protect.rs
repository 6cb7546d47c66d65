//! What keeps a stack from harm: termination protection, and its policy.

use super::{fault, find};
use crate::Cx;
use api::Fault;
use api::cloudformation::*;
use api::value::Nothing;
use model::Ids;
use world::{Draft, World};

/// `UpdateTerminationProtection`.
pub(super) fn termination(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: UpdateTerminationProtectionInput,
) -> Result<UpdateTerminationProtectionOutput, Fault> {
    let mut stack = find::changed(draft, &input.stack_name)?.clone();
    stack.protected = input.enable_termination_protection;
    let stack_id = Some(stack.arn.to_string());
    draft.put(stack);
    Ok(UpdateTerminationProtectionOutput { stack_id })
}

/// `SetStackPolicy`.
pub(super) fn set_policy(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: SetStackPolicyInput,
) -> Result<Nothing, Fault> {
    let mut stack = find::changed(draft, &input.stack_name)?.clone();
    if input.stack_policy_url.is_some() {
        return Err(fault::not_implemented("StackPolicyURL"));
    }
    stack.policy = input.stack_policy_body;
    draft.put(stack);
    Ok(Nothing)
}

/// `GetStackPolicy`.
pub(super) fn get_policy(
    world: &World,
    _: &Cx<'_>,
    input: GetStackPolicyInput,
) -> Result<GetStackPolicyOutput, Fault> {
    let stack = find::shown(world, &input.stack_name)?;
    Ok(GetStackPolicyOutput { stack_policy_body: stack.policy.clone() })
}
