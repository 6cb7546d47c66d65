//! `loadBalancers`: which target groups a service's tasks are registered in.

use super::pair;
use crate::ecs::fault;
use crate::ecs::fault::service as refuse;
use api::Fault;
use api::ecs::LoadBalancer;
use std::collections::BTreeSet;
use world::service::ServiceBalancer;
use world::{TaskDefinition, World};

/// How many target groups a service may have (reference §8.2).
const MOST: usize = 5;

/// Parses the target groups against the definition whose containers are registered in them.
pub(super) fn parse(
    world: &World,
    given: &[LoadBalancer],
    definition: &TaskDefinition,
) -> Result<Vec<ServiceBalancer>, Fault> {
    if given.len() > MOST {
        return Err(fault::too_many("load balancers", MOST));
    }
    let mut groups = BTreeSet::new();
    let mut balancers = Vec::new();
    for item in given {
        let balancer = one(world, item, definition)?;
        for group in balancer.groups() {
            if !groups.insert(group.clone()) {
                return Err(refuse::group_twice(group.as_str()));
            }
        }
        balancers.push(balancer);
    }
    Ok(balancers)
}

/// Target groups as AWS shows them.
pub(in crate::ecs) fn show(balancers: &[ServiceBalancer]) -> Vec<LoadBalancer> {
    let item = |balancer: &ServiceBalancer| LoadBalancer {
        target_group_arn: Some(balancer.target_group.to_string()),
        container_name: Some(balancer.container.to_string()),
        container_port: Some(balancer.port.into()),
        advanced_configuration: balancer.pair.as_ref().map(pair::show),
        ..LoadBalancer::default()
    };
    balancers.iter().map(item).collect()
}

/// Checks standing target groups against a new definition: its containers are registered from now on.
pub(super) fn check(
    balancers: &[ServiceBalancer],
    definition: &TaskDefinition,
) -> Result<(), Fault> {
    let fits = |balancer: &ServiceBalancer| {
        container_port(definition, balancer.container.as_str(), balancer.port.into())
    };
    balancers.iter().try_for_each(|balancer| fits(balancer).map(|_| ()))
}

fn one(
    world: &World,
    given: &LoadBalancer,
    definition: &TaskDefinition,
) -> Result<ServiceBalancer, Fault> {
    let group = match (&given.target_group_arn, &given.load_balancer_name) {
        (Some(_), Some(_)) => return Err(refuse::classic_and_group()),
        (None, Some(_)) => return Err(refuse::classic_balancer()),
        (None, None) => return Err(refuse::no_group()),
        (Some(group), None) => group,
    };
    let row = world.target_groups.get(group.as_str());
    let row = row.ok_or_else(|| refuse::unknown_group(group))?;
    if row.target_type != "ip" {
        return Err(refuse::group_type(group, &row.target_type));
    }
    if !world.group_in_use(&row.arn) {
        return Err(refuse::group_without_balancer(group));
    }
    let pair = given.advanced_configuration.as_ref();
    let pair = pair.map(|given| pair::parse(world, row, given)).transpose()?;
    let container = given.container_name.as_deref().unwrap_or_default();
    let port = container_port(definition, container, given.container_port.unwrap_or(0))?;
    Ok(ServiceBalancer { target_group: row.arn.clone(), container: container.into(), port, pair })
}

/// The port, if the container is there and names it.
fn container_port(definition: &TaskDefinition, container: &str, port: i32) -> Result<u16, Fault> {
    let spec = definition.container(container);
    let spec = spec.ok_or_else(|| refuse::no_such_container(container))?;
    let mut ports = spec.ports.iter().map(|spec| spec.container_port);
    let found = ports.find(|named| i32::from(*named) == port);
    found.ok_or_else(|| refuse::no_such_port(container, port))
}
