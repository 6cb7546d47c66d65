//! Its services, in whosever cluster.

use super::Grounds;
use crate::client::{Absent as _, CallError, Client};
use api::ecs::{DescribeServices, DescribeServicesRequest, ListServices, ListServicesRequest, Tag};
use plan::destroy::Estate;
use std::collections::BTreeMap;

/// How many services one call describes (reference §3.1).
const AT_ONCE: usize = 10;

pub(super) async fn look(
    client: &Client,
    grounds: Grounds<'_>,
    estate: &mut Estate,
) -> Result<(), CallError> {
    let arns = list(client, grounds.cluster).await?;
    for arns in arns.chunks(AT_ONCE) {
        let request = DescribeServicesRequest {
            cluster: Some(grounds.cluster.to_owned()),
            services: arns.to_vec(),
            include: Some(vec!["TAGS".to_owned()]),
        };
        let found = client.call::<DescribeServices>(request).await?;
        for service in found.services.into_iter().flatten() {
            let is_there = service.status.as_deref() != Some("INACTIVE");
            if is_there && grounds.names.own(&tags(service.tags.clone())) {
                estate.services.insert(service.service_name.clone().unwrap_or_default(), service);
            }
        }
    }
    Ok(())
}

async fn list(client: &Client, cluster: &str) -> Result<Vec<String>, CallError> {
    let mut arns = Vec::new();
    let mut next_token = None;
    loop {
        let request = ListServicesRequest {
            cluster: Some(cluster.to_owned()),
            max_results: Some(100),
            next_token,
            ..Default::default()
        };
        let page = client.call::<ListServices>(request).await;
        let Some(page) = page.absent(&["ClusterNotFoundException"])? else { return Ok(arns) };
        arns.extend(page.service_arns.into_iter().flatten());
        next_token = page.next_token;
        if next_token.is_none() {
            return Ok(arns);
        }
    }
}

/// Tags as a map.
pub(super) fn tags(tags: Option<Vec<Tag>>) -> BTreeMap<String, String> {
    let tags = tags.into_iter().flatten();
    tags.filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default()))).collect()
}
