//! How far the service deployment is: what clients see of the way of a revision (reference §3.7).

use super::fail::{self, Remedy};
use super::pass::Pass;
use world::service::ServiceDeploymentStatus as Status;
use world::service::deployment::{Ending, Failure};

/// Begins it, and does what a person has asked for since the last pass.
pub(super) fn go_on(pass: &mut Pass<'_>) {
    let now = pass.now();
    let Some(current) = &mut pass.current else { return };
    match current.status {
        Status::Pending => {
            current.status = Status::InProgress;
            current.started_at = Some(now);
            current.updated_at = now;
        }
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
