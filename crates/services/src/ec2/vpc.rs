//! VPCs: the local one, and those that clients made.

mod edit;

pub(super) use edit::{LENGTHS, create, delete, modify};

use super::filter::{Field, flag, maybe, passing};
use super::{Wanted, chosen, dry, fault, pages, tags};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use world::World;
use world::vpc::Network;

const FIELDS: &[Field<Vpc>] = &[
    Field { names: &["vpc-id"], values: |vpc| maybe(vpc.vpc_id.as_ref()) },
    Field { names: &["is-default", "isDefault"], values: |vpc| flag(vpc.is_default) },
    Field {
        names: &["cidr", "cidr-block", "cidr-block-association.cidr-block"],
        values: |vpc| maybe(vpc.cidr_block.as_ref()),
    },
    Field { names: &["state"], values: |vpc| maybe(vpc.state.as_ref()) },
    Field { names: &["owner-id"], values: |vpc| maybe(vpc.owner_id.as_ref()) },
    Field { names: &["dhcp-options-id"], values: |vpc| maybe(vpc.dhcp_options_id.as_ref()) },
];

/// `DescribeVpcs`.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeVpcsRequest,
) -> Result<DescribeVpcsResult, Fault> {
    dry(input.dry_run)?;
    let id = |vpc: &Vpc| vpc.vpc_id.clone();
    let vpcs = world.all_networks().map(|network| show(world, &network)).collect();
    let vpcs = chosen(vpcs, input.vpc_ids.as_deref(), |vpc| vpc.vpc_id.as_deref(), fault::no_vpc)?;
    let vpcs = passing(vpcs, input.filters.as_deref(), FIELDS)?;
    let wanted =
        Wanted { listing: "DescribeVpcs", token: input.next_token, most: input.max_results };
    let page = pages(vpcs, &wanted, id)?;
    Ok(DescribeVpcsResult { vpcs: Some(page.rows), next_token: page.next })
}

/// `DescribeVpcAttribute`.
pub(super) fn attribute(
    world: &World,
    _: &Cx<'_>,
    input: DescribeVpcAttributeRequest,
) -> Result<DescribeVpcAttributeResult, Fault> {
    dry(input.dry_run)?;
    let network = find(world, &input.vpc_id)?;
    let value = |name: &str, value: bool| {
        (input.attribute == name).then_some(AttributeBooleanValue { value: Some(value) })
    };
    Ok(DescribeVpcAttributeResult {
        enable_dns_support: value("enableDnsSupport", network.dns_support),
        enable_dns_hostnames: value("enableDnsHostnames", network.dns_hostnames),
        enable_network_address_usage_metrics: value(
            "enableNetworkAddressUsageMetrics",
            network.usage_metrics,
        ),
        vpc_id: Some(input.vpc_id),
    })
}

/// The VPC with this id.
pub(super) fn find(world: &World, id: &str) -> Result<Network, Fault> {
    world.network(&id.into()).ok_or_else(|| fault::no_vpc(id))
}

fn show(world: &World, network: &Network) -> Vpc {
    let id = network.id.as_str();
    let suffix = id.trim_start_matches("vpc-");
    let association = VpcCidrBlockAssociation {
        association_id: Some(format!("vpc-cidr-assoc-{suffix}")),
        cidr_block: Some(network.range.to_string()),
        cidr_block_state: Some(VpcCidrBlockState {
            state: Some("associated".to_owned()),
            status_message: None,
        }),
    };
    Vpc {
        vpc_id: Some(id.to_owned()),
        cidr_block: Some(network.range.to_string()),
        cidr_block_association_set: Some(vec![association]),
        is_default: Some(network.id == world.vpc.id),
        state: Some("available".to_owned()),
        instance_tenancy: Some("default".to_owned()),
        owner_id: Some(world.place.account.to_string()),
        tags: tags::show(world, id),
        ..Vpc::default()
    }
}
