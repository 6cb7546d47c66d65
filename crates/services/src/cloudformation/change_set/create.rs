//! `CreateChangeSet`.

use super::super::version::{self, Given};
use super::super::{create, differ, fault, find, update};
use crate::Cx;
use api::Fault;
use api::cloudformation::{CreateChangeSetInput, CreateChangeSetOutput};
use model::Ids;
use world::stack::{ChangeSet, ChangeSetState, OnFailure, StackStatus};
use world::{Draft, Stack, World};

/// Why a change set that changes nothing can't be executed.
const NOTHING: &str = "The submitted information didn't contain changes. Submit different information to create a change set.";

/// Makes a change set; for a new stack, that too, in review.
pub(in crate::cloudformation) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateChangeSetInput,
) -> Result<CreateChangeSetOutput, Fault> {
    check_absent(&input)?;
    let mut stack = stack(draft, cx, ids, &input)?;
    let taken = draft
        .change_sets
        .iter()
        .find(|set| set.stack == stack.arn && set.name == input.change_set_name);
    if let Some(held) = taken {
        let repeated = held.token.is_some() && held.token == input.client_token;
        return match repeated {
            true => Ok(answer(held)),
            false => Err(fault::change_set_exists(&input.change_set_name)),
        };
    }
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
    let is_new = stack.status == StackStatus::ReviewInProgress;
    let current = (!is_new).then_some(&stack.version);
    let (version, _) = version::parse(draft, cx, given, current)?;
    let changes = differ::changes(draft, &stack, &version, cx.now).map_err(fault::trouble)?;
    if !changes.retyped.is_empty() {
        let names: Vec<&str> = changes.retyped.iter().map(String::as_str).collect();
        return Err(fault::other_type(&names));
    }
    let same = changes.is_empty() && (is_new || stack.version.tags == version.tags);
    let name = input.change_set_name;
    let arn = draft.place.arn("cloudformation", &format!("changeSet/{name}/{}", ids.uuid()));
    let set = ChangeSet {
        arn: arn.into(),
        name,
        stack: stack.arn.clone(),
        description: input.description,
        created_at: cx.now,
        version,
        on_failure: input.on_stack_failure.as_deref().map(on_failure),
        state: match same {
            true => ChangeSetState::Failed { reason: NOTHING.to_owned() },
            false => ChangeSetState::Ready,
        },
        token: input.client_token,
    };
    let answer = answer(&set);
    if is_new && draft.stacks.get(&stack.arn).is_none() {
        let reason = Some("User Initiated".to_owned());
        let event = stack.turn(StackStatus::ReviewInProgress, reason, cx.now, ids);
        draft.put(event);
        draft.put(stack);
    }
    draft.put(set);
    Ok(answer)
}

fn answer(set: &ChangeSet) -> CreateChangeSetOutput {
    CreateChangeSetOutput { id: Some(set.arn.to_string()), stack_id: Some(set.stack.to_string()) }
}

/// The stack that a change set is for.
fn stack(
    world: &World,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: &CreateChangeSetInput,
) -> Result<Stack, Fault> {
    let name = &input.stack_name;
    let held = find::any(world, name).filter(|it| it.status != StackStatus::DeleteComplete);
    match (input.change_set_type.as_deref().unwrap_or("UPDATE"), held) {
        ("IMPORT", _) => Err(fault::not_implemented("change sets of type IMPORT")),
        ("CREATE", None) => {
            create::check_name(name)?;
            Ok(create::new(world, cx, ids, name))
        }
        ("CREATE", Some(held)) if held.status == StackStatus::ReviewInProgress => Ok(held.clone()),
        ("CREATE", Some(held)) => Err(fault::exists_for_creation(&held.name)),
        (_, None) => Err(fault::no_such_stack(name)),
        (_, Some(held)) => {
            update::check_state(held)?;
            Ok(held.clone())
        }
    }
}

fn on_failure(word: &str) -> OnFailure {
    match word {
        "DO_NOTHING" => OnFailure::Nothing,
        "DELETE" => OnFailure::Delete,
        _ => OnFailure::Rollback,
    }
}

fn check_absent(input: &CreateChangeSetInput) -> Result<(), Fault> {
    let triggers = input.rollback_configuration.as_ref();
    if triggers.and_then(|it| it.rollback_triggers.as_ref()).is_some_and(|it| !it.is_empty()) {
        return Err(fault::not_implemented("RollbackConfiguration.RollbackTriggers"));
    }
    if input.resources_to_import.as_ref().is_some_and(|it| !it.is_empty()) {
        return Err(fault::not_implemented("the import of resources"));
    }
    if let Some(mode) = &input.deployment_mode {
        return Err(fault::not_implemented(&format!("DeploymentMode {mode}")));
    }
    create::check_mode(input.deployment_config.as_ref())
}
