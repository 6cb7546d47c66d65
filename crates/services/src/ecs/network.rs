//! `networkConfiguration`, in services and in `RunTask`.

use super::fault;
use super::fault::service as refuse;
use api::Fault;
use api::ecs::{AwsVpcConfiguration, NetworkConfiguration};
use std::collections::BTreeSet;
use world::World;
use world::service::ServiceNetwork;

/// Limits of reference §3.1.
const MOST_SUBNETS: usize = 16;
const MOST_SECURITY_GROUPS: usize = 5;

/// Parses a network configuration. What runs on Fargate always has one: its mode is `awsvpc`.
pub(super) fn parse(
    world: &World,
    given: Option<&NetworkConfiguration>,
) -> Result<ServiceNetwork, Fault> {
    let given = given.and_then(|given| given.awsvpc_configuration.as_ref());
    let given = given.ok_or_else(refuse::no_network)?;
    let groups = given.security_groups.clone().unwrap_or_default();
    check(world, &given.subnets, &groups)?;
    let public_ip = match given.assign_public_ip.as_deref() {
        None | Some("DISABLED") => false,
        Some("ENABLED") => true,
        Some(_) => return Err(fault::not_one_of("assignPublicIp", &["ENABLED", "DISABLED"])),
    };
    Ok(ServiceNetwork {
        subnets: given.subnets.iter().map(|id| id.as_str().into()).collect(),
        security_groups: groups.iter().map(|id| id.as_str().into()).collect(),
        public_ip,
    })
}

/// A network configuration as AWS shows it.
pub(super) fn show(network: &ServiceNetwork) -> NetworkConfiguration {
    let public_ip = if network.public_ip { "ENABLED" } else { "DISABLED" };
    NetworkConfiguration {
        awsvpc_configuration: Some(AwsVpcConfiguration {
            subnets: network.subnets.iter().map(ToString::to_string).collect(),
            security_groups: Some(
                network.security_groups.iter().map(ToString::to_string).collect(),
            ),
            assign_public_ip: Some(public_ip.to_owned()),
        }),
    }
}

fn check(world: &World, subnets: &[String], groups: &[String]) -> Result<(), Fault> {
    if subnets.is_empty() {
        return Err(refuse::no_subnets());
    }
    if subnets.len() > MOST_SUBNETS {
        return Err(fault::too_many("subnets", MOST_SUBNETS));
    }
    if groups.len() > MOST_SECURITY_GROUPS {
        return Err(fault::too_many("securityGroups", MOST_SECURITY_GROUPS));
    }
    let mut vpcs = BTreeSet::new();
    for id in subnets {
        let place = world.subnet_place(id);
        vpcs.insert(place.ok_or_else(|| refuse::unknown_subnet(subnets, id))?.vpc);
    }
    for id in groups {
        let group = world.security_group(&id.as_str().into());
        vpcs.insert(group.ok_or_else(|| refuse::unknown_security_group(groups, id))?.vpc);
    }
    if vpcs.len() > 1 { Err(refuse::networks_apart()) } else { Ok(()) }
}
