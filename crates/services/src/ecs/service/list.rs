//! `ListServices`.

use crate::Cx;
use crate::ecs::{cluster, fault};
use crate::page::{Ask, limit, page};
use api::Fault;
use api::ecs::{ListServicesRequest, ListServicesResponse};
use world::service::{ServiceLaunch, ServiceStatus};
use world::{Service, World};

/// Lists the ACTIVE services of a cluster, ten at a time unless asked otherwise (reference §3.1).
pub(in crate::ecs) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListServicesRequest,
) -> Result<ListServicesResponse, Fault> {
    let cluster = cluster::find(world, input.cluster.as_deref())?;
    // Every service here is a REPLICA one, and the customer's own.
    let possible = input.scheduling_strategy.as_deref().is_none_or(|word| word == "REPLICA")
        && input.resource_management_type.as_deref().is_none_or(|word| word == "CUSTOMER");
    let asked = |service: &&Service| {
        possible
            && service.status == ServiceStatus::Active
            && input.launch_type.as_deref().is_none_or(|word| launches(service, word))
    };
    let ask = Ask {
        listing: "ListServices",
        token: input.next_token.as_deref(),
        limit: limit(input.max_results, 10, 100),
    };
    let services = world.services_in(&cluster.name).filter(asked);
    let page = page(services, &ask, |service| service.key.name.to_string());
    let page = page.map_err(|_| fault::invalid_token())?;
    let arn = |service: &&Service| world.place.service_arn(&cluster.name, &service.key.name);
    Ok(ListServicesResponse {
        service_arns: Some(page.rows.iter().map(arn).collect()),
        next_token: page.next,
    })
}

/// A service with a strategy has no launch type (reference §3.2).
fn launches(service: &Service, launch_type: &str) -> bool {
    service.launch == ServiceLaunch::Fargate && launch_type == "FARGATE"
}
