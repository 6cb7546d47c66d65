//! `CreateStack`.

use super::version::{self, Given};
use super::{fault, find, plan};
use crate::Cx;
use api::Fault;
use api::cloudformation::{CreateStackInput, CreateStackOutput, DeploymentConfig};
use model::{Ids, Span, StackArn};
use std::collections::BTreeSet;
use world::stack::{OnFailure, StackStatus, StackVersion};
use world::{Draft, Stack, World};

/// Begins a stack: everything it is to have is known, nothing of it is there.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateStackInput,
) -> Result<CreateStackOutput, Fault> {
    check_absent(&input)?;
    check_name(&input.stack_name)?;
    if let Some(held) = find::any(draft, &input.stack_name) {
        let repeated = held.token.is_some() && held.token == input.client_request_token;
        return match repeated {
            true => Ok(answer(&held.arn)),
            false => Err(fault::exists(&input.stack_name)),
        };
    }
    let on_failure = on_failure(input.disable_rollback, input.on_failure.as_deref());
    let given = Given {
        body: input.template_body,
        url: input.template_url,
        previous: false,
        parameters: input.parameters,
        tags: input.tags,
        capabilities: input.capabilities,
        role: input.role_arn,
        notifications: input.notification_ar_ns,
    };
    let (version, _) = version::parse(draft, cx, given, None)?;
    let minutes = input.timeout_in_minutes.and_then(|it| u64::try_from(it).ok());
    let mut stack = new(draft, cx, ids, &input.stack_name);
    stack.version = version;
    stack.on_failure = on_failure;
    stack.due = minutes.map(|it| cx.now + cx.pace.wait(Span::minutes(it)));
    stack.protected = input.enable_termination_protection.unwrap_or(false);
    stack.policy = input.stack_policy_body;
    stack.token = input.client_request_token;
    start(draft, cx, ids, &mut stack)?;
    Ok(answer(&stack.arn))
}

fn answer(arn: &StackArn) -> CreateStackOutput {
    CreateStackOutput { stack_id: Some(arn.to_string()), operation_id: None }
}

/// A stack of this name, with nothing to it yet.
pub(super) fn new(world: &World, cx: &Cx<'_>, ids: &mut Ids, name: &str) -> Stack {
    let arn = world.place.arn("cloudformation", &format!("stack/{name}/{}", ids.uuid()));
    Stack {
        arn: arn.into(),
        name: name.to_owned(),
        status: StackStatus::ReviewInProgress,
        reason: None,
        created_at: cx.now,
        updated_at: None,
        deleted_at: None,
        started_at: cx.now,
        stop: None,
        due: None,
        version: StackVersion::default(),
        before: None,
        outputs: Vec::new(),
        imports: BTreeSet::new(),
        on_failure: OnFailure::Rollback,
        protected: false,
        policy: None,
        change_set: None,
        token: None,
        caller: (cx.caller.arn.clone(), cx.caller.id.clone()),
        drift: None,
        next_event: 0,
        next_past: 1,
    }
}

/// Sets a new stack to work.
pub(super) fn start(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    stack: &mut Stack,
) -> Result<(), Fault> {
    let rows = plan::rows(draft, stack, cx.now).map_err(fault::trouble)?;
    stack.started_at = cx.now;
    stack.caller = (cx.caller.arn.clone(), cx.caller.id.clone());
    let reason = Some("User Initiated".to_owned());
    let event = stack.turn(StackStatus::CreateInProgress, reason, cx.now, ids);
    draft.put(event);
    plan::begin(draft, stack, rows);
    draft.put(stack.clone());
    Ok(())
}

/// What becomes of a stack that fails.
pub(super) fn on_failure(disabled: Option<bool>, word: Option<&str>) -> OnFailure {
    match (disabled, word) {
        (Some(true), _) | (_, Some("DO_NOTHING")) => OnFailure::Nothing,
        (_, Some("DELETE")) => OnFailure::Delete,
        _ => OnFailure::Rollback,
    }
}

pub(super) fn check_name(name: &str) -> Result<(), Fault> {
    let begins = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let fits = name.len() <= 128 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if begins && fits { Ok(()) } else { Err(fault::bad_name(name)) }
}

/// What the region can't do is refused.
fn check_absent(input: &CreateStackInput) -> Result<(), Fault> {
    let triggers = input.rollback_configuration.as_ref();
    if triggers.and_then(|it| it.rollback_triggers.as_ref()).is_some_and(|it| !it.is_empty()) {
        return Err(fault::not_implemented("RollbackConfiguration.RollbackTriggers"));
    }
    if input.stack_policy_url.is_some() {
        return Err(fault::not_implemented("StackPolicyURL"));
    }
    if input.retain_except_on_create == Some(true) {
        return Err(fault::not_implemented("RetainExceptOnCreate; say it as a DeletionPolicy"));
    }
    check_mode(input.deployment_config.as_ref())
}

/// What the CDK always says is what the region always does; nothing else is there.
pub(super) fn check_mode(config: Option<&DeploymentConfig>) -> Result<(), Fault> {
    let usual = DeploymentConfig { mode: Some("STANDARD".to_owned()), disable_rollback: None };
    match config {
        Some(other) if *other != usual && *other != DeploymentConfig::default() => {
            Err(fault::not_implemented("a DeploymentConfig other than STANDARD"))
        }
        _ => Ok(()),
    }
}
