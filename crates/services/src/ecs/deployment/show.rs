//! A service deployment as AWS shows it (reference §3.7).

use crate::ecs::service::configuration;
use api::ecs::{self, ServiceDeploymentCircuitBreaker, ServiceRevisionSummary};
use model::DeploymentId;
use world::service::deployment::{Ending, Failure, Rollback, TaskCount};
use world::{Service, ServiceDeployment, World};

/// The service deployment; absent when its service is not there.
pub(super) fn show(world: &World, held: &ServiceDeployment) -> Option<ecs::ServiceDeployment> {
    let service = world.services.get(&held.key.service)?;
    let ending = held.ending.clone();
    let ending = ending.unwrap_or_else(|| Ending::of(held, service, world.tasks_of(&service.key)));
    let source = held.source.iter().zip(&ending.source);
    Some(ecs::ServiceDeployment {
        service_deployment_arn: Some(arn(world, held)),
        service_arn: Some(service_arn(world, held)),
        cluster_arn: Some(world.place.cluster_arn(&service.key.cluster)),
        created_at: Some(held.created_at),
        started_at: held.started_at,
        finished_at: held.finished_at,
        stopped_at: held.stopped_at(),
        updated_at: Some(held.updated_at),
        source_service_revisions: Some(
            source.map(|(id, count)| revision(world, service, id, *count)).collect(),
        ),
        target_service_revision: Some(revision(world, service, &held.target, ending.target)),
        status: Some(held.status.as_str().to_owned()),
        status_reason: held.reason.clone(),
        lifecycle_stage: None,
        lifecycle_hook_details: None,
        deployment_configuration: Some(configuration::show(&held.configuration)),
        rollback: held.rollback.as_ref().map(|rollback| show_rollback(world, service, rollback)),
        deployment_circuit_breaker: Some(breaker(service, held, &ending)),
        alarms: None,
    })
}

/// Its ARN.
pub(super) fn arn(world: &World, held: &ServiceDeployment) -> String {
    let service = &held.key.service;
    world.place.service_deployment_arn(&service.cluster, &service.name, &held.key.id)
}

/// Its service's ARN.
pub(super) fn service_arn(world: &World, held: &ServiceDeployment) -> String {
    world.place.service_arn(&held.key.service.cluster, &held.key.service.name)
}

/// Traffic weights belong to the strategies that shift traffic.
fn revision(
    world: &World,
    service: &Service,
    id: &DeploymentId,
    count: TaskCount,
) -> ServiceRevisionSummary {
    let int = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    ServiceRevisionSummary {
        arn: Some(world.place.service_revision_arn(&service.key.cluster, &service.key.name, id)),
        requested_task_count: Some(int(count.requested)),
        running_task_count: Some(int(count.running)),
        pending_task_count: Some(int(count.pending)),
        requested_test_traffic_weight: None,
        requested_production_traffic_weight: None,
    }
}

fn show_rollback(world: &World, service: &Service, rollback: &Rollback) -> ecs::Rollback {
    let (cluster, name) = (&service.key.cluster, &service.key.name);
    ecs::Rollback {
        reason: Some(rollback.reason.clone()),
        started_at: Some(rollback.started_at),
        service_revision_arn: Some(world.place.service_revision_arn(cluster, name, &rollback.to)),
    }
}

/// The breaker as a monitor of the deployment: it goes on for as long as the deployment does, and
/// shows that it tripped for ever.
fn breaker(
    service: &Service,
    held: &ServiceDeployment,
    ending: &Ending,
) -> ServiceDeploymentCircuitBreaker {
    let enabled = match held.has_ended() {
        true => held.configuration.breaker.enable,
        false => service.configuration.breaker.enable,
    };
    let status = match held.failure {
        Some(Failure::Breaker) => "TRIGGERED",
        _ if !enabled => "DISABLED",
        _ if held.has_ended() => "MONITORING_COMPLETE",
        _ => "MONITORING",
    };
    let int = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    ServiceDeploymentCircuitBreaker {
        status: Some(status.to_owned()),
        failure_count: Some(int(ending.failures)),
        threshold: Some(int(ending.threshold)),
    }
}
