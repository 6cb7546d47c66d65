//! The region's zones.

use super::filter::{Field, maybe, passing};
use super::{chosen, dry, fault};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use model::{RegionName, ZoneName};
use world::World;

const FIELDS: &[Field<AvailabilityZone>] = &[
    Field { names: &["zone-name"], values: |zone| maybe(zone.zone_name.as_ref()) },
    Field { names: &["zone-id"], values: |zone| maybe(zone.zone_id.as_ref()) },
    Field { names: &["zone-type"], values: |zone| maybe(zone.zone_type.as_ref()) },
    Field { names: &["region-name"], values: |zone| maybe(zone.region_name.as_ref()) },
    Field { names: &["group-name"], values: |zone| maybe(zone.group_name.as_ref()) },
    Field { names: &["opt-in-status"], values: |zone| maybe(zone.opt_in_status.as_ref()) },
    Field { names: &["state"], values: |zone| maybe(zone.state.as_ref()) },
];

/// `DescribeAvailabilityZones`.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeAvailabilityZonesRequest,
) -> Result<DescribeAvailabilityZonesResult, Fault> {
    dry(input.dry_run)?;
    let region = &world.place.region;
    let zones = world.place.zones().iter().map(|zone| show(region, zone)).collect();
    let (names, ids) = (input.zone_names.as_deref(), input.zone_ids.as_deref());
    let zones = chosen(zones, names, |zone| zone.zone_name.as_deref(), fault::no_zone)?;
    let zones = chosen(zones, ids, |zone| zone.zone_id.as_deref(), fault::no_zone)?;
    let zones = passing(zones, input.filters.as_deref(), FIELDS)?;
    Ok(DescribeAvailabilityZonesResult { availability_zones: Some(zones) })
}

fn show(region: &RegionName, zone: &ZoneName) -> AvailabilityZone {
    AvailabilityZone {
        zone_name: Some(zone.to_string()),
        zone_id: id(region, zone),
        region_name: Some(region.to_string()),
        // AWS: a region's own zones are one group, named after the region and a partition of it.
        group_name: Some(format!("{region}-zg-1")),
        network_border_group: Some(region.to_string()),
        zone_type: Some("availability-zone".to_owned()),
        opt_in_status: Some("opt-in-not-required".to_owned()),
        state: Some("available".to_owned()),
        messages: Some(Vec::new()),
        ..AvailabilityZone::default()
    }
}

/// A zone's id: `euw1-az1` of `eu-west-1a`. On AWS the numbers are dealt out by account; here zone
/// `a` is always number 1.
pub(super) fn id(region: &RegionName, zone: &ZoneName) -> Option<String> {
    let letter = zone.as_str().strip_prefix(region.as_str())?.bytes().next()?;
    let number = letter.checked_sub(b'a')? + 1;
    let short: Option<String> = region.as_str().split('-').map(short).collect();
    Some(format!("{}-az{number}", short?))
}

/// How a part of a region's name is shortened in zone ids.
fn short(part: &str) -> Option<&str> {
    Some(match part {
        "northeast" => "ne",
        "northwest" => "nw",
        "southeast" => "se",
        "southwest" => "sw",
        "north" | "south" | "east" | "west" | "central" | "gov" => part.get(..1)?,
        other => other,
    })
}
