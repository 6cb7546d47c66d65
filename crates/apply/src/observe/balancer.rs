//! Load balancer, listeners, rules, target groups.

use super::Scope;
use crate::client::{Absent as _, CallError, Client};
use api::elbv2::{
    DescribeListeners, DescribeListenersInput, DescribeLoadBalancers, DescribeLoadBalancersInput,
    DescribeRules, DescribeRulesInput, DescribeTags, DescribeTagsInput,
    DescribeTargetGroupAttributes, DescribeTargetGroupAttributesInput, DescribeTargetGroups,
    DescribeTargetGroupsInput, TargetGroup,
};
use plan::observed::{Group, Observed};
use std::collections::BTreeMap;

/// The port of the listener whose rules are the routes.
const HTTP: i32 = 80;

pub(super) async fn look(
    client: &Client,
    scope: Scope<'_>,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let names = Some(vec![scope.names.balancer()]);
    let request = DescribeLoadBalancersInput { names, ..Default::default() };
    let found = client.call::<DescribeLoadBalancers>(request).await;
    let found = found.absent(&["LoadBalancerNotFound"])?;
    let found = found.and_then(|found| found.load_balancers);
    observed.balancer = found.into_iter().flatten().next();
    if let Some(arn) = observed.balancer.as_ref().and_then(|held| held.load_balancer_arn.clone()) {
        listeners(client, arn, observed).await?;
    }
    groups(client, scope, observed).await
}

/// The target groups of the application and environment, those of services that it no longer has
/// too: names begin alike, tags tell whose they are.
async fn groups(
    client: &Client,
    scope: Scope<'_>,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let prefix = scope.names.group("");
    let mut marker = None;
    loop {
        let request = DescribeTargetGroupsInput { marker, ..Default::default() };
        let page = client.call::<DescribeTargetGroups>(request).await?;
        for group in page.target_groups.into_iter().flatten() {
            let name = group.target_group_name.clone().unwrap_or_default();
            if name.starts_with(&prefix) && is_ours(client, scope, &group).await? {
                observed.groups.insert(name, with_attributes(client, group).await?);
            }
        }
        marker = page.next_marker;
        if marker.is_none() {
            return Ok(());
        }
    }
}

async fn is_ours(
    client: &Client,
    scope: Scope<'_>,
    group: &TargetGroup,
) -> Result<bool, CallError> {
    let arn = group.target_group_arn.clone().unwrap_or_default();
    let found = client.call::<DescribeTags>(DescribeTagsInput { resource_arns: vec![arn] }).await?;
    let described = found.tag_descriptions.into_iter().flatten();
    let tags = described.flat_map(|held| held.tags.into_iter().flatten());
    let tags: BTreeMap<String, String> =
        tags.map(|tag| (tag.key, tag.value.unwrap_or_default())).collect();
    Ok(scope.names.own(&tags))
}

async fn listeners(
    client: &Client,
    balancer: String,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let request =
        DescribeListenersInput { load_balancer_arn: Some(balancer), ..Default::default() };
    let found = client.call::<DescribeListeners>(request).await?;
    observed.listeners = found.listeners.unwrap_or_default();
    let plain = observed.listeners.iter().find(|listener| listener.port == Some(HTTP));
    let Some(arn) = plain.and_then(|listener| listener.listener_arn.clone()) else { return Ok(()) };
    let mut marker = None;
    loop {
        let request =
            DescribeRulesInput { listener_arn: Some(arn.clone()), marker, ..Default::default() };
        let page = client.call::<DescribeRules>(request).await?;
        let rules = page.rules.into_iter().flatten();
        observed.rules.extend(rules.filter(|rule| rule.is_default != Some(true)));
        marker = page.next_marker;
        if marker.is_none() {
            return Ok(());
        }
    }
}

async fn with_attributes(client: &Client, group: TargetGroup) -> Result<Group, CallError> {
    let request = DescribeTargetGroupAttributesInput {
        target_group_arn: group.target_group_arn.clone().unwrap_or_default(),
    };
    let attributes = client.call::<DescribeTargetGroupAttributes>(request).await?;
    let pairs = attributes.attributes.into_iter().flatten();
    let attributes = pairs.filter_map(|pair| Some((pair.key?, pair.value?))).collect();
    Ok(Group { group, attributes })
}
