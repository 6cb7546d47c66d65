//! `DeleteStack`.

use super::work::importers;
use super::{fault, find};
use crate::Cx;
use api::Fault;
use api::cloudformation::DeleteStackInput;
use api::value::Nothing;
use model::Ids;
use world::stack::{Keeping, ResourceStatus, StackResource, StackStatus, Work};
use world::{Draft, Stack, World};

/// Begins a deletion. One of a stack that is not there is done.
pub(super) fn delete(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: DeleteStackInput,
) -> Result<Nothing, Fault> {
    let Some(stack) = find::any(draft, &input.stack_name) else { return Ok(Nothing) };
    if matches!(stack.status, StackStatus::DeleteComplete | StackStatus::DeleteInProgress) {
        return Ok(Nothing);
    }
    let mut stack = stack.clone();
    check(draft, &stack, &input)?;
    let retained = input.retain_resources.unwrap_or_default();
    let rows: Vec<StackResource> = draft
        .resources_of(&stack.arn)
        .filter(|held| !is_gone(held))
        .map(|held| doomed(held, &retained))
        .collect();
    rows.into_iter().for_each(|row| draft.put(row));
    stack.started_at = cx.now;
    stack.due = None;
    stack.stop = None;
    stack.token = input.client_request_token;
    stack.caller = (cx.caller.arn.clone(), cx.caller.id.clone());
    let reason = Some("User Initiated".to_owned());
    let event = stack.turn(StackStatus::DeleteInProgress, reason, cx.now, ids);
    draft.put(event);
    draft.put(stack);
    Ok(Nothing)
}

fn is_gone(held: &StackResource) -> bool {
    matches!(held.status, Some(ResourceStatus::DeleteComplete | ResourceStatus::DeleteSkipped))
}

fn doomed(held: &StackResource, retained: &[String]) -> StackResource {
    let mut held = held.clone();
    if retained.contains(&held.key.logical) {
        held.terms.keeping = Keeping::Retain;
    }
    held.work = Work::Remove;
    held
}

fn check(world: &World, stack: &Stack, input: &DeleteStackInput) -> Result<(), Fault> {
    if stack.protected {
        return Err(fault::protected(&stack.name));
    }
    let retains = input.retain_resources.as_ref().is_some_and(|names| !names.is_empty());
    if retains && stack.status != StackStatus::DeleteFailed {
        return Err(fault::retained_too_early());
    }
    if let Some(mode) = input.deletion_mode.as_deref().filter(|mode| *mode != "STANDARD") {
        return Err(fault::not_implemented(&format!("DeletionMode {mode}")));
    }
    for name in stack.outputs.iter().filter_map(|output| output.export.as_deref()) {
        if let Some(importer) = importers(world, name).find(|other| other.arn != stack.arn) {
            return Err(fault::export_in_use(name, &importer.name));
        }
    }
    Ok(())
}
