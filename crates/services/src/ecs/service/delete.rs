//! `DeleteService`.

use super::find;
use super::show::show;
use crate::Cx;
use crate::ecs::{cluster, fault};
use api::Fault;
use api::ecs::{DeleteServiceRequest, DeleteServiceResponse};
use model::Ids;
use world::Draft;
use world::service::ServiceStatus;

/// Asks for a service to go: it is DRAINING until its tasks have stopped, then INACTIVE. Deleting it
/// again is no mistake.
pub(in crate::ecs) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteServiceRequest,
) -> Result<DeleteServiceResponse, Fault> {
    let cluster = cluster::find(draft, input.cluster.as_deref())?;
    let mut service = find(draft, cluster, &input.service)?.clone();
    if service.status == ServiceStatus::Active {
        if !input.force.unwrap_or(false) {
            if service.desired_count > 0 {
                return Err(fault::service::scaled_above_zero());
            }
            if service.deployments.len() > 1 {
                return Err(fault::service::deployments_active());
            }
        }
        service.status = ServiceStatus::Draining;
        service.desired_count = 0;
        draft.put(service.clone());
    }
    Ok(DeleteServiceResponse { service: Some(show(draft, &service)) })
}
