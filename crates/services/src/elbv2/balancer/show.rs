//! What ELBv2 answers of a load balancer.

use super::hosted_zone;
use api::elbv2::{AvailabilityZone, LoadBalancer, LoadBalancerState};
use model::Timestamp;
use world::vpc::SubnetPlace;
use world::{LoadBalancer as Row, World};

pub(super) fn balancer(row: &Row, world: &World, now: Timestamp) -> LoadBalancer {
    let state = if now < row.active_at { "provisioning" } else { "active" };
    LoadBalancer {
        load_balancer_arn: Some(row.arn.to_string()),
        load_balancer_name: Some(row.name.clone()),
        dns_name: Some(row.dns_name.clone()),
        canonical_hosted_zone_id: hosted_zone::of(&world.place.region).map(str::to_owned),
        created_time: Some(row.created_at),
        scheme: Some(row.scheme.clone()),
        vpc_id: Some(world.vpc_of(&row.subnets).to_string()),
        state: Some(LoadBalancerState { code: Some(state.to_owned()), reason: None }),
        r#type: Some("application".to_owned()),
        availability_zones: Some(zones(row, world)),
        security_groups: Some(row.security_groups.iter().map(ToString::to_string).collect()),
        ip_address_type: Some(row.ip_address_type.clone()),
        ..LoadBalancer::default()
    }
}

pub(super) fn zones(row: &Row, world: &World) -> Vec<AvailabilityZone> {
    let subnets = row.subnets.iter().filter_map(|id| world.subnet_place(id.as_str()));
    let show = |subnet: SubnetPlace<'_>| AvailabilityZone {
        zone_name: Some(subnet.zone.to_string()),
        subnet_id: Some(subnet.id.to_string()),
        load_balancer_addresses: Some(Vec::new()),
        ..AvailabilityZone::default()
    };
    subnets.map(show).collect()
}
