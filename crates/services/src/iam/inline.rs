//! Policies that are part of a role.

use super::{ask, fault, find, show, trust};
use crate::page::page;
use crate::{Cx, policy};
use api::Fault;
use api::iam::*;
use api::value::Nothing;
use model::Ids;
use world::{Draft, World};

/// The most characters of all inline policies of a role, white space excepted.
const MOST: usize = 10_240;

/// `PutRolePolicy`: adds a policy, or takes the place of the one with its name.
pub(super) fn put(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: PutRolePolicyRequest,
) -> Result<Nothing, Fault> {
    let mut role = find(draft, &input.role_name)?.clone();
    policy::check_identity(&input.policy_document).map_err(fault::malformed)?;
    role.inline.insert(input.policy_name, input.policy_document);
    if role.inline.values().map(|document| trust::size(document)).sum::<usize>() > MOST {
        return Err(fault::inline_policies_too_long(&input.role_name, MOST));
    }
    draft.put(role);
    Ok(Nothing)
}

/// `GetRolePolicy`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetRolePolicyRequest,
) -> Result<GetRolePolicyResponse, Fault> {
    let document = find(world, &input.role_name)?.inline.get(&input.policy_name);
    let document = document.ok_or_else(|| fault::no_inline_policy(&input.policy_name))?;
    Ok(GetRolePolicyResponse {
        role_name: input.role_name,
        policy_document: show::document(document),
        policy_name: input.policy_name,
    })
}

/// `ListRolePolicies`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListRolePoliciesRequest,
) -> Result<ListRolePoliciesResponse, Fault> {
    let names = find(world, &input.role_name)?.inline.keys().cloned();
    let ask = ask("ListRolePolicies", input.marker.as_deref(), input.max_items);
    let page = page(names, &ask, String::clone).map_err(fault::bad_marker)?;
    Ok(ListRolePoliciesResponse {
        policy_names: page.rows,
        is_truncated: Some(page.next.is_some()),
        marker: page.next,
    })
}

/// `DeleteRolePolicy`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteRolePolicyRequest,
) -> Result<Nothing, Fault> {
    let mut role = find(draft, &input.role_name)?.clone();
    if role.inline.remove(&input.policy_name).is_none() {
        return Err(fault::no_inline_policy(&input.policy_name));
    }
    draft.put(role);
    Ok(Nothing)
}
