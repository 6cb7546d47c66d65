//! The deployments of a service that have ended.

use crate::client::{CallError, Client};
use api::ecs::{
    DescribeServiceRevisions, DescribeServiceRevisionsRequest, ListServiceDeployments,
    ListServiceDeploymentsRequest,
};
use plan::earlier::Past;
use std::collections::BTreeMap;

/// How many revisions one call describes (AWS's limit).
const AT_ONCE: usize = 20;

/// How many deployments are looked at: enough to find the last good one.
const NEWEST: usize = 100;

/// The newest deployments of a service.
///
/// # Errors
/// When a call fails.
pub async fn past(client: &Client, cluster: &str, service: &str) -> Result<Vec<Past>, CallError> {
    let mut briefs = Vec::new();
    let mut next_token = None;
    loop {
        let request = ListServiceDeploymentsRequest {
            cluster: Some(cluster.to_owned()),
            service: service.to_owned(),
            next_token,
            ..Default::default()
        };
        let page = client.call::<ListServiceDeployments>(request).await?;
        briefs.extend(page.service_deployments.into_iter().flatten());
        next_token = page.next_token;
        if next_token.is_none() || briefs.len() >= NEWEST {
            break;
        }
    }
    let arns = briefs.iter().filter_map(|brief| brief.target_service_revision_arn.clone());
    let arns: Vec<String> = arns.collect();
    let mut definitions = BTreeMap::new();
    for arns in arns.chunks(AT_ONCE) {
        let request = DescribeServiceRevisionsRequest { service_revision_arns: arns.to_vec() };
        let found = client.call::<DescribeServiceRevisions>(request).await?;
        let revisions = found.service_revisions.into_iter().flatten();
        definitions.extend(
            revisions.filter_map(|it| Some((it.service_revision_arn?, it.task_definition?))),
        );
    }
    let past = briefs.into_iter().filter_map(|brief| {
        let definition = definitions.get(&brief.target_service_revision_arn?)?.clone();
        let status = brief.status.unwrap_or_default();
        Some(Past { definition, status, finished: brief.finished_at })
    });
    Ok(past.collect())
}
