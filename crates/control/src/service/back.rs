//! The way back of a deployment with stages: requests first, then the tasks (reference §3.8).

use super::pass::Pass;
use super::{settle, sides, stages, steer};
use world::service::deployment::Traffic;
use world::service::{Position, Stage};

/// Moves requests back to the revision that worked as soon as it can take them, and takes the tasks
/// of the failed one away after that.
pub(super) fn go_on(pass: &mut Pass<'_>, position: Position) {
    let moved = pass.current.as_ref().is_none_or(|current| current.traffic == Traffic::default());
    if position.stage == Stage::CleanUp {
        settle::finish_when_clean(pass);
    } else if moved {
        stages::enter(pass, Stage::CleanUp);
    } else if sides::can_take_requests_back(pass) {
        let now = pass.now();
        if let Some(current) = &mut pass.current {
            current.traffic = Traffic::default();
            current.updated_at = now;
        }
    }
    let back = pass.current.as_ref().is_some_and(|current| current.traffic == Traffic::default());
    if back {
        // The PRIMARY deployment is the one that it went back to. A rule that is not there any more
        // keeps nobody from going back.
        drop(steer::steer(pass, Traffic::ALL));
    }
}
