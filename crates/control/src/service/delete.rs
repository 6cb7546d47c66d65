//! A deleted service: its tasks are stopped, then it is INACTIVE, then forgotten.

use super::pass::Pass;
use super::{history, look, progress, register, stop};
use crate::decision::{Decision, Moment};
use crate::waits;
use world::service::{ServiceDeploymentStatus, ServiceStatus};
use world::{Phase, RowKey, Service, World};

/// Stops all tasks; when they are gone, the service is INACTIVE.
pub(super) fn drain(pass: &mut Pass<'_>) {
    progress::end(pass, ServiceDeploymentStatus::Stopped);
    register::deregister(pass);
    let members = look::members(pass);
    stop::stop(pass, &members);
    if pass.tasks().all(|task| task.phase >= Phase::Deprovisioning) {
        pass.service.status = ServiceStatus::Inactive;
        pass.service.inactive_at = Some(pass.now());
        pass.service.steady_since = None;
        pass.service.completed = None;
        pass.service.deployments.clear();
    }
}

/// An INACTIVE service can be described for a while; then it is gone, with its events and
/// its history.
pub(super) fn forget(world: &World, service: &Service, moment: Moment) -> Decision {
    let mut decision = Decision::nothing();
    let since = service.inactive_at.unwrap_or(moment.now);
    let until = since + moment.pace.wait(waits::INACTIVE_SHOWN);
    if moment.now < until {
        decision.wake(until);
        return decision;
    }
    let events = world.events_of(&service.key).map(|event| event.key.clone());
    decision.gone = events.map(RowKey::ServiceEvent).collect();
    decision.gone.extend(history::all(world, service));
    decision.gone.push(RowKey::Service(service.key.clone()));
    decision
}
