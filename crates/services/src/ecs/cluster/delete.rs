//! `DeleteCluster`.

use super::show::{Part, show};
use crate::Cx;
use crate::ecs::{fault, names};
use api::Fault;
use api::ecs::{DeleteClusterRequest, DeleteClusterResponse};
use model::Ids;
use world::cluster::ClusterStatus;
use world::service::ServiceStatus;
use world::{Cluster, Draft, Phase, World};

/// Deletes a cluster that nothing runs in. It stays visible as INACTIVE for a while; deleting it
/// again is no mistake.
pub(in crate::ecs) fn delete(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: DeleteClusterRequest,
) -> Result<DeleteClusterResponse, Fault> {
    let name = names::cluster(&draft.place, Some(&input.cluster))?;
    let cluster = draft.clusters.get(&name).ok_or_else(fault::cluster_not_found)?;
    let mut cluster = cluster.clone();
    check_empty(draft, &cluster)?;
    if cluster.status == ClusterStatus::Active {
        cluster.status = ClusterStatus::Inactive;
        cluster.deleted_at = Some(cx.now);
        draft.put(cluster.clone());
    }
    let parts = [Part::Settings].into();
    Ok(DeleteClusterResponse { cluster: Some(show(draft, &cluster, &parts)) })
}

/// A DRAINING service still stops tasks, and a stopping task still holds its network.
fn check_empty(world: &World, cluster: &Cluster) -> Result<(), Fault> {
    let mut services = world.services_in(&cluster.name);
    if services.any(|service| service.status != ServiceStatus::Inactive) {
        return Err(fault::cluster_has_services());
    }
    let mut tasks = world.tasks_in(&cluster.name);
    if tasks.any(|task| task.phase != Phase::Stopped) {
        return Err(fault::cluster_has_tasks());
    }
    Ok(())
}
