//! Instance profiles: the region has no instances, so no role is in one. Terraform asks before it
//! deletes a role.

use super::find;
use crate::Cx;
use api::Fault;
use api::iam::{ListInstanceProfilesForRoleRequest, ListInstanceProfilesForRoleResponse};
use world::World;

/// `ListInstanceProfilesForRole`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListInstanceProfilesForRoleRequest,
) -> Result<ListInstanceProfilesForRoleResponse, Fault> {
    find(world, &input.role_name)?;
    Ok(ListInstanceProfilesForRoleResponse { is_truncated: Some(false), ..Default::default() })
}
