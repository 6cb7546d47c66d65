//! Network ACLs: each VPC has the one that AWS gives it, which lets everything pass. None is made.

use super::filter::{Field, flag, maybe, passing};
use super::{Wanted, chosen, dry, fault, pages};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use model::VpcId;
use world::World;

/// The number of the rule that AWS's default ACLs begin with.
const FIRST: i32 = 100;
/// The number of the rule that refuses what no other one allows: `*`.
const LAST: i32 = 32_767;

const FIELDS: &[Field<NetworkAcl>] = &[
    Field { names: &["network-acl-id"], values: |acl| maybe(acl.network_acl_id.as_ref()) },
    Field { names: &["vpc-id"], values: |acl| maybe(acl.vpc_id.as_ref()) },
    Field { names: &["default"], values: |acl| flag(acl.is_default) },
    Field { names: &["owner-id"], values: |acl| maybe(acl.owner_id.as_ref()) },
    Field {
        names: &["association.subnet-id"],
        values: |acl| {
            let held = acl.associations.iter().flatten();
            held.filter_map(|association| association.subnet_id.clone()).collect()
        },
    },
];

/// `DescribeNetworkAcls`.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeNetworkAclsRequest,
) -> Result<DescribeNetworkAclsResult, Fault> {
    dry(input.dry_run)?;
    let rows = world.all_networks().map(|network| show(world, &network.id)).collect();
    let ids = input.network_acl_ids.as_deref();
    let rows = chosen(rows, ids, |acl: &NetworkAcl| acl.network_acl_id.as_deref(), fault::no_acl)?;
    let rows = passing(rows, input.filters.as_deref(), FIELDS)?;
    let listing = "DescribeNetworkAcls";
    let wanted = Wanted { listing, token: input.next_token, most: input.max_results };
    let page = pages(rows, &wanted, |acl| acl.network_acl_id.clone())?;
    Ok(DescribeNetworkAclsResult { network_acls: Some(page.rows), next_token: page.next })
}

/// A VPC's ACL. Its id has the VPC's digits, so nothing has to remember it.
fn show(world: &World, vpc: &VpcId) -> NetworkAcl {
    let id = format!("acl-{}", vpc.as_str().trim_start_matches("vpc-"));
    let of_vpc = world.all_subnets().filter(|subnet| subnet.vpc == *vpc);
    let associations = of_vpc.map(|subnet| NetworkAclAssociation {
        network_acl_association_id: Some(format!(
            "aclassoc-{}",
            subnet.id.as_str().trim_start_matches("subnet-")
        )),
        network_acl_id: Some(id.clone()),
        subnet_id: Some(subnet.id.to_string()),
    });
    let entry = |egress, number, action: &str| NetworkAclEntry {
        cidr_block: Some("0.0.0.0/0".to_owned()),
        egress: Some(egress),
        protocol: Some("-1".to_owned()),
        rule_action: Some(action.to_owned()),
        rule_number: Some(number),
        ..NetworkAclEntry::default()
    };
    let both = [true, false];
    let entries = both
        .into_iter()
        .flat_map(|egress| [entry(egress, FIRST, "allow"), entry(egress, LAST, "deny")]);
    NetworkAcl {
        associations: Some(associations.collect()),
        entries: Some(entries.collect()),
        is_default: Some(true),
        network_acl_id: Some(id.clone()),
        vpc_id: Some(vpc.to_string()),
        owner_id: Some(world.place.account.to_string()),
        tags: None,
    }
}
