//! Subnets: the local VPC's, one a zone, and those that clients made.

mod edit;

pub(super) use edit::{create, delete, modify};

use super::filter::{Field, flag, maybe, passing};
use super::{Wanted, chosen, dry, fault, pages, tags, zone};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use model::SubnetId;
use std::collections::BTreeMap;
use world::vpc::NetworkSubnet;
use world::{Phase, World};

/// The addresses that AWS keeps of every subnet: the first four and the last.
const KEPT: u64 = 5;

const FIELDS: &[Field<Subnet>] = &[
    Field { names: &["subnet-id"], values: |subnet| maybe(subnet.subnet_id.as_ref()) },
    Field { names: &["vpc-id"], values: |subnet| maybe(subnet.vpc_id.as_ref()) },
    Field {
        names: &["availability-zone", "availabilityZone"],
        values: |subnet| maybe(subnet.availability_zone.as_ref()),
    },
    Field {
        names: &["availability-zone-id", "availabilityZoneId"],
        values: |subnet| maybe(subnet.availability_zone_id.as_ref()),
    },
    Field {
        names: &["cidr-block", "cidr", "cidrBlock"],
        values: |subnet| maybe(subnet.cidr_block.as_ref()),
    },
    Field {
        names: &["default-for-az", "defaultForAz"],
        values: |subnet| flag(subnet.default_for_az),
    },
    Field {
        names: &["map-public-ip-on-launch"],
        values: |subnet| flag(subnet.map_public_ip_on_launch),
    },
    Field {
        names: &["available-ip-address-count"],
        values: |subnet| {
            subnet.available_ip_address_count.map(|n| n.to_string()).into_iter().collect()
        },
    },
    Field { names: &["state"], values: |subnet| maybe(subnet.state.as_ref()) },
    Field { names: &["owner-id"], values: |subnet| maybe(subnet.owner_id.as_ref()) },
    Field { names: &["subnet-arn"], values: |subnet| maybe(subnet.subnet_arn.as_ref()) },
    Field { names: &["ipv6-native"], values: |subnet| flag(subnet.ipv6_native) },
];

/// `DescribeSubnets`.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeSubnetsRequest,
) -> Result<DescribeSubnetsResult, Fault> {
    dry(input.dry_run)?;
    let taken = taken(world);
    let show = |row: NetworkSubnet| show(world, &row, taken.get(&row.id).copied().unwrap_or(0));
    let subnets = world.all_subnets().map(show).collect();
    let ids = input.subnet_ids.as_deref();
    let subnets = chosen(subnets, ids, |subnet| subnet.subnet_id.as_deref(), fault::no_subnet)?;
    let subnets = passing(subnets, input.filters.as_deref(), FIELDS)?;
    let wanted =
        Wanted { listing: "DescribeSubnets", token: input.next_token, most: input.max_results };
    let page = pages(subnets, &wanted, |subnet| subnet.subnet_id.clone())?;
    Ok(DescribeSubnetsResult { subnets: Some(page.rows), next_token: page.next })
}

/// How many addresses tasks have in each subnet.
fn taken(world: &World) -> BTreeMap<&SubnetId, i32> {
    let mut taken = BTreeMap::new();
    for task in world.tasks.iter().filter(|task| task.phase != Phase::Stopped) {
        *taken.entry(&task.eni.subnet).or_default() += 1;
    }
    taken
}

/// The subnet with this id.
pub(super) fn find(world: &World, id: &str) -> Result<NetworkSubnet, Fault> {
    world.network_subnet(&id.into()).ok_or_else(|| fault::no_subnet(id))
}

fn show(world: &World, row: &NetworkSubnet, taken: i32) -> Subnet {
    let place = &world.place;
    let free = i32::try_from(row.range.size() - KEPT).ok();
    Subnet {
        subnet_id: Some(row.id.to_string()),
        subnet_arn: Some(place.arn("ec2", &format!("subnet/{}", row.id))),
        vpc_id: Some(row.vpc.to_string()),
        cidr_block: Some(row.range.to_string()),
        availability_zone: Some(row.zone.to_string()),
        availability_zone_id: zone::id(&place.region, &row.zone),
        available_ip_address_count: free.map(|free| (free - taken).max(0)),
        default_for_az: Some(world.vpc.subnet(row.id.as_str()).is_some()),
        map_public_ip_on_launch: Some(row.public_addresses),
        map_customer_owned_ip_on_launch: Some(false),
        assign_ipv6_address_on_creation: Some(false),
        enable_dns64: Some(false),
        ipv6_native: Some(false),
        state: Some("available".to_owned()),
        owner_id: Some(place.account.to_string()),
        private_dns_name_options_on_launch: Some(PrivateDnsNameOptionsOnLaunch {
            hostname_type: Some("ip-name".to_owned()),
            enable_resource_name_dns_a_record: Some(false),
            enable_resource_name_dns_aaaa_record: Some(false),
        }),
        tags: tags::show(world, row.id.as_str()),
        ..Subnet::default()
    }
}
