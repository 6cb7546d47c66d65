//! How the counts of the services are moved.

use super::Scope;
use crate::client::{CallError, Client};
use api::autoscaling::*;
use plan::observed::Observed;

const NAMESPACE: &str = "ecs";

/// How many targets one call describes at most.
const AT_ONCE: usize = 50;

/// Asks about each service of the wish that is there: what moves others is no concern of it.
pub(super) async fn look(
    client: &Client,
    scope: Scope<'_>,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let there = scope.services.iter().filter(|name| observed.services.contains_key(*name));
    let ids: Vec<String> = there.map(|name| format!("service/{}/{name}", scope.cluster)).collect();
    for ids in ids.chunks(AT_ONCE) {
        let request = DescribeScalableTargetsRequest {
            service_namespace: NAMESPACE.to_owned(),
            resource_ids: Some(ids.to_vec()),
            ..Default::default()
        };
        let found = client.call::<DescribeScalableTargets>(request).await?;
        for target in found.scalable_targets.into_iter().flatten() {
            let id = target.resource_id.clone();
            let name = id.rsplit('/').next().unwrap_or_default().to_owned();
            let held = observed.scaling.entry(name).or_default();
            held.target = Some(target);
            held.policies = policies(client, &id).await?;
            held.actions = actions(client, &id).await?;
        }
    }
    Ok(())
}

async fn policies(client: &Client, id: &str) -> Result<Vec<ScalingPolicy>, CallError> {
    let (mut all, mut next_token) = (Vec::new(), None);
    loop {
        let request = DescribeScalingPoliciesRequest {
            service_namespace: NAMESPACE.to_owned(),
            resource_id: Some(id.to_owned()),
            next_token,
            ..Default::default()
        };
        let page = client.call::<DescribeScalingPolicies>(request).await?;
        all.extend(page.scaling_policies.into_iter().flatten());
        next_token = page.next_token;
        if next_token.is_none() {
            return Ok(all);
        }
    }
}

async fn actions(client: &Client, id: &str) -> Result<Vec<ScheduledAction>, CallError> {
    let (mut all, mut next_token) = (Vec::new(), None);
    loop {
        let request = DescribeScheduledActionsRequest {
            service_namespace: NAMESPACE.to_owned(),
            resource_id: Some(id.to_owned()),
            next_token,
            ..Default::default()
        };
        let page = client.call::<DescribeScheduledActions>(request).await?;
        all.extend(page.scheduled_actions.into_iter().flatten());
        next_token = page.next_token;
        if next_token.is_none() {
            return Ok(all);
        }
    }
}
