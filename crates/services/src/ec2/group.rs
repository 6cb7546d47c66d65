//! The VPC's default security group. Locally it filters nothing.

use super::filter::{Field, maybe, passing};
use super::{Wanted, chosen, dry, fault, pages};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use world::World;

/// The name of every VPC's first security group.
pub(super) const NAME: &str = "default";

const FIELDS: &[Field<SecurityGroup>] = &[
    Field { names: &["group-id"], values: |group| maybe(group.group_id.as_ref()) },
    Field { names: &["group-name"], values: |group| maybe(group.group_name.as_ref()) },
    Field { names: &["vpc-id"], values: |group| maybe(group.vpc_id.as_ref()) },
    Field { names: &["owner-id"], values: |group| maybe(group.owner_id.as_ref()) },
    Field { names: &["description"], values: |group| maybe(group.description.as_ref()) },
    Field {
        names: &["ip-permission.protocol"],
        values: |group| {
            each(group.ip_permissions.as_ref(), |rule| maybe(rule.ip_protocol.as_ref()))
        },
    },
    Field {
        names: &["ip-permission.group-id"],
        values: |group| each(group.ip_permissions.as_ref(), sources),
    },
    Field {
        names: &["egress.ip-permission.cidr"],
        values: |group| each(group.ip_permissions_egress.as_ref(), ranges),
    },
    Field {
        names: &["ip-permission.cidr"],
        values: |group| each(group.ip_permissions.as_ref(), ranges),
    },
];

/// `DescribeSecurityGroups`.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeSecurityGroupsRequest,
) -> Result<DescribeSecurityGroupsResult, Fault> {
    dry(input.dry_run)?;
    let (ids, names) = (input.group_ids.as_deref(), input.group_names.as_deref());
    let groups = vec![show(world)];
    let groups = chosen(groups, ids, |group| group.group_id.as_deref(), fault::no_group)?;
    let no_name = |name: &str| fault::no_group_name(name, world.vpc.id.as_str());
    let groups = chosen(groups, names, |group| group.group_name.as_deref(), no_name)?;
    let groups = passing(groups, input.filters.as_deref(), FIELDS)?;
    let listing = "DescribeSecurityGroups";
    let wanted = Wanted { listing, token: input.next_token, most: input.max_results };
    let page = pages(groups, &wanted, |group| group.group_id.clone())?;
    Ok(DescribeSecurityGroupsResult { security_groups: Some(page.rows), next_token: page.next })
}

/// The group with the rules that AWS gives it: its members may reach each other, and everything.
fn show(world: &World) -> SecurityGroup {
    let (id, account) = (world.vpc.security_group.to_string(), world.place.account.to_string());
    let every_protocol =
        || IpPermission { ip_protocol: Some("-1".to_owned()), ..Default::default() };
    let members = UserIdGroupPair {
        group_id: Some(id.clone()),
        user_id: Some(account.clone()),
        ..Default::default()
    };
    let anywhere = IpRange { cidr_ip: Some("0.0.0.0/0".to_owned()), description: None };
    SecurityGroup {
        security_group_arn: Some(world.place.arn("ec2", &format!("security-group/{id}"))),
        group_id: Some(id),
        group_name: Some(NAME.to_owned()),
        description: Some("default VPC security group".to_owned()),
        vpc_id: Some(world.vpc.id.to_string()),
        owner_id: Some(account),
        ip_permissions: Some(vec![IpPermission {
            user_id_group_pairs: Some(vec![members]),
            ..every_protocol()
        }]),
        ip_permissions_egress: Some(vec![IpPermission {
            ip_ranges: Some(vec![anywhere]),
            ..every_protocol()
        }]),
        tags: None,
    }
}

fn each(rules: Option<&Vec<IpPermission>>, of: fn(&IpPermission) -> Vec<String>) -> Vec<String> {
    rules.into_iter().flatten().flat_map(of).collect()
}

fn sources(rule: &IpPermission) -> Vec<String> {
    rule.user_id_group_pairs.iter().flatten().filter_map(|pair| pair.group_id.clone()).collect()
}

fn ranges(rule: &IpPermission) -> Vec<String> {
    rule.ip_ranges.iter().flatten().filter_map(|range| range.cidr_ip.clone()).collect()
}
