//! NAT gateways. They are kept and shown; nothing passes through one, for tasks reach the outside as
//! this machine does.

use super::filter::{Field, maybe, passing};
use super::{Wanted, address, chosen, dry, fault, pages, refuse, subnet, tags, zone};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use model::{Ids, Span, Timestamp};
use world::vpc::{NatGateway as Row, NetworkSubnet};
use world::{Draft, RowKey, World};

/// How long a gateway is `pending`; an AWS-side wait. AWS takes a minute or two (unverified).
const PENDING: Span = Span::seconds(10);
/// How long AWS shows a gateway that was deleted: about an hour.
const SHOWN: Span = Span::minutes(60);

const FIELDS: &[Field<NatGateway>] = &[
    Field { names: &["nat-gateway-id"], values: |nat| maybe(nat.nat_gateway_id.as_ref()) },
    Field { names: &["state"], values: |nat| maybe(nat.state.as_ref()) },
    Field { names: &["subnet-id"], values: |nat| maybe(nat.subnet_id.as_ref()) },
    Field { names: &["vpc-id"], values: |nat| maybe(nat.vpc_id.as_ref()) },
];

/// `CreateNatGateway`.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateNatGatewayRequest,
) -> Result<CreateNatGatewayResult, Fault> {
    dry(input.dry_run)?;
    check(&input)?;
    forget_old(draft, cx);
    let token = input.client_token;
    let again = draft.nat_gateways.iter().find(|nat| token.is_some() && nat.token == token);
    if let Some(again) = again {
        let nat_gateway = Some(show(draft, again, cx.now));
        return Ok(CreateNatGatewayResult { client_token: token, nat_gateway });
    }
    let subnet = input.subnet_id.ok_or_else(|| fault::missing("SubnetId"))?;
    let subnet = subnet::find(draft, &subnet)?;
    let private = input.connectivity_type.as_deref() == Some("private");
    let public = match input.allocation_id {
        Some(_) if private => return Err(fault::private_with_address()),
        None if private => None,
        None => return Err(fault::missing("AllocationId")),
        Some(id) => {
            let held = draft.elastic_addresses.get(id.as_str()).cloned();
            let held = held.ok_or_else(|| fault::no_allocation(&id))?;
            if address::holder(draft, &held).is_some() {
                return Err(fault::address_associated(&id));
            }
            Some(held)
        }
    };
    let given = tags::new(input.tag_specifications.as_deref(), "natgateway")?;
    let nat = Row {
        id: format!("nat-{}", ids.hex(17)).into(),
        interface: format!("eni-{}", ids.hex(17)),
        private: own_address(draft, &subnet)?,
        association: public.is_some().then(|| format!("eipassoc-{}", ids.hex(17))),
        vpc: subnet.vpc,
        subnet: subnet.id,
        public,
        token: token.clone(),
        created_at: cx.now,
        available_at: cx.now + cx.pace.wait(PENDING),
        deleted_at: None,
    };
    draft.put(nat.clone());
    tags::keep(draft, nat.id.as_str(), given);
    let nat_gateway = Some(show(draft, &nat, cx.now));
    Ok(CreateNatGatewayResult { client_token: token, nat_gateway })
}

fn check(input: &CreateNatGatewayRequest) -> Result<(), Fault> {
    refuse(&[
        ("AvailabilityMode", input.availability_mode.as_deref().is_some_and(|m| m != "zonal")),
        ("VpcId", input.vpc_id.is_some()),
        ("AvailabilityZoneAddresses", input.availability_zone_addresses.is_some()),
        ("PrivateIpAddress", input.private_ip_address.is_some()),
        ("SecondaryAllocationIds", input.secondary_allocation_ids.is_some()),
        ("SecondaryPrivateIpAddresses", input.secondary_private_ip_addresses.is_some()),
        ("SecondaryPrivateIpAddressCount", input.secondary_private_ip_address_count.is_some()),
    ])
}

/// An address of its subnet, from the end, so that it looks like none of a task.
fn own_address(world: &World, subnet: &NetworkSubnet) -> Result<std::net::Ipv4Addr, Fault> {
    let taken = |address| world.nat_gateways.iter().any(|nat| nat.private == address);
    let last = u32::try_from(subnet.range.size()).unwrap_or(u32::MAX).saturating_sub(2);
    let mut own = (4..=last).rev().filter_map(|n| subnet.range.nth(n));
    own.find(|address| !taken(*address)).ok_or_else(fault::no_addresses_left)
}

