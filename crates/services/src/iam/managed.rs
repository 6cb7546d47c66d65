//! Managed policies that are attached to a role.
//!
//! Those of the account have to be there. AWS's own ones are known by the form of their ARNs: what
//! most of them say is not known here, but it would change nothing.

use super::{ask, fault, find};
use crate::Cx;
use crate::page::page;
use crate::query::invalid;
use api::Fault;
use api::iam::*;
use api::value::Nothing;
use model::{Arn, Ids};
use world::{Draft, World};

/// How many policies can be attached to a role: AWS's quota as it is by default.
const MOST: usize = 20;
/// The account of AWS's own policies.
const OF_AWS: &str = "aws";

/// `AttachRolePolicy`. Attaching a policy again is no mistake.
pub(super) fn attach(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: AttachRolePolicyRequest,
) -> Result<Nothing, Fault> {
    let mut role = find(draft, &input.role_name)?.clone();
    let arn = check_arn(&input.policy_arn)?;
    if arn.account != OF_AWS && !draft.policies.contains(input.policy_arn.as_str()) {
        return Err(fault::not_attachable(&input.policy_arn));
    }
    role.attached.insert(input.policy_arn);
    if role.attached.len() > MOST {
        return Err(fault::too_many("PoliciesPerRole", MOST));
    }
    draft.put(role);
    Ok(Nothing)
}

/// `DetachRolePolicy`.
pub(super) fn detach(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DetachRolePolicyRequest,
) -> Result<Nothing, Fault> {
    let mut role = find(draft, &input.role_name)?.clone();
    if !role.attached.remove(&input.policy_arn) {
        return Err(fault::not_attached(&input.policy_arn));
    }
    draft.put(role);
    Ok(Nothing)
}

/// `ListAttachedRolePolicies`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListAttachedRolePoliciesRequest,
) -> Result<ListAttachedRolePoliciesResponse, Fault> {
    let prefix = input.path_prefix.as_deref().unwrap_or("/");
    let attached = find(world, &input.role_name)?.attached.iter();
    let under = attached.filter(|arn| path_and_name(arn).0.starts_with(prefix));
    let ask = ask("ListAttachedRolePolicies", input.marker.as_deref(), input.max_items);
    let page = page(under, &ask, |arn| (*arn).clone()).map_err(fault::bad_marker)?;
    let show = |arn: &String| AttachedPolicy {
        policy_name: Some(path_and_name(arn).1.to_owned()),
        policy_arn: Some(arn.clone()),
    };
    Ok(ListAttachedRolePoliciesResponse {
        attached_policies: Some(page.rows.into_iter().map(show).collect()),
        is_truncated: Some(page.next.is_some()),
        marker: page.next,
    })
}

/// The ARN of a policy, taken apart.
pub(super) fn check_arn(text: &str) -> Result<Arn, Fault> {
    let arn: Arn = text.parse().map_err(|_| fault::no_policy_arn(text))?;
    if arn.partition != "aws" {
        return Err(invalid("Invalid ARN partition"));
    }
    let policy = arn.service == "iam" && arn.region.is_empty();
    let named = arn.resource_after("policy/").is_some_and(|name| !name.is_empty());
    if policy && named { Ok(arn) } else { Err(fault::no_policy_arn(text)) }
}

/// `/service-role/` and `X` of `arn:aws:iam::aws:policy/service-role/X`.
fn path_and_name(arn: &str) -> (&str, &str) {
    let resource = arn.split_once(":policy").map_or("/", |(_, resource)| resource);
    resource.split_at(resource.rfind('/').map_or(0, |slash| slash + 1))
}
