//! Security groups. Locally they filter nothing.

mod edit;
mod permission;
mod rules;

pub(super) use edit::{create, delete};
pub(super) use rules::{
    allow_egress, allow_ingress, describe as describe_rules, revoke_egress, revoke_ingress,
};

use super::filter::{Field, maybe, passing};
use super::{Wanted, chosen, dry, fault, pages, tags};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use world::World;
use world::vpc::{Direction, SecurityGroup as Row};

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
    let in_default = |group: &Row| group.vpc == world.vpc.id;
    // AWS looks for names in the default VPC alone.
    let rows = world.all_security_groups().filter(|group| names.is_none() || in_default(group));
    let groups = rows.map(|group| show(world, &group)).collect();
    let groups = chosen(groups, ids, |group| group.group_id.as_deref(), fault::no_group)?;
    let no_name = |name: &str| fault::no_group_name(name, world.vpc.id.as_str());
    let groups = chosen(groups, names, |group| group.group_name.as_deref(), no_name)?;
    let groups = passing(groups, input.filters.as_deref(), FIELDS)?;
    let listing = "DescribeSecurityGroups";
    let wanted = Wanted { listing, token: input.next_token, most: input.max_results };
    let page = pages(groups, &wanted, |group| group.group_id.clone())?;
    Ok(DescribeSecurityGroupsResult { security_groups: Some(page.rows), next_token: page.next })
}

/// The group with this id.
fn find(world: &World, id: &str) -> Result<Row, Fault> {
    world.security_group(&id.into()).ok_or_else(|| fault::no_group(id))
}

/// The group of the default VPC with this name.
fn find_named(world: &World, name: &str) -> Result<Row, Fault> {
    let mut all = world.all_security_groups();
    let found = all.find(|group| group.vpc == world.vpc.id && group.name == name);
    found.ok_or_else(|| fault::no_group_name(name, world.vpc.id.as_str()))
}

fn show(world: &World, row: &Row) -> SecurityGroup {
    SecurityGroup {
        security_group_arn: Some(world.place.arn("ec2", &format!("security-group/{}", row.id))),
        group_id: Some(row.id.to_string()),
        group_name: Some(row.name.clone()),
        description: Some(row.description.clone()),
        vpc_id: Some(row.vpc.to_string()),
        owner_id: Some(world.place.account.to_string()),
        ip_permissions: Some(permission::show(world, row, Direction::Ingress)),
        ip_permissions_egress: Some(permission::show(world, row, Direction::Egress)),
        tags: tags::show(world, row.id.as_str()),
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
