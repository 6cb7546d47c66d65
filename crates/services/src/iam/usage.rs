//! Who has a managed policy. Here these are roles; there are no users and no groups.

use super::{amazon, ask, fault, policies};
use crate::Cx;
use crate::page::page;
use api::Fault;
use api::iam::*;
use world::World;

/// `ListEntitiesForPolicy`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListEntitiesForPolicyRequest,
) -> Result<ListEntitiesForPolicyResponse, Fault> {
    let arn = &input.policy_arn;
    if amazon::find(arn).is_none() {
        policies::find(world, arn)?;
    }
    let roles_wanted = input.entity_filter.as_deref().is_none_or(|kind| kind == "Role");
    let usage = input.policy_usage_filter.as_deref();
    let prefix = input.path_prefix.as_deref().unwrap_or("/");
    let rows = world.roles.iter().filter(|role| {
        let attached = usage != Some("PermissionsBoundary") && role.attached.contains(arn);
        let bound = usage != Some("PermissionsPolicy") && role.boundary.as_ref() == Some(arn);
        roles_wanted && role.path.starts_with(prefix) && (attached || bound)
    });
    let ask = ask("ListEntitiesForPolicy", input.marker.as_deref(), input.max_items);
    let page = page(rows, &ask, |role| role.name.to_string()).map_err(fault::bad_marker)?;
    let show = |role: &world::Role| PolicyRole {
        role_name: Some(role.name.to_string()),
        role_id: Some(role.id.clone()),
    };
    Ok(ListEntitiesForPolicyResponse {
        policy_groups: Some(Vec::new()),
        policy_users: Some(Vec::new()),
        policy_roles: Some(page.rows.into_iter().map(show).collect()),
        is_truncated: Some(page.next.is_some()),
        marker: page.next,
    })
}

/// How many roles have a policy attached, and how many as their boundary.
pub(super) fn count(world: &World, arn: &str) -> (i32, i32) {
    let (mut attached, mut bound) = (0, 0);
    for role in world.roles.iter() {
        attached += i32::from(role.attached.contains(arn));
        bound += i32::from(role.boundary.as_deref() == Some(arn));
    }
    (attached, bound)
}
