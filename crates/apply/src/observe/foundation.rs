//! Account, network, cluster, log groups, roles.

use super::Scope;
use crate::client::{Absent as _, CallError, Client};
use api::ec2::{
    DescribeSecurityGroups, DescribeSecurityGroupsRequest, DescribeSubnets, DescribeSubnetsRequest,
    DescribeVpcs, DescribeVpcsRequest, Filter,
};
use api::ecs::{DescribeClusters, DescribeClustersRequest};
use api::iam::{
    GetRole, GetRolePolicy, GetRolePolicyRequest, GetRoleRequest, ListAttachedRolePolicies,
    ListAttachedRolePoliciesRequest, ListRolePolicies, ListRolePoliciesRequest, ListRoles,
    ListRolesRequest,
};
use api::logs::{DescribeLogGroups, DescribeLogGroupsRequest};
use api::sts::{GetCallerIdentity, GetCallerIdentityRequest};
use plan::observed::{Observed, Role};
use std::collections::BTreeMap;

pub(super) async fn look(
    client: &Client,
    scope: Scope<'_>,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let caller = client.call::<GetCallerIdentity>(GetCallerIdentityRequest::default()).await?;
    observed.account = caller.account.unwrap_or_default();
    network(client, observed).await?;
    cluster(client, scope, observed).await?;
    for group in scope.log_groups {
        log_group(client, group, observed).await?;
    }
    roles(client, scope, observed).await
}

/// The roles of the application and environment, those of services that it no longer has too: names
/// begin alike, tags tell whose they are.
async fn roles(
    client: &Client,
    scope: Scope<'_>,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let prefix = scope.names.family("");
    let mut marker = None;
    loop {
        let request = ListRolesRequest { marker, ..Default::default() };
        let page = client.call::<ListRoles>(request).await?;
        let names = page.roles.into_iter().map(|role| role.role_name);
        for name in names.filter(|name| name.starts_with(&prefix)) {
            if let Some(role) = role(client, scope, &name).await? {
                observed.roles.insert(name, role);
            }
        }
        marker = page.marker;
        if marker.is_none() {
            return Ok(());
        }
    }
}

/// The default VPC with one subnet a zone: a load balancer takes no two of one zone.
async fn network(client: &Client, observed: &mut Observed) -> Result<(), CallError> {
    let filter = |name: &str, value: String| {
        Some(vec![Filter { name: Some(name.to_owned()), values: Some(vec![value]) }])
    };
    let request = DescribeVpcsRequest {
        filters: filter("isDefault", "true".to_owned()),
        ..Default::default()
    };
    let vpcs = client.call::<DescribeVpcs>(request).await?;
    let Some(vpc) = vpcs.vpcs.into_iter().flatten().find_map(|vpc| vpc.vpc_id) else {
        return Ok(());
    };
    let request =
        DescribeSubnetsRequest { filters: filter("vpc-id", vpc.clone()), ..Default::default() };
    let subnets = client.call::<DescribeSubnets>(request).await?;
    let mut by_zone = BTreeMap::new();
    for subnet in subnets.subnets.into_iter().flatten() {
        if let (Some(zone), Some(id)) = (subnet.availability_zone, subnet.subnet_id) {
            by_zone.entry(zone).or_insert(id);
        }
    }
    observed.subnets = by_zone.into_values().collect();
    let request = DescribeSecurityGroupsRequest {
        filters: filter("vpc-id", vpc.clone()),
        ..Default::default()
    };
    let groups = client.call::<DescribeSecurityGroups>(request).await?;
    let mut groups = groups.security_groups.into_iter().flatten();
    let default = groups.find(|group| group.group_name.as_deref() == Some("default"));
    observed.security_groups = default.and_then(|group| group.group_id).into_iter().collect();
    observed.public = true;
    observed.vpc = Some(vpc);
    Ok(())
}

pub(super) async fn cluster(
    client: &Client,
    scope: Scope<'_>,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let request = DescribeClustersRequest {
        clusters: Some(vec![scope.cluster.to_owned()]),
        // Whether services are still going.
        include: Some(vec!["STATISTICS".to_owned()]),
    };
    let clusters = client.call::<DescribeClusters>(request).await?;
    let mut clusters = clusters.clusters.into_iter().flatten();
    observed.cluster = clusters.find(|held| held.status.as_deref() == Some("ACTIVE"));
    Ok(())
}

pub(super) async fn log_group(
    client: &Client,
    name: &str,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let request = DescribeLogGroupsRequest {
        log_group_name_prefix: Some(name.to_owned()),
        ..Default::default()
    };
    let groups = client.call::<DescribeLogGroups>(request).await?;
    let mut groups = groups.log_groups.into_iter().flatten();
    if let Some(group) = groups.find(|held| held.log_group_name.as_deref() == Some(name)) {
        observed.log_groups.insert(name.to_owned(), group.retention_in_days);
    }
    Ok(())
}

/// A role with its policies; absent when it went meanwhile, or is somebody else's.
async fn role(client: &Client, scope: Scope<'_>, name: &str) -> Result<Option<Role>, CallError> {
    let request = GetRoleRequest { role_name: name.to_owned() };
    let Some(there) = client.call::<GetRole>(request).await.absent(&["NoSuchEntity"])? else {
        return Ok(None);
    };
    let tags = there.role.tags.into_iter().flatten().map(|tag| (tag.key, tag.value)).collect();
    if !scope.names.own(&tags) {
        return Ok(None);
    }
    let request =
        ListAttachedRolePoliciesRequest { role_name: name.to_owned(), ..Default::default() };
    let attached = client.call::<ListAttachedRolePolicies>(request).await?;
    let attached = attached.attached_policies.into_iter().flatten();
    let request = ListRolePoliciesRequest { role_name: name.to_owned(), ..Default::default() };
    let listed = client.call::<ListRolePolicies>(request).await?;
    let mut inline = BTreeMap::new();
    for policy_name in listed.policy_names {
        let request =
            GetRolePolicyRequest { role_name: name.to_owned(), policy_name: policy_name.clone() };
        let policy = client.call::<GetRolePolicy>(request).await?;
        inline.insert(policy_name, decoded(&policy.policy_document));
    }
    let attached = attached.filter_map(|policy| policy.policy_arn).collect();
    Ok(Some(Role { arn: there.role.arn, attached, inline }))
}

/// IAM answers policies URL-encoded (RFC 3986). What is not encoded stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = (*first == b'%').then(|| tail.get(..2)).flatten();
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn policies_are_url_decoded() {
        assert_eq!(decoded("%7B%22a%22%3A%20%22100%25%22%7D"), "{\"a\": \"100%\"}");
        assert_eq!(decoded("{\"a\": \"%\"}"), "{\"a\": \"%\"}");
    }
}
