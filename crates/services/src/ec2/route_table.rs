//! Route tables, and the subnets that they are for.

use super::filter::{Field, flag, maybe, passing};
use super::{Wanted, chosen, dry, fault, pages, refuse, route, subnet, tags, vpc};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use api::value::Nothing;
use model::{Ids, RouteTableId};
use world::vpc::{RouteAssociation, RouteTable as Row};
use world::{Draft, RowKey, World};

const FIELDS: &[Field<RouteTable>] = &[
    Field { names: &["route-table-id"], values: |table| maybe(table.route_table_id.as_ref()) },
    Field { names: &["vpc-id"], values: |table| maybe(table.vpc_id.as_ref()) },
    Field { names: &["owner-id"], values: |table| maybe(table.owner_id.as_ref()) },
    Field {
        names: &["association.main"],
        values: |table| {
            table.associations.iter().flatten().flat_map(|held| flag(held.main)).collect()
        },
    },
    Field {
        names: &["association.subnet-id"],
        values: |table| associations(table, |held| held.subnet_id.clone()),
    },
    Field {
        names: &["association.route-table-association-id"],
        values: |table| associations(table, |held| held.route_table_association_id.clone()),
    },
    Field {
        names: &["association.route-table-id"],
        values: |table| associations(table, |held| held.route_table_id.clone()),
    },
    Field {
        names: &["route.destination-cidr-block"],
        values: |table| routes(table, |route| route.destination_cidr_block.clone()),
    },
    Field {
        names: &["route.gateway-id"],
        values: |table| routes(table, |route| route.gateway_id.clone()),
    },
    Field {
        names: &["route.nat-gateway-id"],
        values: |table| routes(table, |route| route.nat_gateway_id.clone()),
    },
    Field { names: &["route.state"], values: |table| routes(table, |route| route.state.clone()) },
];

/// `CreateRouteTable`.
pub(super) fn create(
    draft: &mut Draft,
    _: &Cx<'_>,
    ids: &mut Ids,
    input: CreateRouteTableRequest,
) -> Result<CreateRouteTableResult, Fault> {
    dry(input.dry_run)?;
    let network = vpc::find(draft, &input.vpc_id)?;
    let given = tags::new(input.tag_specifications.as_deref(), "route-table")?;
    let id: RouteTableId = format!("rtb-{}", ids.hex(17)).into();
    let (routes, associations) = (Vec::new(), Vec::new());
    let table = Row { id: id.clone(), vpc: network.id, main: None, routes, associations };
    draft.put(table.clone());
    tags::keep(draft, id.as_str(), given);
    let route_table = Some(show(draft, &table));
    Ok(CreateRouteTableResult { route_table, client_token: input.client_token })
}

/// `DescribeRouteTables`.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeRouteTablesRequest,
) -> Result<DescribeRouteTablesResult, Fault> {
    dry(input.dry_run)?;
    let ids = input.route_table_ids.as_deref();
    let rows = world.all_route_tables().map(|table| show(world, &table)).collect();
    let rows = chosen(rows, ids, |table| table.route_table_id.as_deref(), fault::no_route_table)?;
    let rows = passing(rows, input.filters.as_deref(), FIELDS)?;
    let listing = "DescribeRouteTables";
    let wanted = Wanted { listing, token: input.next_token, most: input.max_results };
    let page = pages(rows, &wanted, |table| table.route_table_id.clone())?;
    Ok(DescribeRouteTablesResult { route_tables: Some(page.rows), next_token: page.next })
}

/// `DeleteRouteTable`: not a main one, and none that is for a subnet.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteRouteTableRequest,
) -> Result<Nothing, Fault> {
    dry(input.dry_run)?;
    let table = find(draft, &input.route_table_id)?;
    if table.main.is_some() || !table.associations.is_empty() {
        return Err(fault::dependency("routeTable", &input.route_table_id));
    }
    draft.remove(RowKey::RouteTable(table.id));
    tags::forget(draft, &input.route_table_id);
    Ok(Nothing)
}

