//! The newest service deployments of a service, and what each of them brings.

use crate::client::{CallError, Client};
use api::ecs::{
    DescribeServiceDeployments, DescribeServiceDeploymentsRequest, DescribeServiceRevisions,
    DescribeServiceRevisionsRequest, ListServiceDeployments, ListServiceDeploymentsRequest,
    ServiceDeployment,
};
use plan::{Attempt, Sight};
use std::collections::BTreeMap;

/// What endpoints answer that do not tell of service deployments: those that may not, and those that
/// do not know the operation.
const UNTOLD: [&str; 5] =
    ["AccessDeniedException", "UnknownOperationException", "InvalidAction", "501", "404"];

/// The newest service deployments, newest first; `None` where they are not told.
pub(crate) async fn attempts(
    client: &Client,
    cluster: &str,
    service: &str,
) -> Result<Option<Vec<Attempt>>, CallError> {
    let request = ListServiceDeploymentsRequest {
        service: service.to_owned(),
        cluster: Some(cluster.to_owned()),
        max_results: i32::try_from(Sight::ATTEMPTS).ok(),
        ..Default::default()
    };
    let listed = match client.call::<ListServiceDeployments>(request).await {
        Err(why) if why.code().is_some_and(|code| UNTOLD.contains(&code)) => return Ok(None),
        listed => listed?.service_deployments.unwrap_or_default(),
    };
    let arns: Vec<String> =
        listed.into_iter().filter_map(|brief| brief.service_deployment_arn).collect();
    if arns.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let request = DescribeServiceDeploymentsRequest { service_deployment_arns: arns };
    let found = client.call::<DescribeServiceDeployments>(request).await?;
    let mut deployments = found.service_deployments.unwrap_or_default();
    deployments.sort_by_key(|held| std::cmp::Reverse(held.created_at));
    let definitions = definitions(client, &deployments).await?;
    let attempt = |deployment: ServiceDeployment| {
        let definition = revision(&deployment).and_then(|arn| definitions.get(arn).cloned());
        Attempt { definition, deployment }
    };
    Ok(Some(deployments.into_iter().map(attempt).collect()))
}

/// The task definitions of the service revisions that deployments bring, by the revisions' ARNs.
async fn definitions(
    client: &Client,
    deployments: &[ServiceDeployment],
) -> Result<BTreeMap<String, String>, CallError> {
    let mut arns: Vec<String> =
        deployments.iter().filter_map(|held| revision(held).cloned()).collect();
    arns.sort();
    arns.dedup();
    if arns.is_empty() {
        return Ok(BTreeMap::new());
    }
    let request = DescribeServiceRevisionsRequest { service_revision_arns: arns };
    let found = client.call::<DescribeServiceRevisions>(request).await?;
    let revisions = found.service_revisions.into_iter().flatten();
    let pairs =
        revisions.filter_map(|held| Some((held.service_revision_arn?, held.task_definition?)));
    Ok(pairs.collect())
}

fn revision(deployment: &ServiceDeployment) -> Option<&String> {
    deployment.target_service_revision.as_ref()?.arn.as_ref()
}
