//! The circuit breaker: a deployment whose tasks keep failing is given up (reference §3.5).

use super::fail::{self, Remedy};
use super::pass::Pass;
use world::service::RolloutState;
use world::service::deployment::Failure;

/// Trips when the PRIMARY deployment has failed often enough.
pub(super) fn check(pass: &mut Pass<'_>) {
    let breaker = &pass.service.configuration.breaker;
    let limit = breaker.threshold.limit(pass.service.desired_count);
    let remedy = if breaker.rollback { Remedy::RollBack } else { Remedy::Stop };
    let enabled = breaker.enable;
    let Some(primary) = pass.service.primary() else { return };
    if enabled && primary.rollout == RolloutState::InProgress && primary.failed_tasks >= limit {
        fail::fail(pass, &Failure::Breaker, remedy);
    }
}
