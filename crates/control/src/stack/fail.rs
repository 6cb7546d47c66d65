//! An operation that does not work turns round.

use super::is_under_way;
use crate::decision::{Decision, Moment};
use model::Ids;
use world::stack::{OnFailure, ResourceStatus, StackResource, StackStatus, Work};
use world::{RowKey, Stack};

/// Ends what is under way, and turns the stack round as it was told to.
pub(super) fn decide(
    stack: &Stack,
    all: &[&StackResource],
    moment: Moment,
    ids: &mut Ids,
) -> Decision {
    let mut decision = Decision::nothing();
    let mut stack = stack.clone();
    let reason = reason(&stack, all);
    let all: Vec<StackResource> = all
        .iter()
        .map(|resource| match is_under_way(resource) {
            true => cancel(&mut decision, &mut stack, resource, (moment, ids)),
            false => (*resource).clone(),
        })
        .collect();
    let (status, reason) = match (stack.status, stack.on_failure) {
        (StackStatus::CreateInProgress, OnFailure::Nothing) => (StackStatus::CreateFailed, reason),
        (StackStatus::CreateInProgress, OnFailure::Rollback) => {
            let reason = format!("{reason}Rollback requested by user.");
            (StackStatus::RollbackInProgress, reason)
        }
        (StackStatus::CreateInProgress, OnFailure::Delete) => {
            let reason = format!("{reason}Delete requested by user.");
            (StackStatus::DeleteInProgress, reason)
        }
        (StackStatus::UpdateInProgress, OnFailure::Nothing) => (StackStatus::UpdateFailed, reason),
        (StackStatus::UpdateInProgress, _) => (StackStatus::UpdateRollbackInProgress, reason),
        _ => (StackStatus::UpdateRollbackFailed, reason),
    };
    for resource in all {
        match turned(resource, status) {
            Turned::Held(resource) => decision.rows.push(resource.into()),
            Turned::Gone(resource) => decision.gone.push(RowKey::StackResource(resource.key)),
        }
    }
    if status == StackStatus::UpdateRollbackInProgress
        && let Some(before) = stack.before.take()
    {
        stack.version = *before;
    }
    stack.stop = None;
    stack.due = None;
    let event = stack.turn(status, Some(reason), moment.now, ids);
    decision.rows.push(event.into());
    decision.rows.push(stack.into());
    decision
}

/// Which resources failed, in AWS's words.
fn reason(stack: &Stack, all: &[&StackResource]) -> String {
    let failed = |status: ResourceStatus| {
        let failed = all.iter().filter(|it| it.work == Work::Failed && it.status == Some(status));
        failed.map(|it| it.key.logical.as_str()).collect::<Vec<_>>()
    };
    let mut text = String::new();
    for (status, verb) in
        [(ResourceStatus::CreateFailed, "create"), (ResourceStatus::UpdateFailed, "update")]
    {
        let names = failed(status);
        if !names.is_empty() {
            let names = names.join(", ");
            text.push_str(&format!("The following resource(s) failed to {verb}: [{names}]. "));
        }
    }
    match (&stack.stop, text.is_empty()) {
        (Some(why), true) => format!("{why} "),
        // Text unverified.
        (None, true) => "Stack creation time exceeded the specified timeout. ".to_owned(),
        (_, false) => text,
    }
}

/// A resource that was under way: it is cancelled, and may be there.
fn cancel(
    decision: &mut Decision,
    stack: &mut Stack,
    resource: &StackResource,
    (moment, ids): (Moment, &mut Ids),
) -> StackResource {
    let mut resource = resource.clone();
    let failed = resource.status.unwrap_or(ResourceStatus::CreateInProgress).failed();
    let what = if failed == ResourceStatus::CreateFailed { "creation" } else { "update" };
    resource.status = Some(failed);
    resource.reason = Some(format!("Resource {what} cancelled"));
    resource.work = Work::Failed;
    resource.at = moment.now;
    decision.rows.push(stack.tell(&resource, ids).into());
    resource
}

enum Turned {
    Held(StackResource),
    Gone(StackResource),
}

/// What is left to do for a resource once the stack has turned to `status`.
fn turned(mut resource: StackResource, status: StackStatus) -> Turned {
    let untouched = resource.status.is_none();
    match status {
        StackStatus::RollbackInProgress | StackStatus::DeleteInProgress => {
            if untouched {
                return Turned::Gone(resource);
            }
            resource.work = Work::Remove;
        }
        StackStatus::UpdateRollbackInProgress => match &resource.before {
            _ if !resource.is_present() => resource.work = Work::Leave,
            Some(before) => {
                resource.terms = before.terms.clone();
                resource.work = Work::Make;
            }
            None if untouched => return Turned::Gone(resource),
            None => resource.work = Work::Leave,
        },
        // It stays as it is. What was not begun is as it was, or not there at all.
        _ if untouched => return Turned::Gone(resource),
        _ if resource.work == Work::Make => resource.work = Work::Rest,
        _ => {}
    }
    Turned::Held(resource)
}
