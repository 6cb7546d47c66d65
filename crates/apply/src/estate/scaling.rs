//! Those of its services whose counts are scaled.

use crate::client::{CallError, Client};
use api::autoscaling::{DescribeScalableTargets, DescribeScalableTargetsRequest};
use plan::destroy::Estate;

/// How many targets one call describes at most.
const AT_ONCE: usize = 50;

pub(super) async fn look(client: &Client, estate: &mut Estate) -> Result<(), CallError> {
    let cluster = &estate.cluster;
    let ids = estate.services.keys().map(|name| format!("service/{cluster}/{name}"));
    for ids in ids.collect::<Vec<String>>().chunks(AT_ONCE) {
        let request = DescribeScalableTargetsRequest {
            service_namespace: "ecs".to_owned(),
            resource_ids: Some(ids.to_vec()),
            ..Default::default()
        };
        let found = client.call::<DescribeScalableTargets>(request).await?;
        let there = found.scalable_targets.into_iter().flatten();
        let name = |id: &str| id.rsplit('/').next().unwrap_or_default().to_owned();
        estate.scaled.extend(there.map(|target| name(&target.resource_id)));
    }
    Ok(())
}
