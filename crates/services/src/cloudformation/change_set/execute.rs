//! `ExecuteChangeSet`.

use super::super::{create, fault, find, update};
use super::statuses;
use crate::Cx;
use api::Fault;
use api::cloudformation::{ExecuteChangeSetInput, ExecuteChangeSetOutput};
use model::Ids;
use world::Draft;
use world::stack::{ChangeSet, ChangeSetState, OnFailure, StackStatus};

/// Brings a stack to a change set's version. Its other change sets can't be executed any more.
pub(in crate::cloudformation) fn execute(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: ExecuteChangeSetInput,
) -> Result<ExecuteChangeSetOutput, Fault> {
    let name = input.stack_name.as_deref();
    let set = find::change_set(draft, &input.change_set_name, name)?.clone();
    if set.state != ChangeSetState::Ready {
        return Err(fault::not_executable(set.arn.as_str(), statuses(&set).1));
    }
    if input.retain_except_on_create == Some(true) {
        return Err(fault::not_implemented("RetainExceptOnCreate; say it as a DeletionPolicy"));
    }
    let mut stack = find::changed(draft, set.stack.as_str())?.clone();
    stack.token = input.client_request_token;
    stack.change_set = Some(set.arn.clone());
    stack.on_failure = match (input.disable_rollback, set.on_failure) {
        (Some(true), _) => OnFailure::Nothing,
        (_, asked) => asked.unwrap_or(OnFailure::Rollback),
    };
    if stack.status == StackStatus::ReviewInProgress {
        stack.version = set.version.clone();
        create::start(draft, cx, ids, &mut stack)?;
    } else {
        update::check_state(&stack)?;
        update::begin(draft, (cx, ids), &mut stack, set.version.clone())?;
    }
    let others: Vec<ChangeSet> = draft
        .change_sets
        .iter()
        .filter(|other| other.stack == set.stack && other.state == ChangeSetState::Ready)
        .map(|other| ChangeSet { state: ChangeSetState::Obsolete, ..other.clone() })
        .collect();
    others.into_iter().for_each(|other| draft.put(other));
    draft.put(ChangeSet { state: ChangeSetState::Executed, ..set });
    Ok(ExecuteChangeSetOutput {})
}
