//! What becomes of a deployment that failed: it is given up, and the service goes back to the last
//! one that worked, if it is to and if there is one (reference §3.5, §3.7).

use super::pass::Pass;
use super::{events, progress};
use world::service::deployment::{Failure, Rollback};
use world::service::{DeploymentStatus, RolloutState, Stage, Throttle};
use world::service::{ServiceDeployment, ServiceDeploymentStatus as Status};
use world::{Deployment, Service};

/// What is done about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Nothing more is started.
    Stop,
    /// The service goes back to the last deployment that completed.
    RollBack,
}

/// The PRIMARY deployment starts no more tasks, and the remedy is taken.
pub(super) fn fail(pass: &mut Pass<'_>, failure: &Failure, remedy: Remedy) {
    let Some(failed) = give_up(pass, failure) else { return };
    let last = way_back(&pass.service).filter(|last| last.id != failed).cloned();
    match last.filter(|_| remedy == Remedy::RollBack) {
        Some(last) => {
            say_why(pass, failure, rolled_back(failure));
            roll_back(pass, failure, last);
        }
        None => {
            let status = without_way_back(pass);
            say_why(pass, failure, stopped(failure, status));
            progress::end(pass, status);
        }
    }
}

/// The deployment that can be gone back to. One that a failed deployment went back to is none until it
/// is COMPLETED again (reference §3.5).
fn way_back(service: &Service) -> Option<&Deployment> {
    service.completed.as_ref().filter(|last| last.rollout == RolloutState::Completed)
}

/// The deployment's id.
fn give_up(pass: &mut Pass<'_>, failure: &Failure) -> Option<model::DeploymentId> {
    let now = pass.now();
    let primary = pass.primary_mut()?;
    primary.rollout = RolloutState::Failed;
    primary.rollout_reason = match failure {
        Failure::Breaker => Deployment::tripped(),
        Failure::Alarms(_) => Deployment::alarmed(),
        Failure::Requested
        | Failure::Hook(..)
        | Failure::StageTimedOut(_)
        | Failure::Network(_) => Deployment::stopped(&primary.id),
    };
    primary.updated_at = now;
    let id = primary.id.clone();
    let what = match failure {
        Failure::Breaker => Some("tasks failed to start"),
        Failure::Alarms(_) => Some("alarm detected"),
        // AWS's events for the others are not known.
        Failure::Requested
        | Failure::Hook(..)
        | Failure::StageTimedOut(_)
        | Failure::Network(_) => None,
    };
    if let Some(what) = what {
        let message = events::failed(&pass.service.key.name, &id, what);
        pass.tell(message);
    }
    Some(id)
}

fn say_why(pass: &mut Pass<'_>, failure: &Failure, reason: String) {
    let now = pass.now();
    if let Some(current) = &mut pass.current {
        current.failure = Some(failure.clone());
        current.reason = Some(reason);
        current.updated_at = now;
    }
}

fn rolled_back(failure: &Failure) -> String {
    match failure {
        Failure::Breaker => ServiceDeployment::rolled_back_by_breaker(),
        Failure::Alarms(_) => ServiceDeployment::rolled_back_by_alarm(),
        Failure::Requested => ServiceDeployment::rolled_back_on_request(),
        Failure::Hook(stage, id) => ServiceDeployment::rolled_back_by_hook(*stage, id),
        Failure::StageTimedOut(stage) => ServiceDeployment::rolled_back_by_time(*stage),
        Failure::Network(why) => ServiceDeployment::rolled_back_by_network(why),
    }
}

fn stopped(failure: &Failure, status: Status) -> String {
    match failure {
        Failure::Breaker => ServiceDeployment::stopped_by_breaker(),
        Failure::Requested if status == Status::Stopped => ServiceDeployment::stopped_on_request(),
        Failure::Alarms(_) => ServiceDeployment::stopped_by_alarm(),
        Failure::Requested
        | Failure::Hook(..)
        | Failure::StageTimedOut(_)
        | Failure::Network(_) => ServiceDeployment::nothing_to_go_back_to(),
    }
}

/// A rollback that fails, or that was asked for and has nowhere to go, is a failed one; a failure
/// that nobody wants rolled back, or that nothing came before, leaves the deployment where it is.
fn without_way_back(pass: &Pass<'_>) -> Status {
    match pass.current.as_ref().map(|current| current.status) {
        Some(Status::RollbackInProgress | Status::RollbackRequested) => Status::RollbackFailed,
        _ => Status::Stopped,
    }
}

/// The last completed deployment becomes the PRIMARY one again: the same one, with its id and the
/// time it was made, so that its tasks that still run are its own.
fn roll_back(pass: &mut Pass<'_>, failure: &Failure, last: Deployment) {
    let message = events::rolling_back(&pass.service.key.name, &last.id);
    pass.tell(message);
    let now = pass.now();
    if let Some(current) = &mut pass.current {
        current.status = Status::RollbackInProgress;
        let reason = current.reason.clone().unwrap_or_default();
        current.rollback = Some(Rollback { reason, started_at: now, to: last.id.clone() });
        if let Some(position) = &mut current.position {
            position.stage = Stage::ProductionTrafficShift;
            position.since = now;
        }
    }
    let service = &mut pass.service;
    service.deployments.retain(|held| held.id != last.id);
    for other in &mut service.deployments {
        other.status = DeploymentStatus::Active;
    }
    run_again(service, &last);
    let rollout_reason = match failure {
        Failure::Breaker => Deployment::rolling_back_by_breaker(&last.id),
        Failure::Alarms(_)
        | Failure::Requested
        | Failure::Hook(..)
        | Failure::StageTimedOut(_)
        | Failure::Network(_) => Deployment::rolling_back(&last.id),
    };
    let primary = Deployment {
        status: DeploymentStatus::Primary,
        desired_count: service.desired_count,
        failed_tasks: 0,
        rollout: RolloutState::InProgress,
        rollout_reason,
        updated_at: now,
        settled_since: None,
        throttle: Throttle::default(),
        ..last
    };
    service.completed = Some(primary.clone());
    service.deployments.insert(0, primary);
}

/// The service says again what the deployment said.
fn run_again(service: &mut Service, last: &Deployment) {
    service.definition = last.definition.clone();
    service.network = last.network.clone();
    service.launch = last.launch.clone();
    service.load_balancers = last.load_balancers.clone();
}
