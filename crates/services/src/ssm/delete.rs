//! `DeleteParameter` and `DeleteParameters`.

use super::name;
use crate::Cx;
use api::Fault;
use api::ssm::{
    DeleteParameterRequest, DeleteParameterResult, DeleteParametersRequest, DeleteParametersResult,
};
use model::Ids;
use world::{Draft, RowKey};

/// `DeleteParameter`.
pub(super) fn parameter(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: DeleteParameterRequest,
) -> Result<DeleteParameterResult, Fault> {
    let name = name::find(draft, input.name.trim(), cx.now)?.name.clone();
    draft.remove(RowKey::Parameter(name));
    Ok(DeleteParameterResult::default())
}

/// `DeleteParameters`: what is not there is told, and no fault.
pub(super) fn parameters(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: DeleteParametersRequest,
) -> Result<DeleteParametersResult, Fault> {
    let (mut deleted, mut missing) = (Vec::new(), Vec::new());
    for given in input.names {
        let found = draft.parameter(given.trim(), cx.now).map(|parameter| parameter.name.clone());
        match found {
            Some(name) => {
                draft.remove(RowKey::Parameter(name));
                deleted.push(given);
            }
            None => missing.push(given),
        }
    }
    Ok(DeleteParametersResult {
        deleted_parameters: Some(deleted),
        invalid_parameters: Some(missing),
    })
}
