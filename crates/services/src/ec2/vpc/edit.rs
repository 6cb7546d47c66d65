//! VPCs that clients make. Like AWS, each comes with a main route table and a security group.

use super::super::{dry, fault, refuse, tags};
use super::{find, show};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use api::value::Nothing;
use model::{Cidr, Ids, VpcId};
use std::ops::RangeInclusive;
use world::vpc::{Network, RouteTable as Table, defaults};
use world::{Draft, RowKey, World};

/// The lengths that a VPC's range, and a subnet's, can have.
pub(in super::super) const LENGTHS: RangeInclusive<u8> = 16..=28;

/// `CreateVpc`.
pub(in super::super) fn create(
    draft: &mut Draft,
    _: &Cx<'_>,
    ids: &mut Ids,
    input: CreateVpcRequest,
) -> Result<CreateVpcResult, Fault> {
    dry(input.dry_run)?;
    refuse(&[
        ("Ipv4IpamPoolId", input.ipv4_ipam_pool_id.is_some()),
        ("Ipv4NetmaskLength", input.ipv4_netmask_length.is_some()),
        ("Ipv6CidrBlock", input.ipv6_cidr_block.is_some()),
        ("Ipv6Pool", input.ipv6_pool.is_some()),
        ("Ipv6IpamPoolId", input.ipv6_ipam_pool_id.is_some()),
        ("Ipv6NetmaskLength", input.ipv6_netmask_length.is_some()),
        ("Ipv6CidrBlockNetworkBorderGroup", input.ipv6_cidr_block_network_border_group.is_some()),
        ("AmazonProvidedIpv6CidrBlock", input.amazon_provided_ipv6_cidr_block == Some(true)),
        ("VpcEncryptionControl", input.vpc_encryption_control.is_some()),
        ("InstanceTenancy", input.instance_tenancy.is_some_and(|tenancy| tenancy != "default")),
    ])?;
    let text = input.cidr_block.ok_or_else(|| fault::missing("cidrBlock"))?;
    let range: Cidr = text.parse().map_err(|_| fault::no_cidr("cidrBlock", &text))?;
    if !LENGTHS.contains(&range.length()) {
        return Err(fault::vpc_range(&text));
    }
    let given = tags::new(input.tag_specifications.as_deref(), "vpc")?;
    let id: VpcId = format!("vpc-{}", ids.hex(17)).into();
    let network = Network {
        id: id.clone(),
        range,
        dns_support: true,
        dns_hostnames: false,
        usage_metrics: false,
    };
    draft.put(network.clone());
    furnish(draft, &id, ids);
    tags::keep(draft, id.as_str(), given);
    let shown = show(draft, &network);
    // AWS says that it is pending, and the next call finds it available.
    Ok(CreateVpcResult { vpc: Some(Vpc { state: Some("pending".to_owned()), ..shown }) })
}

/// What a new VPC has.
fn furnish(draft: &mut Draft, vpc: &VpcId, ids: &mut Ids) {
    draft.put(Table {
        id: format!("rtb-{}", ids.hex(17)).into(),
        vpc: vpc.clone(),
        main: Some(format!("rtbassoc-{}", ids.hex(17))),
        routes: Vec::new(),
        associations: Vec::new(),
    });
    let rules = [0, 1].map(|_| format!("sgr-{}", ids.hex(17)));
    draft.put(defaults::first_group(format!("sg-{}", ids.hex(17)).into(), vpc.clone(), rules));
}

/// `DeleteVpc`: what AWS made with it goes with it, all else has to be gone.
pub(in super::super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteVpcRequest,
) -> Result<Nothing, Fault> {
    dry(input.dry_run)?;
    let network = find(draft, &input.vpc_id)?;
    if network.id == draft.vpc.id {
        return Err(fault::local_vpc());
    }
    if is_used(draft, &network.id) {
        return Err(fault::dependency("vpc", &input.vpc_id));
    }
    let table = draft.route_tables.iter().find(|table| table.vpc == network.id);
    let group = draft.security_groups.iter().find(|group| group.vpc == network.id);
    let table = table.map(|table| RowKey::RouteTable(table.id.clone()));
    let group = group.map(|group| RowKey::SecurityGroup(group.id.clone()));
    for key in table.into_iter().chain(group).chain([RowKey::Network(network.id)]) {
        draft.remove(key);
    }
    tags::forget(draft, &input.vpc_id);
    Ok(Nothing)
}

/// Whether there is more in a VPC than it came with. Load balancers are in its subnets.
fn is_used(world: &World, vpc: &VpcId) -> bool {
    let extra_table = |table: &Table| table.vpc == *vpc && table.main.is_none();
    world.subnets.iter().any(|subnet| subnet.vpc == *vpc)
        || world.internet_gateways.iter().any(|gateway| gateway.vpc.as_ref() == Some(vpc))
        || world.route_tables.iter().any(extra_table)
        || world.security_groups.iter().filter(|group| group.vpc == *vpc).count() > 1
}

/// `ModifyVpcAttribute`.
pub(in super::super) fn modify(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: ModifyVpcAttributeRequest,
) -> Result<Nothing, Fault> {
    let mut network = find(draft, &input.vpc_id)?;
    let value = |given: Option<AttributeBooleanValue>| given.and_then(|given| given.value);
    let given = [
        (value(input.enable_dns_support), &mut network.dns_support),
        (value(input.enable_dns_hostnames), &mut network.dns_hostnames),
        (value(input.enable_network_address_usage_metrics), &mut network.usage_metrics),
    ];
    for (value, held) in given {
        *held = value.unwrap_or(*held);
    }
    draft.put(network);
    Ok(Nothing)
}
