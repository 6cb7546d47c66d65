//! `DescribeRegistry`.

use super::registry_id;
use crate::Cx;
use api::Fault;
use api::ecr::{DescribeRegistryRequest, DescribeRegistryResponse, ReplicationConfiguration};
use world::World;

/// The registry of the account. There are no other regions to replicate to.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    _: DescribeRegistryRequest,
) -> Result<DescribeRegistryResponse, Fault> {
    let replication_configuration = Some(ReplicationConfiguration { rules: Vec::new() });
    Ok(DescribeRegistryResponse { registry_id: registry_id(world), replication_configuration })
}
