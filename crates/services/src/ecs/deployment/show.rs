//! A service deployment as AWS shows it (reference §3.7).

use crate::ecs::service::configuration;
use api::ecs::{
    self, DeploymentLifecycleHookDetail, ServiceDeploymentAlarms, ServiceDeploymentCircuitBreaker,
    ServiceRevisionSummary,
};
use model::{AlarmName, DeploymentId};
use world::service::TrafficShare;
use world::service::deployment::{Ending, Failure, Pause, Rollback, TaskCount};
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
            source.map(|(id, count)| revision(world, held, id, *count)).collect(),
        ),
        target_service_revision: Some(revision(world, held, &held.target, ending.target)),
        status: Some(held.status.as_str().to_owned()),
        status_reason: held.reason.clone(),
        lifecycle_stage: held.stage().map(|stage| stage.lifecycle().to_owned()),
        lifecycle_hook_details: (!held.configuration.pauses.is_empty())
            .then(|| held.pauses.iter().map(pause).collect()),
        deployment_configuration: Some(configuration::show(&held.configuration)),
        rollback: held.rollback.as_ref().map(|rollback| show_rollback(world, service, rollback)),
        deployment_circuit_breaker: Some(breaker(service, held, &ending)),
        alarms: Some(alarms(service, held)),
    })
}

fn pause(pause: &Pause) -> DeploymentLifecycleHookDetail {
    DeploymentLifecycleHookDetail {
        hook_id: Some(pause.id.to_string()),
        target_type: Some("PAUSE".to_owned()),
        target_arn: None,
        status: Some(pause.status.as_str().to_owned()),
        expires_at: Some(pause.expires_at),
        timeout_action: Some(pause.action.as_str().to_owned()),
    }
}

fn alarms(service: &Service, held: &ServiceDeployment) -> ServiceDeploymentAlarms {
    let configured = match held.has_ended() {
        true => &held.configuration.alarms,
        false => &service.configuration.alarms,
    };
    let rung = match &held.failure {
        Some(Failure::Alarms(rung)) => rung.as_slice(),
        _ => &[],
    };
    let names = |names: &[AlarmName]| names.iter().map(ToString::to_string).collect();
    // An alarm that was in ALARM when the deployment began is not watched.
    let is_watched = |name: &AlarmName| !held.ignored_alarms.contains(name);
    ServiceDeploymentAlarms {
        status: Some(match () {
            () if !rung.is_empty() => "TRIGGERED".to_owned(),
            () if !configured.watched().any(is_watched) => "DISABLED".to_owned(),
            () => monitoring(held).to_owned(),
        }),
        alarm_names: Some(names(&configured.names)),
        triggered_alarm_names: Some(names(rung)),
    }
}

/// A monitor that has not tripped goes on for as long as the deployment does.
fn monitoring(held: &ServiceDeployment) -> &'static str {
    if held.has_ended() { "MONITORING_COMPLETE" } else { "MONITORING" }
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

/// Weights belong to the strategies that move requests.
fn revision(
    world: &World,
    held: &ServiceDeployment,
    id: &DeploymentId,
    count: TaskCount,
) -> ServiceRevisionSummary {
    let int = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let service = &held.key.service;
    ServiceRevisionSummary {
        arn: Some(world.place.service_revision_arn(&service.cluster, &service.name, id)),
        requested_task_count: Some(int(count.requested)),
        running_task_count: Some(int(count.running)),
        pending_task_count: Some(int(count.pending)),
        requested_test_traffic_weight: share(held, id, held.traffic.test),
        requested_production_traffic_weight: share(held, id, held.traffic.production),
    }
}

fn share(held: &ServiceDeployment, id: &DeploymentId, target: TrafficShare) -> Option<f64> {
    held.position?;
    Some(match () {
        () if held.target == *id => target.percent(),
        () if held.serving.as_ref() == Some(id) => target.rest().percent(),
        () => 0.0,
    })
}

fn show_rollback(world: &World, service: &Service, rollback: &Rollback) -> ecs::Rollback {
    let (cluster, name) = (&service.key.cluster, &service.key.name);
    ecs::Rollback {
        reason: Some(rollback.reason.clone()),
        started_at: Some(rollback.started_at),
        service_revision_arn: Some(world.place.service_revision_arn(cluster, name, &rollback.to)),
    }
}

/// The breaker as a monitor of the deployment.
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
        _ => monitoring(held),
    };
    let int = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    ServiceDeploymentCircuitBreaker {
        status: Some(status.to_owned()),
        failure_count: Some(int(ending.failures)),
        threshold: Some(int(ending.threshold)),
    }
}
