//! A service as AWS shows it (reference §3.1, §3.4).
//!
//! Counts are taken from the tasks whenever a service is shown, over the index of its own tasks, so
//! what a waiter sees is what runs and never a number that someone forgot to change.

use super::{balancers, configuration};
use crate::ecs::{capacity, launch, network, tags};
use api::ecs::{self, DeploymentController, ServiceCurrentRevisionSummary};
use model::DeploymentId;
use std::collections::BTreeMap;
use world::service::deployment::TaskCount;
use world::{Deployment, Service, ServiceEvent, World};

/// The service with its tags.
pub(super) fn show_tagged(world: &World, service: &Service) -> ecs::Service {
    ecs::Service { tags: Some(tags::show(&service.tags)), ..show(world, service) }
}

/// The service without its tags.
pub(super) fn show(world: &World, service: &Service) -> ecs::Service {
    let counts = TaskCount::by_deployment(service, world.tasks_of(&service.key));
    let total = counts.values().fold(TaskCount::default(), |sum, count| sum.and(*count));
    let (launch_type, strategy) = capacity::show_launch(&service.launch);
    let rebalancing = if service.zone_rebalancing { "ENABLED" } else { "DISABLED" };
    let key = &service.key;
    let place = &world.place;
    ecs::Service {
        service_arn: Some(place.service_arn(&key.cluster, &key.name)),
        service_name: Some(key.name.to_string()),
        cluster_arn: Some(place.cluster_arn(&key.cluster)),
        load_balancers: Some(balancers::show(&service.load_balancers)),
        service_registries: Some(Vec::new()),
        status: Some(service.status.as_str().to_owned()),
        desired_count: Some(int(service.desired_count)),
        running_count: Some(int(total.running)),
        pending_count: Some(int(total.pending)),
        launch_type,
        capacity_provider_strategy: strategy,
        platform_version: Some(service.platform_version.clone()),
        platform_family: Some("Linux".to_owned()),
        task_definition: Some(
            place.task_definition_arn(&service.definition.family, service.definition.revision),
        ),
        deployment_configuration: Some(configuration::show(&service.configuration)),
        task_sets: Some(Vec::new()),
        deployments: Some(deployments(world, service, &counts)),
        role_arn: Some(place.role_arn(ROLE_PATH, &ROLE.into())),
        events: Some(world.events_of(key).rev().map(event).collect()),
        created_at: Some(service.created_at),
        current_service_revisions: Some(revisions(world, service, &counts)),
        placement_constraints: Some(Vec::new()),
        placement_strategy: Some(Vec::new()),
        network_configuration: Some(network::show(&service.network)),
        health_check_grace_period_seconds: Some(seconds(service)),
        scheduling_strategy: Some("REPLICA".to_owned()),
        deployment_controller: Some(DeploymentController { r#type: "ECS".to_owned() }),
        tags: None,
        created_by: Some(service.created_by.clone()),
        enable_ecs_managed_tags: Some(service.managed_tags),
        propagate_tags: Some(service.propagate_tags.as_str().to_owned()),
        enable_execute_command: Some(service.exec),
        availability_zone_rebalancing: Some(rebalancing.to_owned()),
        resource_management_type: Some("CUSTOMER".to_owned()),
        current_service_deployment: service
            .current
            .as_ref()
            .map(|id| place.service_deployment_arn(&key.cluster, &key.name, id)),
    }
}

/// The service-linked role that ECS acts with.
const ROLE_PATH: &str = "/aws-service-role/ecs.amazonaws.com/";
const ROLE: &str = "AWSServiceRoleForECS";

fn deployments(
    world: &World,
    service: &Service,
    counts: &BTreeMap<DeploymentId, TaskCount>,
) -> Vec<ecs::Deployment> {
    let show = |deployment: &Deployment| {
        let count = counts.get(&deployment.id).copied().unwrap_or_default();
        let (launch_type, strategy) = capacity::show_launch(&deployment.launch);
        let definition = &deployment.definition;
        let arn = world.place.task_definition_arn(&definition.family, definition.revision);
        let platform = launch::resolved_platform(&service.platform_version);
        ecs::Deployment {
            id: Some(deployment.id.to_string()),
            status: Some(deployment.status.as_str().to_owned()),
            task_definition: Some(arn),
            desired_count: Some(int(deployment.desired_count)),
            pending_count: Some(int(count.pending)),
            running_count: Some(int(count.running)),
            failed_tasks: Some(int(deployment.failed_tasks)),
            created_at: Some(deployment.created_at),
            updated_at: Some(deployment.updated_at),
            capacity_provider_strategy: strategy,
            launch_type,
            platform_version: Some(platform.to_owned()),
            platform_family: Some("Linux".to_owned()),
            network_configuration: Some(network::show(&deployment.network)),
            rollout_state: Some(deployment.rollout.as_str().to_owned()),
            rollout_state_reason: Some(deployment.rollout_reason.clone()),
            ..ecs::Deployment::default()
        }
    };
    service.deployments.iter().map(show).collect()
}

fn revisions(
    world: &World,
    service: &Service,
    counts: &BTreeMap<DeploymentId, TaskCount>,
) -> Vec<ServiceCurrentRevisionSummary> {
    let (cluster, name) = (&service.key.cluster, &service.key.name);
    let show = |deployment: &Deployment| {
        let count = counts.get(&deployment.id).copied().unwrap_or_default();
        ServiceCurrentRevisionSummary {
            arn: Some(world.place.service_revision_arn(cluster, name, &deployment.id)),
            requested_task_count: Some(int(deployment.desired_count)),
            running_task_count: Some(int(count.running)),
            pending_task_count: Some(int(count.pending)),
        }
    };
    service.deployments.iter().map(show).collect()
}

fn event(event: &ServiceEvent) -> ecs::ServiceEvent {
    ecs::ServiceEvent {
        id: Some(event.id.clone()),
        created_at: Some(event.at),
        message: Some(event.message.clone()),
    }
}

fn seconds(service: &Service) -> i32 {
    i32::try_from(service.grace.as_millis() / 1000).unwrap_or(i32::MAX)
}

fn int(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
