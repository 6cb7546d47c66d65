//! `UpdateStack`, and the beginning of every update.

use super::version::{self, Given};
use super::{create, differ, fault, find, plan};
use crate::Cx;
use api::Fault;
use api::cloudformation::{UpdateStackInput, UpdateStackOutput};
use model::Ids;
use world::stack::{StackStatus, StackVersion};
use world::{Draft, Stack};

/// Begins an update, if there is anything to change.
pub(super) fn update(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: UpdateStackInput,
) -> Result<UpdateStackOutput, Fault> {
    check_absent(&input)?;
    let mut stack = find::changed(draft, &input.stack_name)?.clone();
    let answer = UpdateStackOutput { stack_id: Some(stack.arn.to_string()), operation_id: None };
    if stack.token.is_some() && stack.token == input.client_request_token {
        return Ok(answer);
    }
    check_state(&stack)?;
    let given = Given {
        body: input.template_body,
        url: input.template_url,
        previous: input.use_previous_template.unwrap_or(false),
        parameters: input.parameters,
        tags: input.tags,
        capabilities: input.capabilities,
        role: input.role_arn,
        notifications: input.notification_ar_ns,
    };
    let (version, _) = version::parse(draft, cx, given, Some(&stack.version))?;
    stack.token = input.client_request_token;
    stack.on_failure = create::on_failure(input.disable_rollback, None);
    if let Some(policy) = input.stack_policy_body {
        stack.policy = Some(policy);
    }
    begin(draft, (cx, ids), &mut stack, version)?;
    Ok(answer)
}

/// Sets a stack to work for another version.
pub(super) fn begin(
    draft: &mut Draft,
    (cx, ids): (&Cx<'_>, &mut Ids),
    stack: &mut Stack,
    version: StackVersion,
) -> Result<(), Fault> {
    let changes = differ::changes(draft, stack, &version, cx.now).map_err(fault::trouble)?;
    if !changes.retyped.is_empty() {
        let names: Vec<&str> = changes.retyped.iter().map(String::as_str).collect();
        return Err(fault::other_type(&names));
    }
    let failed = matches!(stack.status, StackStatus::CreateFailed | StackStatus::UpdateFailed);
    if changes.is_empty() && stack.version.tags == version.tags && !failed {
        return Err(fault::no_updates());
    }
    // After a failure that was left as it is, the way back leads to what there was before it.
    let before = std::mem::replace(&mut stack.version, version);
    stack.before.get_or_insert_with(|| Box::new(before));
    let rows = plan::rows(draft, stack, cx.now).map_err(fault::trouble)?;
    stack.caller = (cx.caller.arn.clone(), cx.caller.id.clone());
    stack.started_at = cx.now;
    stack.updated_at = Some(cx.now);
    let reason = Some("User Initiated".to_owned());
    let event = stack.turn(StackStatus::UpdateInProgress, reason, cx.now, ids);
    draft.put(event);
    plan::begin(draft, stack, rows);
    draft.put(stack.clone());
    Ok(())
}

/// A stack at rest can be updated.
pub(super) fn check_state(stack: &Stack) -> Result<(), Fault> {
    if stack.status.takes_updates() {
        return Ok(());
    }
    Err(fault::wrong_state(stack.arn.as_str(), stack.status.as_str()))
}

fn check_absent(input: &UpdateStackInput) -> Result<(), Fault> {
    let triggers = input.rollback_configuration.as_ref();
    if triggers.and_then(|it| it.rollback_triggers.as_ref()).is_some_and(|it| !it.is_empty()) {
        return Err(fault::not_implemented("RollbackConfiguration.RollbackTriggers"));
    }
    let policies = [
        &input.stack_policy_url,
        &input.stack_policy_during_update_body,
        &input.stack_policy_during_update_url,
    ];
    if policies.into_iter().any(Option::is_some) {
        return Err(fault::not_implemented("StackPolicyURL and StackPolicyDuringUpdate"));
    }
    if input.retain_except_on_create == Some(true) {
        return Err(fault::not_implemented("RetainExceptOnCreate; say it as a DeletionPolicy"));
    }
    create::check_mode(input.deployment_config.as_ref())
}