/// `AssociateRouteTable`, with a subnet.
pub(super) fn associate(
    draft: &mut Draft,
    _: &Cx<'_>,
    ids: &mut Ids,
    input: AssociateRouteTableRequest,
) -> Result<AssociateRouteTableResult, Fault> {
    dry(input.dry_run)?;
    refuse(&[
        ("GatewayId", input.gateway_id.is_some()),
        ("PublicIpv4Pool", input.public_ipv4_pool.is_some()),
    ])?;
    let mut table = find(draft, &input.route_table_id)?;
    let subnet = input.subnet_id.ok_or_else(|| fault::missing("subnetId"))?;
    let subnet = subnet::find(draft, &subnet)?;
    if subnet.vpc != table.vpc {
        let (table, subnet) = (table.id.as_str(), subnet.id.as_str());
        return Err(fault::other_networks("route table", table, "subnet", subnet));
    }
    let here = |held: RouteAssociation| held.subnet == subnet.id;
    if draft.all_route_tables().flat_map(|other| other.associations).any(here) {
        return Err(fault::table_associated(table.id.as_str()));
    }
    let id = format!("rtbassoc-{}", ids.hex(17));
    table.associations.push(RouteAssociation { id: id.clone(), subnet: subnet.id });
    draft.put(table);
    Ok(AssociateRouteTableResult {
        association_id: Some(id),
        association_state: Some(associated()),
    })
}

/// `DisassociateRouteTable`: the subnet is the main table's from then on.
pub(super) fn disassociate(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DisassociateRouteTableRequest,
) -> Result<Nothing, Fault> {
    dry(input.dry_run)?;
    let id = &input.association_id;
    if draft.all_route_tables().any(|table| table.main.as_ref() == Some(id)) {
        return Err(fault::main_association(id));
    }
    let named = |table: &Row| table.associations.iter().any(|held| held.id == *id);
    let table = draft.all_route_tables().find(named);
    let mut table = table.ok_or_else(|| fault::no_association(id))?;
    table.associations.retain(|held| held.id != *id);
    draft.put(table);
    Ok(Nothing)
}

/// The route table with this id.
pub(super) fn find(world: &World, id: &str) -> Result<Row, Fault> {
    world.route_table(&id.into()).ok_or_else(|| fault::no_route_table(id))
}

fn show(world: &World, row: &Row) -> RouteTable {
    let of = |id: &String| RouteTableAssociation {
        route_table_association_id: Some(id.clone()),
        route_table_id: Some(row.id.to_string()),
        association_state: Some(associated()),
        main: Some(true),
        ..RouteTableAssociation::default()
    };
    let main = row.main.iter().map(of);
    let subnets = row.associations.iter().map(|held| RouteTableAssociation {
        main: Some(false),
        subnet_id: Some(held.subnet.to_string()),
        ..of(&held.id)
    });
    RouteTable {
        route_table_id: Some(row.id.to_string()),
        vpc_id: Some(row.vpc.to_string()),
        owner_id: Some(world.place.account.to_string()),
        associations: Some(main.chain(subnets).collect()),
        routes: Some(route::show(world, row)),
        propagating_vgws: Some(Vec::new()),
        tags: tags::show(world, row.id.as_str()),
    }
}

fn associated() -> RouteTableAssociationState {
    RouteTableAssociationState { state: Some("associated".to_owned()), status_message: None }
}

fn associations(
    table: &RouteTable,
    of: fn(&RouteTableAssociation) -> Option<String>,
) -> Vec<String> {
    table.associations.iter().flatten().filter_map(of).collect()
}

fn routes(table: &RouteTable, of: fn(&Route) -> Option<String>) -> Vec<String> {
    table.routes.iter().flatten().filter_map(of).collect()
}
