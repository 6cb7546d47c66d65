//! Looks at what the services of an environment on AWS stand on.
//!
//! They are put where the local region's own parts are looked for, so that whoever plans need not know
//! whose they are.

use super::{Scope, foundation, pairs};
use crate::client::{Absent as _, CallError, Client};
use api::ec2::{DescribeSecurityGroups, DescribeSecurityGroupsRequest};
use api::ec2::{DescribeSubnets, DescribeSubnetsRequest};
use api::elbv2::{DescribeTargetGroups, DescribeTargetGroupsInput};
use api::iam::{GetRole, GetRoleRequest};
use api::sts::{GetCallerIdentity, GetCallerIdentityRequest};
use plan::Stand;
use plan::observed::{Group, Observed, Role};

pub(super) async fn look(
    client: &Client,
    scope: Scope<'_>,
    stand: &Stand,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let caller = client.call::<GetCallerIdentity>(GetCallerIdentityRequest::default()).await?;
    observed.account = caller.account.unwrap_or_default();
    foundation::cluster(client, scope, observed).await?;
    network(client, stand, observed).await?;
    for group in scope.log_groups {
        foundation::log_group(client, group, observed).await?;
    }
    if let Some(arn) = &stand.execution_role {
        role(client, arn, scope.names.execution_role(), observed).await?;
    }
    for service in scope.services {
        if let Some(arn) = stand.task_roles.get(service) {
            role(client, arn, scope.names.task_role(service), observed).await?;
        }
        if let Some(arn) = stand.target_groups.get(service) {
            group(client, arn, scope.names.group(service), observed).await?;
        }
        if let Some(arn) = stand.second_groups.get(service) {
            group(client, arn, format!("{}-2", scope.names.group(service)), observed).await?;
        }
    }
    observed.pair_rules = pairs::rules(client, stand).await?;
    observed.infrastructure_role.clone_from(&stand.infrastructure_role);
    Ok(())
}

/// Subnets and security groups, unless one of them is not there: then there are none, for half a
/// network is not what was named.
async fn network(client: &Client, stand: &Stand, observed: &mut Observed) -> Result<(), CallError> {
    if !stand.subnets.is_empty() {
        let subnet_ids = Some(stand.subnets.clone());
        let request = DescribeSubnetsRequest { subnet_ids, ..Default::default() };
        let found = client.call::<DescribeSubnets>(request).await;
        let found = found.absent(&["InvalidSubnetID.NotFound"])?;
        let subnets = found.and_then(|found| found.subnets).unwrap_or_default();
        observed.public = !subnets.is_empty()
            && subnets.iter().all(|subnet| subnet.map_public_ip_on_launch == Some(true));
        observed.vpc = subnets.iter().find_map(|subnet| subnet.vpc_id.clone());
        observed.subnets = subnets.into_iter().filter_map(|subnet| subnet.subnet_id).collect();
    }
    if !stand.security_groups.is_empty() {
        let group_ids = Some(stand.security_groups.clone());
        let request = DescribeSecurityGroupsRequest { group_ids, ..Default::default() };
        let found = client.call::<DescribeSecurityGroups>(request).await;
        let found = found.absent(&["InvalidGroup.NotFound", "InvalidGroupId.Malformed"])?;
        let groups = found.and_then(|found| found.security_groups).into_iter().flatten();
        observed.security_groups = groups.filter_map(|group| group.group_id).collect();
    }
    Ok(())
}

/// A role. Who may not look at it can still use it, so it is then taken to be there.
async fn role(
    client: &Client,
    arn: &str,
    key: String,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let role_name = arn.rsplit('/').next().unwrap_or_default().to_owned();
    let found = client.call::<GetRole>(GetRoleRequest { role_name }).await;
    let is_there = match found {
        Err(why) if why.code().is_some_and(|code| code.starts_with("AccessDenied")) => true,
        found => found.absent(&["NoSuchEntity"])?.is_some(),
    };
    if is_there {
        observed.roles.insert(key, Role { arn: arn.to_owned(), ..Role::default() });
    }
    Ok(())
}

async fn group(
    client: &Client,
    arn: &str,
    key: String,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let target_group_arns = Some(vec![arn.to_owned()]);
    let request = DescribeTargetGroupsInput { target_group_arns, ..Default::default() };
    let found = client.call::<DescribeTargetGroups>(request).await;
    let found = found.absent(&["TargetGroupNotFound"])?;
    let found = found.and_then(|found| found.target_groups).into_iter().flatten().next();
    observed.groups.extend(found.map(|group| (key, Group { group, ..Group::default() })));
    Ok(())
}
