//! `DeregisterTaskDefinition`.

use super::find;
use super::show::show;
use crate::Cx;
use crate::ecs::{fault, names};
use api::Fault;
use api::ecs::{DeregisterTaskDefinitionRequest, DeregisterTaskDefinitionResponse};
use model::Ids;
use world::{DefinitionStatus, Draft};

/// Makes a revision INACTIVE: what runs goes on, and nothing new may name it (reference §2.1).
///
/// AWS lets it be named for up to ten minutes more; here it can't be from now on, so that a pipeline
/// does not come to depend on the delay.
pub(in crate::ecs) fn deregister(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: DeregisterTaskDefinitionRequest,
) -> Result<DeregisterTaskDefinitionResponse, Fault> {
    let reference = names::definition(&draft.place, &input.task_definition)?;
    if reference.revision.is_none() {
        return Err(fault::definition::revision_missing());
    }
    let mut row = find(draft, &reference).ok_or_else(fault::definition::unknown)?.clone();
    match row.status {
        DefinitionStatus::Active => {
            row.status = DefinitionStatus::Inactive;
            row.deregistered_at = Some(cx.now);
            draft.put(row.clone());
        }
        DefinitionStatus::Inactive => {}
        DefinitionStatus::DeleteInProgress => return Err(fault::definition::being_deleted()),
    }
    Ok(DeregisterTaskDefinitionResponse { task_definition: Some(show(&row)) })
}
