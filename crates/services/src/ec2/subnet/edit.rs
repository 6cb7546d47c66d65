//! Subnets that clients make, and what they change of any.

use super::super::vpc::{self, LENGTHS};
use super::super::{dry, fault, refuse, tags, zone};
use super::{find, show};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use api::value::Nothing;
use model::{Cidr, Ids, SubnetId, ZoneName};
use world::task::Attachment;
use world::vpc::NetworkSubnet;
use world::{Draft, RowKey, World};

/// `CreateSubnet`.
pub(in super::super) fn create(
    draft: &mut Draft,
    _: &Cx<'_>,
    ids: &mut Ids,
    input: CreateSubnetRequest,
) -> Result<CreateSubnetResult, Fault> {
    dry(input.dry_run)?;
    refuse(&[
        ("Ipv6CidrBlock", input.ipv6_cidr_block.is_some()),
        ("Ipv6Native", input.ipv6_native == Some(true)),
        ("OutpostArn", input.outpost_arn.is_some()),
        ("Ipv4IpamPoolId", input.ipv4_ipam_pool_id.is_some()),
        ("Ipv4NetmaskLength", input.ipv4_netmask_length.is_some()),
        ("Ipv6IpamPoolId", input.ipv6_ipam_pool_id.is_some()),
        ("Ipv6NetmaskLength", input.ipv6_netmask_length.is_some()),
    ])?;
    let network = vpc::find(draft, &input.vpc_id)?;
    let text = input.cidr_block.ok_or_else(|| fault::missing("cidrBlock"))?;
    let range: Cidr = text.parse().map_err(|_| fault::no_cidr("cidrBlock", &text))?;
    if !LENGTHS.contains(&range.length()) || !network.range.contains(range) {
        return Err(fault::subnet_range(&text));
    }
    let taken = |other: NetworkSubnet| other.vpc == network.id && other.range.overlaps(range);
    if draft.all_subnets().any(taken) {
        return Err(fault::subnet_conflict(&text));
    }
    let zone = choose(draft, input.availability_zone, input.availability_zone_id)?;
    let given = tags::new(input.tag_specifications.as_deref(), "subnet")?;
    let id: SubnetId = format!("subnet-{}", ids.hex(17)).into();
    let subnet =
        NetworkSubnet { id: id.clone(), vpc: network.id, range, zone, public_addresses: false };
    draft.put(subnet.clone());
    tags::keep(draft, id.as_str(), given);
    Ok(CreateSubnetResult { subnet: Some(show(draft, &subnet, 0)) })
}

/// The zone of a request: the first one when it names none.
fn choose(world: &World, name: Option<String>, id: Option<String>) -> Result<ZoneName, Fault> {
    let zones = world.place.zones();
    let [first, ..] = &zones;
    let found = match (&name, &id) {
        (Some(name), _) => zones.iter().find(|zone| zone.as_str() == name),
        (None, Some(id)) => {
            zones.iter().find(|zone| zone::id(&world.place.region, zone).as_ref() == Some(id))
        }
        (None, None) => Some(first),
    };
    let named = name.or(id).unwrap_or_default();
    found.cloned().ok_or_else(|| fault::no_subnet_zone(&named, &zones))
}

/// `DeleteSubnet`.
pub(in super::super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteSubnetRequest,
) -> Result<Nothing, Fault> {
    dry(input.dry_run)?;
    let subnet = find(draft, &input.subnet_id)?;
    if subnet.vpc == draft.vpc.id && draft.vpc.subnet(&input.subnet_id).is_some() {
        return Err(fault::local_vpc());
    }
    if is_used(draft, &subnet.id) {
        return Err(fault::dependency("subnet", &input.subnet_id));
    }
    let associated = |association: &world::vpc::RouteAssociation| association.subnet == subnet.id;
    let table = draft.all_route_tables().find(|table| table.associations.iter().any(associated));
    if let Some(mut table) = table {
        table.associations.retain(|association| !associated(association));
        draft.put(table);
    }
    draft.remove(RowKey::NetworkSubnet(subnet.id));
    tags::forget(draft, &input.subnet_id);
    Ok(Nothing)
}

/// Whether something has an address in a subnet: a task, a load balancer, a NAT gateway.
fn is_used(world: &World, subnet: &SubnetId) -> bool {
    let task =
        |task: &world::Task| task.attachment != Attachment::Deleted && task.eni.subnet == *subnet;
    world.tasks.iter().any(task)
        || world.load_balancers.iter().any(|balancer| balancer.subnets.contains(subnet))
        || world.nat_gateways.iter().any(|nat| nat.deleted_at.is_none() && nat.subnet == *subnet)
}

/// `ModifySubnetAttribute`.
pub(in super::super) fn modify(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: ModifySubnetAttributeRequest,
) -> Result<Nothing, Fault> {
    let on = |given: &Option<AttributeBooleanValue>| {
        given.as_ref().is_some_and(|given| given.value == Some(true))
    };
    let name = input.private_dns_hostname_type_on_launch.as_deref();
    refuse(&[
        ("AssignIpv6AddressOnCreation", on(&input.assign_ipv6_address_on_creation)),
        ("MapCustomerOwnedIpOnLaunch", on(&input.map_customer_owned_ip_on_launch)),
        ("CustomerOwnedIpv4Pool", input.customer_owned_ipv4_pool.is_some()),
        ("EnableDns64", on(&input.enable_dns64)),
        ("PrivateDnsHostnameTypeOnLaunch", name.is_some_and(|name| name != "ip-name")),
        (
            "EnableResourceNameDnsARecordOnLaunch",
            on(&input.enable_resource_name_dns_a_record_on_launch),
        ),
        (
            "EnableResourceNameDnsAAAARecordOnLaunch",
            on(&input.enable_resource_name_dns_aaaa_record_on_launch),
        ),
        ("EnableLniAtDeviceIndex", input.enable_lni_at_device_index.is_some()),
    ])?;
    let mut subnet = find(draft, &input.subnet_id)?;
    let public = input.map_public_ip_on_launch.and_then(|given| given.value);
    subnet.public_addresses = public.unwrap_or(subnet.public_addresses);
    draft.put(subnet);
    Ok(Nothing)
}
