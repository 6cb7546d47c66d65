//! Which log group is meant: requests name it by its name, by an identifier that is a name or an
//! ARN, or by an ARN.

use super::fault;
use api::Fault;
use model::LogGroupName;
use world::{LogGroup, World};

/// The group of a request that names it in one of two ways.
pub(super) fn group<'a>(
    world: &'a World,
    name: Option<&str>,
    identifier: Option<&str>,
) -> Result<&'a LogGroup, Fault> {
    match (name, identifier) {
        (Some(name), None) => named(world, name),
        (None, Some(identifier)) => identified(world, identifier),
        (Some(_), Some(_)) => Err(fault::name_and_identifier()),
        // The text is unverified.
        (None, None) => {
            Err(fault::invalid("Either logGroupName or logGroupIdentifier must be specified."))
        }
    }
}

/// The group of a name.
pub(super) fn named<'a>(world: &'a World, name: &str) -> Result<&'a LogGroup, Fault> {
    world.log_groups.get(name).ok_or_else(fault::no_group)
}

/// The group of a name or an ARN.
pub(super) fn identified<'a>(world: &'a World, identifier: &str) -> Result<&'a LogGroup, Fault> {
    match identifier.starts_with("arn:") {
        true => of_arn(world, identifier),
        false => named(world, identifier),
    }
}

/// The group of an ARN. Some answers of AWS end a group's ARN with `:*`, and people use what they
/// were given.
pub(super) fn of_arn<'a>(world: &'a World, arn: &str) -> Result<&'a LogGroup, Fault> {
    let prefix = world.place.log_group_arn(&LogGroupName::from(""));
    let name = arn.strip_prefix(&prefix).map(|name| name.strip_suffix(":*").unwrap_or(name));
    name.map_or_else(|| Err(fault::no_group()), |name| named(world, name))
}
