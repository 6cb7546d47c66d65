//! `UpdateService`.
//!
//! Which members begin a deployment is reference §3.1's table; the same value again begins none.

use super::show::show;
use super::{
    absent, balancers, check_task_role, configuration, create, find, pair, parse_propagation,
    parse_rebalancing, usable,
};
use crate::Cx;
use crate::ecs::{capacity, cluster, fault, launch, network};
use api::Fault;
use api::ecs::{UpdateServiceRequest, UpdateServiceResponse};
use model::Ids;
use world::service::{DeploymentStatus, ServiceLaunch, ServiceStatus};
use world::{Cluster, Draft, Service, TaskDefinition, World};

/// Changes a service, and begins a deployment if its tasks have to change for it.
pub(in crate::ecs) fn update(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: UpdateServiceRequest,
) -> Result<UpdateServiceResponse, Fault> {
    let cluster = cluster::find(draft, input.cluster.as_deref())?.clone();
    let standing = find(draft, &cluster, &input.service)?.clone();
    if standing.status != ServiceStatus::Active {
        return Err(fault::service::not_active());
    }
    absent::check_change(&input)?;
    let mut service = standing.clone();
    change_tasks(draft, &mut service, &input)?;
    change_launch(&cluster, &mut service, &input)?;
    change_rules(draft, &mut service, &input)?;
    pair::check_all(&service.load_balancers, service.configuration.strategy)?;
    let force = input.force_new_deployment.unwrap_or(false);
    if force || needs_deployment(&standing, &service) {
        service = draft.deploy(service, ids, cx.now);
    } else {
        draft.put(service.clone());
    }
    Ok(UpdateServiceResponse { service: Some(show(draft, &service)) })
}

/// Whether the tasks that run are no longer the ones that should.
fn needs_deployment(before: &Service, after: &Service) -> bool {
    before.definition != after.definition
        || before.network != after.network
        || before.platform_version != after.platform_version
        || before.load_balancers != after.load_balancers
}

/// The members that tasks are made of.
fn change_tasks(
    world: &World,
    service: &mut Service,
    input: &UpdateServiceRequest,
) -> Result<(), Fault> {
    let definition = match input.task_definition.as_deref() {
        Some(given) => usable(world, given)?,
        None => current(world, service)?,
    };
    launch::check_fit(definition)?;
    service.definition = definition.key.clone();
    if let Some(exec) = input.enable_execute_command {
        service.exec = exec;
    }
    if service.exec {
        check_task_role(definition, "updated")?;
    }
    match input.load_balancers.as_deref() {
        Some(given) => service.load_balancers = balancers::parse(world, given, definition)?,
        None => balancers::check(&service.load_balancers, definition)?,
    }
    if input.network_configuration.is_some() {
        service.network = network::parse(world, input.network_configuration.as_ref())?;
    }
    if let Some(version) = input.platform_version.as_deref() {
        service.platform_version = launch::parse_platform(Some(version))?;
    }
    Ok(())
}

/// The revision that the service runs, which may be INACTIVE by now.
fn current<'w>(world: &'w World, service: &Service) -> Result<&'w TaskDefinition, Fault> {
    world.definitions.get(&service.definition).ok_or_else(fault::definition::not_found)
}

/// A new strategy begins no deployment: it holds for the tasks that are started from now on. An
/// empty one leads back to the launch type.
fn change_launch(
    cluster: &Cluster,
    service: &mut Service,
    input: &UpdateServiceRequest,
) -> Result<(), Fault> {
    let Some(given) = input.capacity_provider_strategy.as_deref() else { return Ok(()) };
    service.launch = match given {
        [] => ServiceLaunch::Fargate,
        items => ServiceLaunch::Strategy(capacity::parse(items, &cluster.capacity_providers)?),
    };
    let mut deployments = service.deployments.iter_mut();
    let primary = deployments.find(|one| one.status == DeploymentStatus::Primary);
    if let Some(primary) = primary {
        primary.launch = service.launch.clone();
    }
    Ok(())
}

/// The members that say how many tasks there are and how they are replaced.
fn change_rules(
    world: &World,
    service: &mut Service,
    input: &UpdateServiceRequest,
) -> Result<(), Fault> {
    if let Some(count) = input.desired_count {
        let negative = |_| fault::service::negative_count("Task count");
        service.desired_count = u32::try_from(count).map_err(negative)?;
    }
    let given = input.deployment_configuration.as_ref();
    service.configuration = configuration::merge(world, &service.configuration, given)?;
    let maximum = service.configuration.maximum_percent;
    let rebalancing = input.availability_zone_rebalancing.as_deref();
    let asked = parse_rebalancing(rebalancing, maximum)?;
    service.zone_rebalancing = asked.unwrap_or(service.zone_rebalancing);
    if service.zone_rebalancing && maximum <= 100 {
        return Err(fault::service::rebalancing_without_surge());
    }
    if let Some(grace) = create::grace(input.health_check_grace_period_seconds)? {
        service.grace = grace;
    }
    if let Some(propagation) = input.propagate_tags.as_deref() {
        service.propagate_tags = parse_propagation(Some(propagation))?;
    }
    if let Some(managed) = input.enable_ecs_managed_tags {
        service.managed_tags = managed;
    }
    Ok(())
}