/// `DescribeNatGateways`.
pub(super) fn describe(
    world: &World,
    cx: &Cx<'_>,
    input: DescribeNatGatewaysRequest,
) -> Result<DescribeNatGatewaysResult, Fault> {
    dry(input.dry_run)?;
    let rows = world.nat_gateways.iter().filter(|nat| !is_old(nat, cx));
    let rows = rows.map(|nat| show(world, nat, cx.now)).collect();
    let ids = input.nat_gateway_ids.as_deref();
    let rows = chosen(rows, ids, |nat| nat.nat_gateway_id.as_deref(), fault::no_nat_gateway)?;
    let rows = passing(rows, input.filter.as_deref(), FIELDS)?;
    let listing = "DescribeNatGateways";
    let wanted = Wanted { listing, token: input.next_token, most: input.max_results };
    let page = pages(rows, &wanted, |nat| nat.nat_gateway_id.clone())?;
    Ok(DescribeNatGatewaysResult { nat_gateways: Some(page.rows), next_token: page.next })
}

/// `DeleteNatGateway`. Its address is free at once; it is shown as deleted for a while.
pub(super) fn delete(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: DeleteNatGatewayRequest,
) -> Result<DeleteNatGatewayResult, Fault> {
    dry(input.dry_run)?;
    forget_old(draft, cx);
    let id = &input.nat_gateway_id;
    let nat = draft.nat_gateways.get(id.as_str()).filter(|nat| nat.deleted_at.is_none());
    let mut nat = nat.cloned().ok_or_else(|| fault::no_nat_gateway(id))?;
    nat.deleted_at = Some(cx.now);
    draft.put(nat);
    Ok(DeleteNatGatewayResult { nat_gateway_id: Some(input.nat_gateway_id) })
}

/// Whether AWS would not show it any more.
fn is_old(nat: &Row, cx: &Cx<'_>) -> bool {
    nat.deleted_at.is_some_and(|deleted| deleted + cx.pace.wait(SHOWN) <= cx.now)
}

/// Takes out what nobody sees any more. Who makes or deletes a gateway does it, so that no table
/// grows by rows that are never shown.
fn forget_old(draft: &mut Draft, cx: &Cx<'_>) {
    let old = draft.nat_gateways.iter().filter(|nat| is_old(nat, cx));
    let old: Vec<_> = old.map(|nat| nat.id.clone()).collect();
    for id in old {
        tags::forget(draft, id.as_str());
        draft.remove(RowKey::NatGateway(id));
    }
}

fn show(world: &World, row: &Row, now: Timestamp) -> NatGateway {
    let state = match row.deleted_at {
        Some(_) => "deleted",
        None if now < row.available_at => "pending",
        None => "available",
    };
    let subnet = world.subnet_place(row.subnet.as_str());
    let zone = subnet.map(|subnet| subnet.zone);
    let address = NatGatewayAddress {
        allocation_id: row.public.as_ref().map(|public| public.id.to_string()),
        public_ip: row.public.as_ref().map(|public| public.address.to_string()),
        association_id: row.association.clone(),
        network_interface_id: Some(row.interface.clone()),
        private_ip: Some(row.private.to_string()),
        is_primary: Some(true),
        status: Some("succeeded".to_owned()),
        availability_zone_id: zone.as_ref().and_then(|name| zone::id(&world.place.region, name)),
        availability_zone: zone.map(|zone| zone.to_string()),
        ..NatGatewayAddress::default()
    };
    NatGateway {
        nat_gateway_id: Some(row.id.to_string()),
        subnet_id: Some(row.subnet.to_string()),
        vpc_id: Some(row.vpc.to_string()),
        state: Some(state.to_owned()),
        connectivity_type: Some(if row.public.is_some() { "public" } else { "private" }.to_owned()),
        availability_mode: Some("zonal".to_owned()),
        nat_gateway_addresses: Some(vec![address]),
        create_time: Some(row.created_at),
        delete_time: row.deleted_at,
        tags: tags::show(world, row.id.as_str()),
        ..NatGateway::default()
    }
}
