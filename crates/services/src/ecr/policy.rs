//! Repository policies: kept and answered; locally no call is refused by one.

use super::{fault, find, registry_id};
use crate::{Cx, policy};
use api::Fault;
use api::ecr::{
    DeleteRepositoryPolicyRequest, DeleteRepositoryPolicyResponse, GetRepositoryPolicyRequest,
    GetRepositoryPolicyResponse, SetRepositoryPolicyRequest, SetRepositoryPolicyResponse,
};
use model::Ids;
use world::{Draft, Repository, World};

/// `SetRepositoryPolicy`.
pub(super) fn set(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: SetRepositoryPolicyRequest,
) -> Result<SetRepositoryPolicyResponse, Fault> {
    let row = find(draft, input.registry_id.as_deref(), &input.repository_name)?.clone();
    policy::check_resource(&input.policy_text).map_err(|why| {
        // The beginning of the text is moto's.
        fault::parameter(format!(
            "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository \
             policy provided': {why}"
        ))
    })?;
    draft.put(Repository { policy: Some(input.policy_text.clone()), ..row });
    Ok(SetRepositoryPolicyResponse {
        registry_id: registry_id(draft),
        repository_name: Some(input.repository_name),
        policy_text: Some(input.policy_text),
    })
}

/// `GetRepositoryPolicy`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetRepositoryPolicyRequest,
) -> Result<GetRepositoryPolicyResponse, Fault> {
    let row = find(world, input.registry_id.as_deref(), &input.repository_name)?;
    Ok(GetRepositoryPolicyResponse {
        registry_id: registry_id(world),
        repository_name: Some(row.name.to_string()),
        policy_text: Some(text(row, world)?),
    })
}

/// `DeleteRepositoryPolicy`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteRepositoryPolicyRequest,
) -> Result<DeleteRepositoryPolicyResponse, Fault> {
    let row = find(draft, input.registry_id.as_deref(), &input.repository_name)?.clone();
    let policy_text = Some(text(&row, draft)?);
    draft.put(Repository { policy: None, ..row });
    Ok(DeleteRepositoryPolicyResponse {
        registry_id: registry_id(draft),
        repository_name: Some(input.repository_name),
        policy_text,
    })
}

fn text(row: &Repository, world: &World) -> Result<String, Fault> {
    let none = || fault::no_policy(row.name.as_str(), world.place.account.as_str());
    row.policy.clone().ok_or_else(none)
}
