//! `GetCallerIdentity`.

use crate::Cx;
use api::Fault;
use api::sts::{GetCallerIdentityRequest, GetCallerIdentityResponse};
use world::World;

/// Who the caller is. AWS never refuses this, whatever the caller's policies say.
pub(crate) fn get(
    world: &World,
    cx: &Cx<'_>,
    _: GetCallerIdentityRequest,
) -> Result<GetCallerIdentityResponse, Fault> {
    Ok(GetCallerIdentityResponse {
        user_id: Some(cx.caller.id.clone()),
        account: Some(world.place.account.to_string()),
        arn: Some(cx.caller.arn.clone()),
    })
}
