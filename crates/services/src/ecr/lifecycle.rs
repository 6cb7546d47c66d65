//! Lifecycle policies. They are applied by `control`, a day after they are put and each day after
//! that; a preview says at once what they would do.

mod parse;
pub(super) mod preview;

use super::{fault, find, registry_id};
use crate::Cx;
use api::Fault;
use api::ecr::{
    DeleteLifecyclePolicyRequest, DeleteLifecyclePolicyResponse, GetLifecyclePolicyRequest,
    GetLifecyclePolicyResponse, PutLifecyclePolicyRequest, PutLifecyclePolicyResponse,
};
use model::Ids;
use world::registry::lifecycle::Lifecycle;
use world::{Draft, Repository, World};

/// `PutLifecyclePolicy`.
pub(super) fn put(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: PutLifecyclePolicyRequest,
) -> Result<PutLifecyclePolicyResponse, Fault> {
    let row = find(draft, input.registry_id.as_deref(), &input.repository_name)?.clone();
    let text = input.lifecycle_policy_text;
    let rules = parse::rules(&text).map_err(|why| refused(&why))?;
    let lifecycle = Lifecycle { text: text.clone(), rules, looked_at: cx.now, applied_at: None };
    draft.put(Repository { lifecycle: Some(lifecycle), ..row });
    Ok(PutLifecyclePolicyResponse {
        registry_id: registry_id(draft),
        repository_name: Some(input.repository_name),
        lifecycle_policy_text: Some(text),
    })
}

/// `GetLifecyclePolicy`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetLifecyclePolicyRequest,
) -> Result<GetLifecyclePolicyResponse, Fault> {
    let row = find(world, input.registry_id.as_deref(), &input.repository_name)?;
    let held = held(row, world)?;
    Ok(GetLifecyclePolicyResponse {
        registry_id: registry_id(world),
        repository_name: Some(input.repository_name),
        lifecycle_policy_text: Some(held.text.clone()),
        last_evaluated_at: held.applied_at,
    })
}

/// `DeleteLifecyclePolicy`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteLifecyclePolicyRequest,
) -> Result<DeleteLifecyclePolicyResponse, Fault> {
    let row = find(draft, input.registry_id.as_deref(), &input.repository_name)?.clone();
    let held = held(&row, draft)?.clone();
    draft.put(Repository { lifecycle: None, ..row });
    Ok(DeleteLifecyclePolicyResponse {
        registry_id: registry_id(draft),
        repository_name: Some(input.repository_name),
        lifecycle_policy_text: Some(held.text),
        last_evaluated_at: held.applied_at,
    })
}

fn held<'a>(row: &'a Repository, world: &World) -> Result<&'a Lifecycle, Fault> {
    let none = || fault::no_lifecycle(row.name.as_str(), world.place.account.as_str());
    row.lifecycle.as_ref().ok_or_else(none)
}

/// The beginning of the text is moto's.
fn refused(why: &str) -> Fault {
    fault::parameter(format!(
        "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy \
         validation failure: {why}'"
    ))
}
