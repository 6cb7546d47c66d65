//! `DeleteChangeSet`.

use super::super::find;
use crate::Cx;
use api::Fault;
use api::cloudformation::{DeleteChangeSetInput, DeleteChangeSetOutput};
use model::Ids;
use world::{Draft, RowKey};

/// Deletes a change set; one that is not there is deleted.
pub(in crate::cloudformation) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteChangeSetInput,
) -> Result<DeleteChangeSetOutput, Fault> {
    let found = find::change_set(draft, &input.change_set_name, input.stack_name.as_deref());
    match found {
        Ok(set) => {
            let key = RowKey::ChangeSet(set.arn.clone());
            draft.remove(key);
        }
        Err(fault) if fault.code == "ChangeSetNotFound" => {}
        Err(other) => return Err(other),
    }
    Ok(DeleteChangeSetOutput {})
}
