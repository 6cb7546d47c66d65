//! Elastic addresses. They are of a range that is reserved for documentation: nothing is reached there.

use super::filter::{Field, maybe, passing};
use super::{chosen, dry, fault, refuse, tags};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use api::value::Nothing;
use model::{AllocationId, Cidr, Ids};
use world::vpc::{ElasticAddress as Row, NatGateway};
use world::{Draft, RowKey, World};

/// TEST-NET-3 of RFC 5737.
const RANGE: &str = "203.0.113.0/24";

const FIELDS: &[Field<Address>] = &[
    Field { names: &["allocation-id"], values: |address| maybe(address.allocation_id.as_ref()) },
    Field { names: &["association-id"], values: |address| maybe(address.association_id.as_ref()) },
    Field { names: &["domain"], values: |address| maybe(address.domain.as_ref()) },
    Field {
        names: &["network-interface-id"],
        values: |address| maybe(address.network_interface_id.as_ref()),
    },
    Field {
        names: &["private-ip-address"],
        values: |address| maybe(address.private_ip_address.as_ref()),
    },
    Field { names: &["public-ip"], values: |address| maybe(address.public_ip.as_ref()) },
];

/// `AllocateAddress`.
pub(super) fn allocate(
    draft: &mut Draft,
    _: &Cx<'_>,
    ids: &mut Ids,
    input: AllocateAddressRequest,
) -> Result<AllocateAddressResult, Fault> {
    dry(input.dry_run)?;
    let group = input.network_border_group;
    refuse(&[
        ("Domain", input.domain.is_some_and(|domain| domain != "vpc")),
        ("Address", input.address.is_some()),
        ("PublicIpv4Pool", input.public_ipv4_pool.is_some_and(|pool| pool != "amazon")),
        ("CustomerOwnedIpv4Pool", input.customer_owned_ipv4_pool.is_some()),
        ("IpamPoolId", input.ipam_pool_id.is_some()),
        ("NetworkBorderGroup", group.is_some_and(|group| group != draft.place.region.as_str())),
    ])?;
    let given = tags::new(input.tag_specifications.as_deref(), "elastic-ip")?;
    let range: Cidr = RANGE.parse().map_err(|_| Fault::internal())?;
    let taken = |address| draft.elastic_addresses.iter().any(|held| held.address == address);
    let free = (1..255).filter_map(|n| range.nth(n)).find(|address| !taken(*address));
    let address = free.ok_or_else(fault::no_addresses_left)?;
    let id: AllocationId = format!("eipalloc-{}", ids.hex(17)).into();
    draft.put(Row { id: id.clone(), address });
    tags::keep(draft, id.as_str(), given);
    Ok(AllocateAddressResult {
        allocation_id: Some(id.to_string()),
        public_ipv4_pool: Some("amazon".to_owned()),
        network_border_group: Some(draft.place.region.to_string()),
        domain: Some("vpc".to_owned()),
        public_ip: Some(address.to_string()),
        ..AllocateAddressResult::default()
    })
}

/// `DescribeAddresses`.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeAddressesRequest,
) -> Result<DescribeAddressesResult, Fault> {
    dry(input.dry_run)?;
    let rows = world.elastic_addresses.iter().map(|row| show(world, row)).collect();
    let ids = input.allocation_ids.as_deref();
    let rows = chosen(rows, ids, |row| row.allocation_id.as_deref(), fault::no_allocation)?;
    let addresses = input.public_ips.as_deref();
    let rows = chosen(rows, addresses, |row| row.public_ip.as_deref(), fault::no_address)?;
    let rows = passing(rows, input.filters.as_deref(), FIELDS)?;
    Ok(DescribeAddressesResult { addresses: Some(rows) })
}

/// `ReleaseAddress`: one that nothing has.
pub(super) fn release(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: ReleaseAddressRequest,
) -> Result<Nothing, Fault> {
    dry(input.dry_run)?;
    refuse(&[("PublicIp", input.public_ip.is_some())])?;
    let id = input.allocation_id.ok_or_else(|| fault::missing("allocationId"))?;
    let address = draft.elastic_addresses.get(id.as_str());
    let address = address.ok_or_else(|| fault::no_allocation(&id))?;
    if holder(draft, address).is_some() {
        return Err(fault::address_in_use(&address.address.to_string()));
    }
    draft.remove(RowKey::ElasticAddress(id.as_str().into()));
    tags::forget(draft, &id);
    Ok(Nothing)
}

/// The NAT gateway that has an address.
pub(super) fn holder<'a>(world: &'a World, address: &Row) -> Option<&'a NatGateway> {
    let mut all = world.nat_gateways.iter().filter(|nat| nat.deleted_at.is_none());
    all.find(|nat| nat.public.as_ref() == Some(address))
}

fn show(world: &World, row: &Row) -> Address {
    let holder = holder(world, row);
    let account = world.place.account.to_string();
    Address {
        allocation_id: Some(row.id.to_string()),
        public_ip: Some(row.address.to_string()),
        domain: Some("vpc".to_owned()),
        public_ipv4_pool: Some("amazon".to_owned()),
        network_border_group: Some(world.place.region.to_string()),
        association_id: holder.and_then(|nat| nat.association.clone()),
        network_interface_id: holder.map(|nat| nat.interface.clone()),
        network_interface_owner_id: holder.map(|_| account),
        private_ip_address: holder.map(|nat| nat.private.to_string()),
        tags: tags::show(world, row.id.as_str()),
        ..Address::default()
    }
}
