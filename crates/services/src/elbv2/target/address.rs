//! Which addresses can be targets, and in which zone they are.

use super::super::fault::group as fault;
use api::Fault;
use std::net::Ipv4Addr;
use world::{Vpc, World};

/// AWS's word for a target that is in no zone.
const ALL: &str = "all";

/// The zone of an address: found in the VPC, named outside of it.
pub(super) fn zone(world: &World, id: &str, given: Option<&str>) -> Result<Option<String>, Fault> {
    let address: Ipv4Addr = id.parse().map_err(|_| fault::no_address(id))?;
    if is_inside(&world.vpc, address) {
        return Ok(subnet_zone(&world.vpc, address));
    }
    if !is_private(address) && !is_own(&world.vpc, address) {
        return Err(fault::public_address(id));
    }
    match given {
        None => Err(fault::needs_zone(id)),
        Some(ALL) => Ok(Some(ALL.to_owned())),
        Some(zone) if world.place.zones().iter().any(|known| known.as_str() == zone) => {
            Ok(Some(zone.to_owned()))
        }
        Some(zone) => Err(fault::no_zone(zone)),
    }
}

fn is_inside(vpc: &Vpc, address: Ipv4Addr) -> bool {
    address.octets()[..2] == vpc.prefix
}

/// The zone of the subnet that an address of the VPC is in, if it is in one.
fn subnet_zone(vpc: &Vpc, address: Ipv4Addr) -> Option<String> {
    let third = address.octets()[2];
    let subnet = vpc.subnets.iter().find(|subnet| third & 0xf0 == subnet.third)?;
    Some(subnet.zone.to_string())
}

/// RFC 1918 and RFC 6598.
fn is_private(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    address.is_private() || (first == 100 && second & 0xc0 == 64)
}

/// Whether an address is this machine's own, where the VPC is, too: what listens there without
/// being a task can stand in for one.
fn is_own(vpc: &Vpc, address: Ipv4Addr) -> bool {
    address.is_loopback() && Ipv4Addr::new(vpc.prefix[0], vpc.prefix[1], 0, 0).is_loopback()
}
