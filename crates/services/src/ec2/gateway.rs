//! Internet gateways.

use super::filter::{Field, maybe, passing};
use super::{Wanted, chosen, dry, fault, pages, tags, vpc};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use api::value::Nothing;
use model::{Ids, InternetGatewayId};
use world::vpc::{InternetGateway as Row, NatGateway};
use world::{Draft, RowKey, World};

const FIELDS: &[Field<InternetGateway>] = &[
    Field {
        names: &["internet-gateway-id"],
        values: |gateway| maybe(gateway.internet_gateway_id.as_ref()),
    },
    Field {
        names: &["attachment.vpc-id"],
        values: |gateway| attachments(gateway, |attachment| attachment.vpc_id.clone()),
    },
    Field {
        names: &["attachment.state"],
        values: |gateway| attachments(gateway, |attachment| attachment.state.clone()),
    },
    Field { names: &["owner-id"], values: |gateway| maybe(gateway.owner_id.as_ref()) },
];

/// `CreateInternetGateway`.
pub(super) fn create(
    draft: &mut Draft,
    _: &Cx<'_>,
    ids: &mut Ids,
    input: CreateInternetGatewayRequest,
) -> Result<CreateInternetGatewayResult, Fault> {
    dry(input.dry_run)?;
    let given = tags::new(input.tag_specifications.as_deref(), "internet-gateway")?;
    let id: InternetGatewayId = format!("igw-{}", ids.hex(17)).into();
    let gateway = Row { id: id.clone(), vpc: None };
    draft.put(gateway.clone());
    tags::keep(draft, id.as_str(), given);
    Ok(CreateInternetGatewayResult { internet_gateway: Some(show(draft, &gateway)) })
}

/// `DescribeInternetGateways`.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeInternetGatewaysRequest,
) -> Result<DescribeInternetGatewaysResult, Fault> {
    dry(input.dry_run)?;
    let ids = input.internet_gateway_ids.as_deref();
    let rows = world.all_internet_gateways().map(|gateway| show(world, &gateway)).collect();
    let id = |gateway: &InternetGateway| gateway.internet_gateway_id.clone();
    let rows = chosen(
        rows,
        ids,
        |gateway| gateway.internet_gateway_id.as_deref(),
        fault::no_internet_gateway,
    )?;
    let rows = passing(rows, input.filters.as_deref(), FIELDS)?;
    let listing = "DescribeInternetGateways";
    let wanted = Wanted { listing, token: input.next_token, most: input.max_results };
    let page = pages(rows, &wanted, id)?;
    Ok(DescribeInternetGatewaysResult { internet_gateways: Some(page.rows), next_token: page.next })
}

/// `AttachInternetGateway`.
pub(super) fn attach(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: AttachInternetGatewayRequest,
) -> Result<Nothing, Fault> {
    dry(input.dry_run)?;
    let mut gateway = find(draft, &input.internet_gateway_id)?;
    let network = vpc::find(draft, &input.vpc_id)?;
    if let Some(held) = &gateway.vpc {
        return Err(fault::gateway_attached(gateway.id.as_str(), held.as_str()));
    }
    let here = |other: Row| other.vpc.as_ref() == Some(&network.id);
    if draft.all_internet_gateways().any(here) {
        return Err(fault::has_gateway(&input.vpc_id));
    }
    gateway.vpc = Some(network.id);
    draft.put(gateway);
    Ok(Nothing)
}

/// `DetachInternetGateway`.
pub(super) fn detach(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DetachInternetGatewayRequest,
) -> Result<Nothing, Fault> {
    dry(input.dry_run)?;
    let mut gateway = find_own(draft, &input.internet_gateway_id)?;
    let network = vpc::find(draft, &input.vpc_id)?;
    if gateway.vpc.as_ref() != Some(&network.id) {
        return Err(fault::gateway_not_attached(&input.internet_gateway_id, &input.vpc_id));
    }
    let mapped = |nat: &NatGateway| {
        nat.deleted_at.is_none() && nat.vpc == network.id && nat.public.is_some()
    };
    if draft.nat_gateways.iter().any(mapped) {
        return Err(fault::mapped_addresses(&input.vpc_id));
    }
    gateway.vpc = None;
    draft.put(gateway);
    Ok(Nothing)
}

/// `DeleteInternetGateway`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteInternetGatewayRequest,
) -> Result<Nothing, Fault> {
    dry(input.dry_run)?;
    let gateway = find_own(draft, &input.internet_gateway_id)?;
    if gateway.vpc.is_some() {
        return Err(fault::dependency("internetGateway", &input.internet_gateway_id));
    }
    draft.remove(RowKey::InternetGateway(gateway.id));
    tags::forget(draft, &input.internet_gateway_id);
    Ok(Nothing)
}

fn find(world: &World, id: &str) -> Result<Row, Fault> {
    world.internet_gateway(&id.into()).ok_or_else(|| fault::no_internet_gateway(id))
}

/// A gateway that a client made: the local VPC's stays as it is.
fn find_own(world: &World, id: &str) -> Result<Row, Fault> {
    let gateway = find(world, id)?;
    if world.internet_gateways.contains(id) { Ok(gateway) } else { Err(fault::local_vpc()) }
}

fn show(world: &World, row: &Row) -> InternetGateway {
    let attachment = |vpc: &model::VpcId| InternetGatewayAttachment {
        state: Some("available".to_owned()),
        vpc_id: Some(vpc.to_string()),
    };
    InternetGateway {
        internet_gateway_id: Some(row.id.to_string()),
        attachments: Some(row.vpc.iter().map(attachment).collect()),
        owner_id: Some(world.place.account.to_string()),
        tags: tags::show(world, row.id.as_str()),
    }
}

fn attachments(
    gateway: &InternetGateway,
    of: fn(&InternetGatewayAttachment) -> Option<String>,
) -> Vec<String> {
    gateway.attachments.iter().flatten().filter_map(of).collect()
}
