//! `CreateService`.

use super::show::{show, show_tagged};
use super::{
    absent, balancers, check_task_role, configuration, pair, parse_propagation, parse_rebalancing,
    usable,
};
use crate::Cx;
use crate::ecs::{cluster, digest, fault, launch, names, network, tags};
use api::Fault;
use api::ecs::{CreateServiceRequest, CreateServiceResponse};
use model::{Ids, Span};
use world::service::{ServiceLaunch, ServiceStatus};
use world::{Cluster, Draft, RowKey, Service, ServiceKey, World};

/// The longest idempotency token (reference §3.1).
const LONGEST_TOKEN: usize = 36;

/// Makes a service and its first deployment. The same request again answers the service that is
/// there.
pub(in crate::ecs) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateServiceRequest,
) -> Result<CreateServiceResponse, Fault> {
    let cluster = cluster::find(draft, input.cluster.as_deref())?.clone();
    if !names::is_name(&input.service_name) {
        return Err(fault::service::name(&input.service_name));
    }
    if input.client_token.as_ref().is_some_and(|token| token.len() > LONGEST_TOKEN) {
        return Err(fault::service::long_token());
    }
    let request = digest::of(&CreateServiceRequest { client_token: None, ..input.clone() });
    let key =
        ServiceKey { cluster: cluster.name.clone(), name: input.service_name.as_str().into() };
    let standing = draft.services.get(&key);
    match standing.map(|service| (service.status, service.request == request)) {
        Some((ServiceStatus::Active, true)) => {
            let shown = standing.map(|service| show_new(draft, service));
            return Ok(CreateServiceResponse { service: shown });
        }
        Some((ServiceStatus::Active, false)) => return Err(fault::service::not_idempotent()),
        Some((ServiceStatus::Draining, _)) => return Err(fault::service::draining()),
        Some((ServiceStatus::Inactive, _)) | None => {}
    }
    let mut service = parse(draft, cx, &cluster, input)?;
    service.request = request;
    forget(draft, &key);
    let service = draft.deploy(service, ids, cx.now);
    Ok(CreateServiceResponse { service: Some(show_new(draft, &service)) })
}

/// A service as its creation is answered: with tags if it has any.
fn show_new(world: &World, service: &Service) -> api::ecs::Service {
    if service.tags.is_empty() { show(world, service) } else { show_tagged(world, service) }
}

fn parse(
    world: &World,
    cx: &Cx<'_>,
    cluster: &Cluster,
    input: CreateServiceRequest,
) -> Result<Service, Fault> {
    absent::check_new(&input)?;
    let given = input.task_definition.as_deref().ok_or_else(fault::service::no_definition)?;
    let definition = usable(world, given)?;
    let launch = parse_launch(cluster, &input)?;
    launch::check_fit(definition)?;
    let exec = input.enable_execute_command.unwrap_or(false);
    if exec {
        check_task_role(definition, "created")?;
    }
    let configuration = configuration::parse(world, input.deployment_configuration.as_ref())?;
    let maximum = configuration.maximum_percent;
    let rebalancing = input.availability_zone_rebalancing.as_deref();
    let groups = input.load_balancers.as_deref().unwrap_or_default();
    let load_balancers = balancers::parse(world, groups, definition)?;
    pair::check_all(&load_balancers, configuration.strategy)?;
    Ok(Service {
        key: ServiceKey { cluster: cluster.name.clone(), name: input.service_name.into() },
        status: ServiceStatus::Active,
        desired_count: count(input.desired_count)?,
        definition: definition.key.clone(),
        launch,
        platform_version: launch::parse_platform(input.platform_version.as_deref())?,
        load_balancers,
        network: network::parse(world, input.network_configuration.as_ref())?,
        grace: grace(input.health_check_grace_period_seconds)?.unwrap_or(Span::ZERO),
        configuration,
        deployments: Vec::new(),
        current: None,
        completed: None,
        next_pass: None,
        next_event: 0,
        steady_since: None,
        zone_rebalancing: parse_rebalancing(rebalancing, maximum)?.unwrap_or(maximum > 100),
        propagate_tags: parse_propagation(input.propagate_tags.as_deref())?,
        managed_tags: input.enable_ecs_managed_tags.unwrap_or(false),
        exec,
        client_token: input.client_token,
        request: String::new(),
        created_at: cx.now,
        created_by: cx.caller.arn.clone(),
        inactive_at: None,
        tags: tags::parse(input.tags)?,
    })
}

fn parse_launch(cluster: &Cluster, input: &CreateServiceRequest) -> Result<ServiceLaunch, Fault> {
    let given = launch::Given {
        launch_type: input.launch_type.as_deref(),
        strategy: input.capacity_provider_strategy.as_deref(),
    };
    match launch::parse(cluster, &given)? {
        launch::Asked::Fargate(launch) => Ok(launch),
        launch::Asked::Instances(kind) => {
            let why = "it has no container instances; say launch type 'FARGATE' or a capacity provider strategy";
            Err(fault::unsupported(&format!("launchType {kind}"), why))
        }
    }
}

fn count(given: Option<i32>) -> Result<u32, Fault> {
    let count = given.ok_or_else(fault::service::no_count)?;
    u32::try_from(count).map_err(|_| fault::service::negative_count("DesiredCount"))
}

/// A grace period of a request.
pub(super) fn grace(given: Option<i32>) -> Result<Option<Span>, Fault> {
    let below = |_| fault::service::below("healthCheckGracePeriodSeconds", 0);
    let seconds = given.map(u64::try_from).transpose().map_err(below)?;
    Ok(seconds.map(Span::seconds))
}

/// A service that takes the name of a deleted one begins without the other's events and history.
fn forget(draft: &mut Draft, key: &ServiceKey) {
    let events = draft.events_of(key).map(|held| RowKey::ServiceEvent(held.key.clone()));
    let deployments = draft.service_deployments_of(key);
    let deployments = deployments.map(|held| RowKey::ServiceDeployment(held.key.clone()));
    let revisions = draft.revisions_of_service(key);
    let revisions = revisions.map(|held| RowKey::ServiceRevision(held.key.clone()));
    let keys: Vec<_> = events.chain(deployments).chain(revisions).collect();
    keys.into_iter().for_each(|key| draft.remove(key));
}
