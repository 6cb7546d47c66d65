//! Clusters.
//!
//! On Fargate a cluster is a name with settings: it has no machines. It is found here and shown in
//! [`show`]; each operation has its own file.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod describe;
pub(super) mod list;
mod show;
pub(super) mod update;

use super::{fault, names};
use api::Fault;
use show::Part;
use world::cluster::ClusterStatus;
use world::{Cluster, World};

/// The ACTIVE cluster that a request means.
pub(super) fn find<'w>(world: &'w World, given: Option<&str>) -> Result<&'w Cluster, Fault> {
    let name = names::cluster(&world.place, given)?;
    let cluster = world.clusters.get(&name).ok_or_else(fault::cluster_not_found)?;
    match cluster.status {
        ClusterStatus::Active => Ok(cluster),
        ClusterStatus::Inactive => Err(fault::cluster_inactive()),
    }
}

/// A cluster as the operations show it that change it.
pub(super) fn show_updated(world: &World, cluster: &Cluster) -> api::ecs::Cluster {
    let parts = [Part::Attachments, Part::Configurations, Part::Settings].into();
    show::show(world, cluster, &parts)
}
