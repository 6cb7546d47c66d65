//! The services of the cluster.

use super::Scope;
use crate::client::{CallError, Client};
use api::ecs::{DescribeServices, DescribeServicesRequest, ListServices, ListServicesRequest};
use plan::observed::Observed;

/// How many services one call describes (reference §3.1).
const AT_ONCE: usize = 10;

pub(super) async fn look(
    client: &Client,
    scope: Scope<'_>,
    observed: &mut Observed,
) -> Result<(), CallError> {
    if observed.cluster.is_none() {
        return Ok(());
    }
    let arns = list(client, scope).await?;
    for arns in arns.chunks(AT_ONCE) {
        let request = DescribeServicesRequest {
            cluster: Some(scope.cluster.to_owned()),
            services: arns.to_vec(),
            include: Some(vec!["TAGS".to_owned()]),
        };
        let found = client.call::<DescribeServices>(request).await?;
        let services = found.services.into_iter().flatten();
        for service in services.filter(|held| held.status.as_deref() == Some("ACTIVE")) {
            observed.services.insert(service.service_name.clone().unwrap_or_default(), service);
        }
    }
    Ok(())
}

async fn list(client: &Client, scope: Scope<'_>) -> Result<Vec<String>, CallError> {
    let mut arns = Vec::new();
    let mut next_token = None;
    loop {
        let request = ListServicesRequest {
            cluster: Some(scope.cluster.to_owned()),
            max_results: Some(100),
            next_token,
            ..Default::default()
        };
        let page = client.call::<ListServices>(request).await?;
        arns.extend(page.service_arns.into_iter().flatten());
        next_token = page.next_token;
        if next_token.is_none() {
            return Ok(arns);
        }
    }
}
