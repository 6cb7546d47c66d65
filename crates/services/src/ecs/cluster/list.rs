//! `ListClusters`.

use crate::Cx;
use crate::ecs::fault;
use crate::page::{Ask, limit, page};
use api::Fault;
use api::ecs::{ListClustersRequest, ListClustersResponse};
use world::World;
use world::cluster::ClusterStatus;

/// Lists the ACTIVE clusters.
pub(in crate::ecs) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListClustersRequest,
) -> Result<ListClustersResponse, Fault> {
    let ask = Ask {
        listing: "ListClusters",
        token: input.next_token.as_deref(),
        limit: limit(input.max_results, 100, 100),
    };
    let active = world.clusters.iter().filter(|row| row.status == ClusterStatus::Active);
    let page = page(active, &ask, |cluster| cluster.name.to_string());
    let page = page.map_err(|_| fault::invalid_token())?;
    let arns = page.rows.iter().map(|cluster| world.place.cluster_arn(&cluster.name));
    Ok(ListClustersResponse { cluster_arns: Some(arns.collect()), next_token: page.next })
}
