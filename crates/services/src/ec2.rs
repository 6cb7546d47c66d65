//! Networks as EC2 describes them: the local VPC with a subnet a zone, its default security group,
//! the network interfaces of tasks, and whatever clients make beside it.
//!
//! What clients make is kept, held together as AWS holds it together, and answered. It moves and
//! stops no packet: a task in a subnet that a client made has an address of the local VPC's subnet in
//! the same zone, and security groups filter nothing.

mod acl;
mod address;
mod endpoint;
mod fault;
mod filter;
mod gateway;
mod group;
mod interface;
mod nat;
mod route;
mod route_table;
mod subnet;
mod tags;
#[cfg(test)]
mod tests;
mod vpc;
mod zone;

use crate::Table;
use crate::page::{Ask, InvalidToken, Page, limit, page};
use api::Fault;
use api::ec2::*;

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    ("DescribeAvailabilityZones.AllAvailabilityZones", "every zone of the region is opted in"),
    ("DescribeNetworkInterfaces.IncludeManagedResources", "no interface is hidden"),
    (
        "CreateVpc.CidrBlock, CreateSubnet.CidrBlock",
        "kept and held together; tasks have addresses of the local VPC, in the same zone",
    ),
    ("ModifyVpcAttribute", "kept and shown; there are no private names"),
    ("ModifySubnetAttribute.MapPublicIpOnLaunch", "kept and shown; no task has a public address"),
    ("CreateRoute, ReplaceRoute", "kept and shown; tasks reach the outside as this machine does"),
    ("CreateRouteTable.ClientToken", "echoed; a second request makes a second table"),
    (
        "AuthorizeSecurityGroupIngress.IpPermissions, AuthorizeSecurityGroupEgress.IpPermissions",
        "kept and shown; traffic is not filtered",
    ),
    ("AllocateAddress", "the address is one that nobody has, of a range for documentation"),
    ("CreateNatGateway", "kept and shown; nothing passes through it"),
];

/// The operations of EC2.
pub(crate) fn table() -> Table {
    Table::default()
        .read::<DescribeAvailabilityZones>(zone::describe)
        .read::<DescribeNetworkInterfaces>(interface::describe)
        .read::<DescribeNetworkAcls>(acl::describe)
        .read::<DescribeVpcEndpoints>(endpoint::describe)
        .write::<CreateTags>(tags::create)
        .write::<DeleteTags>(tags::delete)
        .read::<DescribeTags>(tags::describe)
        .and(networks())
        .and(routes())
        .and(groups())
        .and(addresses())
}

fn networks() -> Table {
    Table::default()
        .write::<CreateVpc>(vpc::create)
        .read::<DescribeVpcs>(vpc::describe)
        .write::<DeleteVpc>(vpc::delete)
        .read::<DescribeVpcAttribute>(vpc::attribute)
        .write::<ModifyVpcAttribute>(vpc::modify)
        .write::<CreateSubnet>(subnet::create)
        .read::<DescribeSubnets>(subnet::describe)
        .write::<DeleteSubnet>(subnet::delete)
        .write::<ModifySubnetAttribute>(subnet::modify)
}

fn routes() -> Table {
    Table::default()
        .write::<CreateInternetGateway>(gateway::create)
        .read::<DescribeInternetGateways>(gateway::describe)
        .write::<AttachInternetGateway>(gateway::attach)
        .write::<DetachInternetGateway>(gateway::detach)
        .write::<DeleteInternetGateway>(gateway::delete)
        .write::<CreateRouteTable>(route_table::create)
        .read::<DescribeRouteTables>(route_table::describe)
        .write::<DeleteRouteTable>(route_table::delete)
        .write::<AssociateRouteTable>(route_table::associate)
        .write::<DisassociateRouteTable>(route_table::disassociate)
        .write::<CreateRoute>(route::create)
        .write::<ReplaceRoute>(route::replace)
        .write::<DeleteRoute>(route::delete)
}

fn groups() -> Table {
    Table::default()
        .write::<CreateSecurityGroup>(group::create)
        .read::<DescribeSecurityGroups>(group::describe)
        .write::<DeleteSecurityGroup>(group::delete)
        .read::<DescribeSecurityGroupRules>(group::describe_rules)
        .write::<AuthorizeSecurityGroupIngress>(group::allow_ingress)
        .write::<AuthorizeSecurityGroupEgress>(group::allow_egress)
        .write::<RevokeSecurityGroupIngress>(group::revoke_ingress)
        .write::<RevokeSecurityGroupEgress>(group::revoke_egress)
}

fn addresses() -> Table {
    Table::default()
        .write::<AllocateAddress>(address::allocate)
        .read::<DescribeAddresses>(address::describe)
        .write::<ReleaseAddress>(address::release)
        .write::<CreateNatGateway>(nat::create)
        .read::<DescribeNatGateways>(nat::describe)
        .write::<DeleteNatGateway>(nat::delete)
}

/// Which rows of a listing a client wants.
struct Wanted {
    /// The operation's name.
    listing: &'static str,
    token: Option<String>,
    most: Option<i32>,
}

/// The page of rows that is wanted; all of them when the client names no number.
fn pages<T>(
    rows: Vec<T>,
    wanted: &Wanted,
    key: impl Fn(&T) -> Option<String>,
) -> Result<Page<T>, Fault> {
    let limit = limit(wanted.most, rows.len().max(1), 1000.max(rows.len()));
    let ask = Ask { listing: wanted.listing, token: wanted.token.as_deref(), limit };
    page(rows, &ask, |row| key(row).unwrap_or_default())
        .map_err(|InvalidToken| fault::bad_token(wanted.token.as_deref()))
}

/// The rows with the ids that are asked for, all of them when none is; `missing` words the fault
/// for an id that no row has.
fn chosen<T>(
    rows: Vec<T>,
    ids: Option<&[String]>,
    id: impl Fn(&T) -> Option<&str>,
    missing: impl Fn(&str) -> Fault,
) -> Result<Vec<T>, Fault> {
    let Some(ids) = ids.filter(|ids| !ids.is_empty()) else { return Ok(rows) };
    if let Some(unknown) = ids.iter().find(|wanted| !rows.iter().any(|row| id(row) == Some(wanted)))
    {
        return Err(missing(unknown));
    }
    Ok(rows.into_iter().filter(|row| ids.iter().any(|wanted| id(row) == Some(wanted))).collect())
}

/// Ends a call that only asks whether it would be allowed.
fn dry(run: Option<bool>) -> Result<(), Fault> {
    if run == Some(true) { Err(fault::dry_run()) } else { Ok(()) }
}

/// Refuses a request that has a member which means nothing here.
fn refuse(members: &[(&str, bool)]) -> Result<(), Fault> {
    match members.iter().find(|(_, given)| *given) {
        Some((member, _)) => Err(fault::not_implemented(member)),
        None => Ok(()),
    }
}
