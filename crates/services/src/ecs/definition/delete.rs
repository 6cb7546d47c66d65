//! `DeleteTaskDefinitions`.

use super::find;
use super::show::show;
use crate::Cx;
use crate::ecs::{fault, names};
use api::Fault;
use api::ecs::{DeleteTaskDefinitionsRequest, DeleteTaskDefinitionsResponse, Failure};
use model::{Ids, Timestamp};
use world::{DefinitionStatus, Draft, TaskDefinition, World};

/// How many revisions one request may name.
const MOST: usize = 10;

/// Why a revision is not deleted (moto's texts; AWS puts them into `failures`, not into a refusal).
const NO_REFERENCE: &str = "The specified task definition identifier is invalid. Specify a valid name or ARN and try again.";
const UNKNOWN: &str = "The specified task definition does not exist. Specify a valid account, family, revision and try again.";
const ACTIVE: &str = "The specified task definition is still in ACTIVE status. Please deregister the target and try again.";

/// Asks for revisions to be deleted as soon as nothing uses them.
pub(in crate::ecs) fn delete(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: DeleteTaskDefinitionsRequest,
) -> Result<DeleteTaskDefinitionsResponse, Fault> {
    match input.task_definitions.len() {
        0 => return Err(fault::definition::no_references()),
        1..=MOST => {}
        _ => return Err(fault::definition::many_references()),
    }
    let (mut deleted, mut failures) = (Vec::new(), Vec::new());
    for given in input.task_definitions {
        match marked(draft, &given, cx.now) {
            Ok(row) => {
                deleted.push(show(&row));
                draft.put(row);
            }
            Err(reason) => failures.push(Failure {
                arn: Some(given),
                reason: Some(reason.to_owned()),
                detail: None,
            }),
        }
    }
    Ok(DeleteTaskDefinitionsResponse { task_definitions: Some(deleted), failures: Some(failures) })
}

/// The revision on its way out, or why it stays.
fn marked(world: &World, given: &str, now: Timestamp) -> Result<TaskDefinition, &'static str> {
    let reference = names::definition(&world.place, given).map_err(|_| NO_REFERENCE)?;
    if reference.revision.is_none() {
        return Err(NO_REFERENCE);
    }
    let mut row = find(world, &reference).ok_or(UNKNOWN)?.clone();
    match row.status {
        DefinitionStatus::Active => Err(ACTIVE),
        DefinitionStatus::Inactive | DefinitionStatus::DeleteInProgress => {
            row.status = DefinitionStatus::DeleteInProgress;
            row.delete_requested_at.get_or_insert(now);
            Ok(row)
        }
    }
}
