//! Looks at what the services of an environment on AWS stand on: the parts that the manifest names.
//!
//! They are put where the local region's own parts are looked for, so that whoever plans need not know
//! whose they are.

use super::{Scope, foundation};
use crate::client::{Absent as _, CallError, Client};
use api::ec2::{DescribeSecurityGroups, DescribeSecurityGroupsRequest};
use api::ec2::{DescribeSubnets, DescribeSubnetsRequest};
use api::elbv2::{DescribeTargetGroups, DescribeTargetGroupsInput};
use api::iam::{GetRole, GetRoleRequest};
use api::sts::{GetCallerIdentity, GetCallerIdentityRequest};
use model::Arn;
use plan::observed::{Group, Observed, Role};
use std::collections::BTreeMap;

/// Parts that exist already.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// The subnets of the tasks.
    pub subnets: &'a [String],
    /// Their security groups.
    pub security_groups: &'a [String],
    /// The role that prepares tasks.
    pub execution_role: Option<&'a Arn>,
    /// The role of the services' own code.
    pub task_role: Option<&'a Arn>,
    /// Target groups by service.
    pub target_groups: &'a BTreeMap<String, Arn>,
}

pub(super) async fn look(
    client: &Client,
    scope: Scope<'_>,
    standing: Standing<'_>,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let caller = client.call::<GetCallerIdentity>(GetCallerIdentityRequest::default()).await?;
    observed.account = caller.account.unwrap_or_default();
    foundation::cluster(client, scope, observed).await?;
    network(client, standing, observed).await?;
    for group in scope.log_groups {
        foundation::log_group(client, group, observed).await?;
    }
    if let Some(arn) = standing.execution_role {
        role(client, arn, scope.names.execution_role(), observed).await?;
    }
    for service in scope.services {
        if let Some(arn) = standing.task_role {
            role(client, arn, scope.names.task_role(service), observed).await?;
        }
        if let Some(arn) = standing.target_groups.get(service) {
            group(client, arn, scope.names.group(service), observed).await?;
        }
    }
    Ok(())
}

/// Subnets and security groups, unless one of them is not there: then there are none, for half a
/// network is not what was named.
async fn network(
    client: &Client,
    standing: Standing<'_>,
    observed: &mut Observed,
) -> Result<(), CallError> {
    if !standing.subnets.is_empty() {
        let subnet_ids = Some(standing.subnets.to_vec());
        let request = DescribeSubnetsRequest { subnet_ids, ..Default::default() };
        let found = client.call::<DescribeSubnets>(request).await;
        let found = found.absent(&["InvalidSubnetID.NotFound"])?;
        let subnets = found.and_then(|found| found.subnets).unwrap_or_default();
        observed.public = !subnets.is_empty()
            && subnets.iter().all(|subnet| subnet.map_public_ip_on_launch == Some(true));
        observed.vpc = subnets.iter().find_map(|subnet| subnet.vpc_id.clone());
        observed.subnets = subnets.into_iter().filter_map(|subnet| subnet.subnet_id).collect();
    }
    if !standing.security_groups.is_empty() {
        let group_ids = Some(standing.security_groups.to_vec());
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
    arn: &Arn,
    key: String,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let arn = arn.to_string();
    let role_name = arn.rsplit('/').next().unwrap_or_default().to_owned();
    let found = client.call::<GetRole>(GetRoleRequest { role_name }).await;
    let is_there = match found {
        Err(why) if why.code().is_some_and(|code| code.starts_with("AccessDenied")) => true,
        found => found.absent(&["NoSuchEntity"])?.is_some(),
    };
    if is_there {
        observed.roles.insert(key, Role { arn, ..Role::default() });
    }
    Ok(())
}

async fn group(
    client: &Client,
    arn: &Arn,
    key: String,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let target_group_arns = Some(vec![arn.to_string()]);
    let request = DescribeTargetGroupsInput { target_group_arns, ..Default::default() };
    let found = client.call::<DescribeTargetGroups>(request).await;
    let found = found.absent(&["TargetGroupNotFound"])?;
    let found = found.and_then(|found| found.target_groups).into_iter().flatten().next();
    observed.groups.extend(found.map(|group| (key, Group { group, ..Group::default() })));
    Ok(())
}
