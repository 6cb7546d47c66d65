//! The region's network as EC2 describes it: one default VPC with a subnet a zone, its default
//! security group, and the network interfaces of tasks.
//!
//! All of it is there to be looked up; nothing of it can be changed. Scripts and Terraform's data
//! sources ask for it before they make a service.

mod fault;
mod filter;
mod group;
mod interface;
mod subnet;
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
];

/// The operations of EC2.
pub(crate) fn table() -> Table {
    Table::default()
        .read::<DescribeVpcs>(vpc::describe)
        .read::<DescribeVpcAttribute>(vpc::attribute)
        .read::<DescribeSubnets>(subnet::describe)
        .read::<DescribeSecurityGroups>(group::describe)
        .read::<DescribeAvailabilityZones>(zone::describe)
        .read::<DescribeNetworkInterfaces>(interface::describe)
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
