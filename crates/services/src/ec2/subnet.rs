//! The subnets, one a zone.

use super::filter::{Field, flag, maybe, passing};
use super::{Wanted, chosen, dry, fault, pages, zone};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use model::SubnetId;
use std::collections::BTreeMap;
use world::{Phase, Subnet as Row, World};

/// The addresses of a /20, without the five that AWS keeps of every subnet.
const ADDRESSES: i32 = 4091;

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
    let show = |row: &Row| show(world, row, taken.get(&row.id).copied().unwrap_or(0));
    let subnets = world.vpc.subnets.iter().map(show).collect();
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

fn show(world: &World, row: &Row, taken: i32) -> Subnet {
    let place = &world.place;
    Subnet {
        subnet_id: Some(row.id.to_string()),
        subnet_arn: Some(place.arn("ec2", &format!("subnet/{}", row.id))),
        vpc_id: Some(world.vpc.id.to_string()),
        cidr_block: Some(world.vpc.subnet_cidr(row)),
        availability_zone: Some(row.zone.to_string()),
        availability_zone_id: zone::id(&place.region, &row.zone),
        available_ip_address_count: Some(ADDRESSES - taken),
        default_for_az: Some(true),
        map_public_ip_on_launch: Some(true),
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
        ..Subnet::default()
    }
}
