//! How a deployment begins.

use super::{Deployment, DeploymentStatus, RolloutState, Service, Throttle};
use model::{DeploymentId, Ids, Timestamp};
use std::collections::BTreeMap;

impl Service {
    /// Makes a new deployment of what the service now says (revision, network, launch, target
    /// groups) the PRIMARY one; the one before becomes ACTIVE and is replaced too (reference §3.3).
    ///
    /// Its `desiredCount` is 0 until the scheduler's next pass, as AWS's first answer shows.
    pub fn begin_deployment(&mut self, ids: &mut Ids, now: Timestamp) {
        let id = ids.deployment();
        for older in &mut self.deployments {
            older.status = DeploymentStatus::Active;
        }
        let deployment = Deployment {
            status: DeploymentStatus::Primary,
            definition: self.definition.clone(),
            desired_count: 0,
            failed_tasks: 0,
            rollout: RolloutState::InProgress,
            rollout_reason: Deployment::in_progress(&id),
            created_at: now,
            updated_at: now,
            network: self.network.clone(),
            launch: self.launch.clone(),
            load_balancers: self.load_balancers.clone(),
            images: BTreeMap::new(),
            settled_since: None,
            throttle: Throttle::default(),
            id,
        };
        self.deployments.insert(0, deployment);
    }
}

/// `rolloutStateReason`, word for word (reference §3.4).
impl Deployment {
    /// While it goes on.
    #[must_use]
    pub fn in_progress(id: &DeploymentId) -> String {
        format!("ECS deployment {id} in progress.")
    }

    /// When it is done.
    #[must_use]
    pub fn done(id: &DeploymentId) -> String {
        format!("ECS deployment {id} completed.")
    }

    /// When its circuit breaker has tripped.
    #[must_use]
    pub fn tripped() -> String {
        "ECS deployment circuit breaker: tasks failed to start.".to_owned()
    }

    /// When a failed one goes back to it.
    #[must_use]
    pub fn rolling_back(id: &DeploymentId) -> String {
        format!("ECS deployment circuit breaker: rolling back to deploymentId {id}.")
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;

    fn service() -> Service {
        let network =
            ServiceNetwork { subnets: Vec::new(), security_groups: Vec::new(), public_ip: false };
        let breaker = CircuitBreaker {
            enable: false,
            rollback: false,
            reset_on_healthy: true,
            threshold: BreakerThreshold::BoundedPercent(50),
        };
        Service {
            key: ServiceKey { cluster: "shop".into(), name: "web".into() },
            status: ServiceStatus::Active,
            desired_count: 2,
            definition: DefinitionKey { family: "web".into(), revision: 1 },
            launch: ServiceLaunch::Fargate,
            platform_version: "LATEST".to_owned(),
            load_balancers: Vec::new(),
            network,
            grace: Span::ZERO,
            configuration: DeploymentConfiguration {
                minimum_percent: 100,
                maximum_percent: 200,
                breaker,
                bake_minutes: 0,
            },
            deployments: Vec::new(),
            completed: None,
            next_pass: None,
            next_event: 0,
            steady_since: None,
            zone_rebalancing: false,
            propagate_tags: PropagateTags::None,
            managed_tags: false,
            exec: false,
            client_token: None,
            request: String::new(),
            created_at: Timestamp::default(),
            created_by: String::new(),
            inactive_at: None,
            tags: Tags::new(),
        }
    }

    #[test]
    fn the_newest_deployment_is_the_primary_one_and_comes_first() {
        let (mut service, mut ids) = (service(), Ids::seeded(1));
        service.begin_deployment(&mut ids, Timestamp::from_seconds(1));
        service.definition.revision = 2;
        service.begin_deployment(&mut ids, Timestamp::from_seconds(2));

        let shown = service
            .deployments
            .iter()
            .map(|held| (held.status.as_str(), held.definition.revision, held.rollout.as_str()));
        let expected = [("PRIMARY", 2, "IN_PROGRESS"), ("ACTIVE", 1, "IN_PROGRESS")];
        assert_eq!(shown.collect::<Vec<_>>(), expected);
        let primary = service.primary().expect("there is one");
        assert_eq!(primary.desired_count, 0, "it follows with the scheduler's next pass");
        let reason = format!("ECS deployment {} in progress.", primary.id);
        assert_eq!(primary.rollout_reason, reason);
    }
}
