//! The circuit breaker: a deployment whose tasks keep failing is given up, and the service goes back
//! to the last one that worked (reference §3.5).

use super::events;
use super::pass::Pass;
use world::service::{BreakerThreshold, DeploymentStatus, RolloutState, Throttle};
use world::{Deployment, Service};

/// Trips when the PRIMARY deployment has failed often enough.
pub(super) fn check(pass: &mut Pass<'_>) {
    let breaker = &pass.service.configuration.breaker;
    let limit = threshold(breaker.threshold, pass.service.desired_count);
    let (enabled, goes_back) = (breaker.enable, breaker.rollback);
    let Some(primary) = pass.service.primary() else { return };
    if enabled && primary.rollout == RolloutState::InProgress && primary.failed_tasks >= limit {
        let failed = primary.id.clone();
        let last = pass.service.completed.clone().filter(|last| goes_back && last.id != failed);
        fail(pass);
        if let Some(last) = last {
            roll_back(pass, last);
        }
    }
}

/// How many failures trip the breaker. At the default of 50 %, bounded to 3 to 200: 3 for one task
/// and for 6, 13 for 25, 200 for 400 and for 800.
fn threshold(threshold: BreakerThreshold, desired: u32) -> u32 {
    let share = |percent: u32| {
        let share = (u64::from(desired) * u64::from(percent)).div_ceil(100);
        u32::try_from(share).unwrap_or(u32::MAX)
    };
    match threshold {
        BreakerThreshold::Count(count) => count.max(1),
        BreakerThreshold::BoundedPercent(percent) => share(percent).clamp(3, 200),
        BreakerThreshold::UnboundedPercent(percent) => share(percent).max(1),
    }
}

/// The deployment starts no more tasks.
fn fail(pass: &mut Pass<'_>) {
    let now = pass.now();
    let Some(primary) = pass.primary_mut() else { return };
    primary.rollout = RolloutState::Failed;
    primary.rollout_reason = Deployment::tripped();
    primary.updated_at = now;
    let id = primary.id.clone();
    let message = events::failed(&pass.service.key.name, &id);
    pass.tell(message);
}

/// The last completed deployment becomes the PRIMARY one again: the same one, with its id and the
/// time it was made, so that its tasks that still run are its own.
fn roll_back(pass: &mut Pass<'_>, last: Deployment) {
    let message = events::rolling_back(&pass.service.key.name, &last.id);
    pass.tell(message);
    let now = pass.now();
    let service = &mut pass.service;
    service.deployments.retain(|held| held.id != last.id);
    for other in &mut service.deployments {
        other.status = DeploymentStatus::Active;
    }
    run_again(service, &last);
    service.deployments.insert(
        0,
        Deployment {
            status: DeploymentStatus::Primary,
            desired_count: service.desired_count,
            failed_tasks: 0,
            rollout: RolloutState::InProgress,
            rollout_reason: Deployment::rolling_back(&last.id),
            updated_at: now,
            settled_since: None,
            throttle: Throttle::default(),
            ..last
        },
    );
}

/// The service says again what the deployment said.
fn run_again(service: &mut Service, last: &Deployment) {
    service.definition = last.definition.clone();
    service.network = last.network.clone();
    service.launch = last.launch.clone();
    service.load_balancers = last.load_balancers.clone();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_those_of_aws() {
        let bounded = BreakerThreshold::BoundedPercent(50);
        for (desired, expected) in [(0, 3), (1, 3), (6, 3), (25, 13), (400, 200), (800, 200)] {
            assert_eq!(threshold(bounded, desired), expected, "{desired}");
        }
        assert_eq!(threshold(BreakerThreshold::UnboundedPercent(10), 5000), 500);
        assert_eq!(threshold(BreakerThreshold::UnboundedPercent(10), 1), 1);
        assert_eq!(threshold(BreakerThreshold::Count(7), 1), 7);
    }
}
