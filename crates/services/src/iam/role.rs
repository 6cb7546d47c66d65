//! Roles.

use super::{ask, fault, find, managed, show, tagging, trust};
use crate::page::page;
use crate::{Cx, tags};
use api::Fault;
use api::iam::*;
use api::value::Nothing;
use model::Ids;
use std::collections::{BTreeMap, BTreeSet};
use world::{Draft, Role as Row, RowKey, World};

/// How long a session of a role may last when nothing is said, in seconds.
const DEFAULT_SESSION: u32 = 3600;

/// `CreateRole`.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateRoleRequest,
) -> Result<CreateRoleResponse, Fault> {
    let name = input.role_name;
    let path = input.path.unwrap_or_else(|| "/".to_owned());
    if path.starts_with("/aws-service-role/") {
        return Err(fault::reserved_path());
    }
    // AWS tells names apart without minding case, though it keeps the case given.
    if draft.roles.iter().any(|role| role.name.as_str().eq_ignore_ascii_case(&name)) {
        return Err(fault::role_exists(&name));
    }
    trust::check(&input.assume_role_policy_document)?;
    if let Some(boundary) = &input.permissions_boundary {
        managed::check_arn(boundary)?;
    }
    let pairs = tagging::pairs(input.tags.unwrap_or_default());
    tagging::check_case(pairs.iter().map(|(key, _)| key))?;
    let role = Row {
        name: name.into(),
        path,
        id: format!("AROA{}", ids.word(17).to_ascii_uppercase()),
        created_at: cx.now,
        trust_policy: input.assume_role_policy_document,
        description: input.description,
        max_session: seconds(input.max_session_duration).unwrap_or(DEFAULT_SESSION),
        boundary: input.permissions_boundary,
        inline: BTreeMap::new(),
        attached: BTreeSet::new(),
        tags: tags::new(pairs).map_err(fault::bad_tags)?,
    };
    let shown = show::role(&role, &draft.place);
    draft.put(role);
    Ok(CreateRoleResponse { role: shown })
}

/// `GetRole`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetRoleRequest,
) -> Result<GetRoleResponse, Fault> {
    let role = find(world, &input.role_name)?;
    // The region does not record when a role was used last; AWS answers this empty element, too,
    // for a role that was not used in the tracking period.
    let role_last_used = Some(RoleLastUsed::default());
    Ok(GetRoleResponse { role: Role { role_last_used, ..show::role(role, &world.place) } })
}

/// `ListRoles`. AWS leaves tags and boundaries out of a listing.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListRolesRequest,
) -> Result<ListRolesResponse, Fault> {
    let prefix = input.path_prefix.as_deref().unwrap_or("/");
    let rows = world.roles.iter().filter(|role| role.path.starts_with(prefix));
    let ask = ask("ListRoles", input.marker.as_deref(), input.max_items);
    let page = page(rows, &ask, |role| role.name.to_string()).map_err(fault::bad_marker)?;
    let listed = |role: &Row| Role {
        tags: None,
        permissions_boundary: None,
        ..show::role(role, &world.place)
    };
    Ok(ListRolesResponse {
        roles: page.rows.into_iter().map(listed).collect(),
        is_truncated: Some(page.next.is_some()),
        marker: page.next,
    })
}

/// `UpdateRole`: what is not given stays.
pub(super) fn update(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: UpdateRoleRequest,
) -> Result<UpdateRoleResponse, Fault> {
    let mut role = find(draft, &input.role_name)?.clone();
    role.description = input.description.or(role.description);
    role.max_session = seconds(input.max_session_duration).unwrap_or(role.max_session);
    draft.put(role);
    Ok(UpdateRoleResponse {})
}

/// `DeleteRole`: only a role without policies goes.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteRoleRequest,
) -> Result<Nothing, Fault> {
    let role = find(draft, &input.role_name)?;
    if !role.attached.is_empty() {
        return Err(fault::has_attached_policies());
    }
    if !role.inline.is_empty() {
        return Err(fault::has_inline_policies());
    }
    draft.remove(RowKey::Role(input.role_name.into()));
    Ok(Nothing)
}

fn seconds(asked: Option<i32>) -> Option<u32> {
    asked.and_then(|asked| u32::try_from(asked).ok())
}
