//! How far the service deployment is: what clients see of the way of a revision (reference §3.7).

use super::fail::{self, Remedy};
use super::pass::Pass;
use super::{alarm, sides, steer};
use world::service::deployment::{Ending, Failure};
use world::service::{Position, ServiceDeploymentStatus as Status, Stage};

/// Begins it, and does what a person has asked for since the last pass.
pub(super) fn go_on(pass: &mut Pass<'_>) {
    let Some(current) = &pass.current else { return };
    match current.status {
        Status::Pending => begin(pass),
        Status::StopRequested => fail::fail(pass, &Failure::Requested, Remedy::Stop),
        Status::RollbackRequested => fail::fail(pass, &Failure::Requested, Remedy::RollBack),
        // The others have ended, or go on.
        Status::InProgress
        | Status::RollbackInProgress
        | Status::Successful
        | Status::Stopped
        | Status::RollbackSuccessful
        | Status::RollbackFailed => {}
    }
}

/// Chooses the target groups, and the stage to begin with.
fn begin(pass: &mut Pass<'_>) {
    let now = pass.now();
    let ringing = alarm::ringing(pass);
    let serving = sides::serving(pass);
    let Some(current) = &mut pass.current else { return };
    current.serving = serving;
    current.status = Status::InProgress;
    current.started_at = Some(now);
    current.updated_at = now;
    current.ignored_alarms = ringing;
    let has_stages = current.configuration.strategy.has_stages();
    let reconciled = sides::is_reconciled(pass);
    if let Some(current) = pass.current.as_mut().filter(|_| has_stages) {
        let stage = if reconciled { Stage::PreScaleUp } else { Stage::ReconcileService };
        current.position = Some(Position { stage, since: now, step: 0 });
    }
    steer::choose(pass);
}

/// Ends it because its target, or the deployment that it went back to, is complete.
pub(super) fn succeed(pass: &mut Pass<'_>) {
    let back = pass.current.as_ref().is_some_and(|current| current.rollback.is_some());
    let status = if back { Status::RollbackSuccessful } else { Status::Successful };
    end(pass, status);
}

/// Ends it.
pub(super) fn end(pass: &mut Pass<'_>, status: Status) {
    let Some(current) = &pass.current else { return };
    let ending = Ending::of(current, &pass.service, pass.tasks());
    let now = pass.now();
    if let Some(current) = &mut pass.current {
        current.end(status, ending, now);
    }
}
