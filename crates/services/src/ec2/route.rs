//! Routes: to internet gateways and NAT gateways. They are kept and shown; nothing follows them.

use super::{dry, fault, refuse, route_table};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use api::value::Nothing;
use model::{Cidr, Ids};
use world::vpc::{Route as Row, RouteTable as Table, Through};
use world::{Draft, World};

/// Where a request wants a route to lead.
struct Wish<'a> {
    to: Option<&'a String>,
    gateway: Option<&'a String>,
    nat: Option<&'a String>,
}

/// `CreateRoute`.
pub(super) fn create(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: CreateRouteRequest,
) -> Result<CreateRouteResult, Fault> {
    dry(input.dry_run)?;
    refuse(&[
        ("DestinationPrefixListId", input.destination_prefix_list_id.is_some()),
        ("DestinationIpv6CidrBlock", input.destination_ipv6_cidr_block.is_some()),
        ("VpcEndpointId", input.vpc_endpoint_id.is_some()),
        ("TransitGatewayId", input.transit_gateway_id.is_some()),
        ("LocalGatewayId", input.local_gateway_id.is_some()),
        ("CarrierGatewayId", input.carrier_gateway_id.is_some()),
        ("CoreNetworkArn", input.core_network_arn.is_some()),
        ("OdbNetworkArn", input.odb_network_arn.is_some()),
        ("EgressOnlyInternetGatewayId", input.egress_only_internet_gateway_id.is_some()),
        ("InstanceId", input.instance_id.is_some()),
        ("NetworkInterfaceId", input.network_interface_id.is_some()),
        ("VpcPeeringConnectionId", input.vpc_peering_connection_id.is_some()),
    ])?;
    let mut table = route_table::find(draft, &input.route_table_id)?;
    let (to, gateway, nat) =
        (&input.destination_cidr_block, &input.gateway_id, &input.nat_gateway_id);
    let wish = Wish { to: to.as_ref(), gateway: gateway.as_ref(), nat: nat.as_ref() };
    let route = wanted(draft, &table, &wish)?;
    if table.routes.iter().any(|held| held.to == route.to) {
        return Err(fault::route_exists(&route.to.to_string()));
    }
    table.routes.push(route);
    draft.put(table);
    Ok(CreateRouteResult { r#return: Some(true) })
}

/// `ReplaceRoute`.
pub(super) fn replace(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: ReplaceRouteRequest,
) -> Result<Nothing, Fault> {
    dry(input.dry_run)?;
    refuse(&[
        ("LocalTarget", input.local_target == Some(true)),
        ("DestinationPrefixListId", input.destination_prefix_list_id.is_some()),
        ("DestinationIpv6CidrBlock", input.destination_ipv6_cidr_block.is_some()),
        ("VpcEndpointId", input.vpc_endpoint_id.is_some()),
        ("TransitGatewayId", input.transit_gateway_id.is_some()),
        ("LocalGatewayId", input.local_gateway_id.is_some()),
        ("CarrierGatewayId", input.carrier_gateway_id.is_some()),
        ("CoreNetworkArn", input.core_network_arn.is_some()),
        ("OdbNetworkArn", input.odb_network_arn.is_some()),
        ("EgressOnlyInternetGatewayId", input.egress_only_internet_gateway_id.is_some()),
        ("InstanceId", input.instance_id.is_some()),
        ("NetworkInterfaceId", input.network_interface_id.is_some()),
        ("VpcPeeringConnectionId", input.vpc_peering_connection_id.is_some()),
    ])?;
    let mut table = route_table::find(draft, &input.route_table_id)?;
    let (to, gateway, nat) =
        (&input.destination_cidr_block, &input.gateway_id, &input.nat_gateway_id);
    let wish = Wish { to: to.as_ref(), gateway: gateway.as_ref(), nat: nat.as_ref() };
    let route = wanted(draft, &table, &wish)?;
    let held = table.routes.iter_mut().find(|held| held.to == route.to);
    let Some(held) = held else {
        return Err(fault::no_route(&route.to.to_string(), &input.route_table_id));
    };
    *held = route;
    draft.put(table);
    Ok(Nothing)
}

/// `DeleteRoute`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteRouteRequest,
) -> Result<Nothing, Fault> {
    dry(input.dry_run)?;
    refuse(&[
        ("DestinationPrefixListId", input.destination_prefix_list_id.is_some()),
        ("DestinationIpv6CidrBlock", input.destination_ipv6_cidr_block.is_some()),
    ])?;
    let mut table = route_table::find(draft, &input.route_table_id)?;
    let to = destination(input.destination_cidr_block.as_ref())?;
    let before = table.routes.len();
    table.routes.retain(|held| held.to != to);
    if table.routes.len() == before {
        return Err(fault::no_route(&to.to_string(), &input.route_table_id));
    }
    draft.put(table);
    Ok(Nothing)
}

/// The route that is wanted, if it can be.
fn wanted(world: &World, table: &Table, wish: &Wish<'_>) -> Result<Row, Fault> {
    let to = destination(wish.to)?;
    let range = world.network(&table.vpc).map(|network| network.range);
    if range.is_some_and(|range| range.contains(to)) {
        return Err(fault::route_within(&to.to_string()));
    }
    let through = match (wish.gateway, wish.nat) {
        (Some(id), None) => {
            let gateway = world.internet_gateway(&id.as_str().into());
            let gateway = gateway.ok_or_else(|| fault::no_gateway(id))?;
            if gateway.vpc.as_ref() != Some(&table.vpc) {
                let table = table.id.as_str();
                return Err(fault::other_networks("route table", table, "network gateway", id));
            }
            Through::Internet(gateway.id)
        }
        (None, Some(id)) => {
            let nat = world.nat_gateways.get(id.as_str()).filter(|nat| nat.deleted_at.is_none());
            let nat = nat.ok_or_else(|| fault::no_nat_for_route(id))?;
            Through::Nat(nat.id.clone())
        }
        (Some(_), Some(_)) => return Err(fault::two_ways()),
        (None, None) => return Err(fault::no_way()),
    };
    Ok(Row { to, through })
}

fn destination(text: Option<&String>) -> Result<Cidr, Fault> {
    let text = text.ok_or_else(|| fault::missing("destinationCidrBlock"))?;
    text.parse().map_err(|_| fault::no_cidr("destinationCidrBlock", text))
}

/// A table's routes, the one within its VPC first. A route whose gateway is gone is a black hole.
pub(super) fn show(world: &World, table: &Table) -> Vec<Route> {
    let range = world.network(&table.vpc).map(|network| network.range);
    let local = range.map(|range| Route {
        destination_cidr_block: Some(range.to_string()),
        gateway_id: Some("local".to_owned()),
        origin: Some("CreateRouteTable".to_owned()),
        state: Some("active".to_owned()),
        ..Route::default()
    });
    local.into_iter().chain(table.routes.iter().map(|row| show_one(world, table, row))).collect()
}

fn show_one(world: &World, table: &Table, row: &Row) -> Route {
    let (gateway, nat, there) = match &row.through {
        Through::Internet(id) => {
            let gateway = world.internet_gateway(id);
            let there = gateway.is_some_and(|gateway| gateway.vpc.as_ref() == Some(&table.vpc));
            (Some(id.to_string()), None, there)
        }
        Through::Nat(id) => {
            let nat = world.nat_gateways.get(id);
            (None, Some(id.to_string()), nat.is_some_and(|nat| nat.deleted_at.is_none()))
        }
    };
    Route {
        destination_cidr_block: Some(row.to.to_string()),
        gateway_id: gateway,
        nat_gateway_id: nat,
        origin: Some("CreateRoute".to_owned()),
        state: Some(if there { "active" } else { "blackhole" }.to_owned()),
        ..Route::default()
    }
}
