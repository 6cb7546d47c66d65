//! How a deployment begins.

use super::deployment::{Ending, Traffic};
use super::{
    Deployment, DeploymentStatus, RolloutState, Service, ServiceDeployment, ServiceDeploymentKey,
    ServiceDeploymentStatus, ServiceRevision, Stage, Throttle,
};
use crate::Draft;
use model::{DeploymentId, HookId, Ids, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

impl Draft {
    /// Puts a service in with a new deployment of what it now says (revision, network, launch,
    /// target groups); answers the service as it was put. The one that is under way is stopped
    /// for it: only one goes on at a time (reference §3.3).
    pub fn deploy(&mut self, mut service: Service, ids: &mut Ids, now: Timestamp) -> Service {
        self.supersede(&mut service, now);
        let id =
            ServiceDeploymentKey { service: service.key.clone(), id: ids.service_deployment() };
        let source: Vec<_> = service.deployments.iter().map(|older| older.id.clone()).collect();
        let primary = service.begin_deployment(ids, now);
        service.current = Some(id.id.clone());
        let definition = self.definitions.get(&primary.definition);
        let revision = ServiceRevision::of(&service, &primary, definition);
        self.put(revision);
        self.put(ServiceDeployment {
            key: id,
            target: primary.id,
            source,
            status: ServiceDeploymentStatus::Pending,
            reason: None,
            configuration: service.configuration.clone(),
            position: None,
            serving: None,
            traffic: Traffic::default(),
            pauses: Vec::new(),
            ignored_alarms: BTreeSet::new(),
            failure: None,
            rollback: None,
            ending: None,
            created_at: now,
            started_at: None,
            finished_at: None,
            updated_at: now,
        });
        self.put(service.clone());
        service
    }

    /// Stops the service deployment that is under way. One that was only cleaning up has worked: its
    /// target serves, and is what the next one goes back to.
    fn supersede(&mut self, service: &mut Service, now: Timestamp) {
        let under_way = self.current_deployment(service).filter(|held| !held.has_ended());
        let Some(mut held) = under_way.cloned() else { return };
        if held.stage() == Some(Stage::CleanUp) && held.rollback.is_none() {
            let mut targets = service.deployments.iter_mut().filter(|one| one.id == held.target);
            if let Some(target) = targets.next() {
                target.complete(now);
                service.completed = Some(target.clone());
            }
        }
        let ending = Ending::of(&held, service, self.tasks_of(&service.key));
        held.reason = Some(ServiceDeployment::superseded());
        held.end(ServiceDeploymentStatus::Stopped, ending, now);
        self.put(held);
    }
}

impl Service {
    /// Makes a new deployment of what the service now says the PRIMARY one; the one before becomes
    /// ACTIVE and is replaced too (reference §3.3).
    ///
    /// Its `desiredCount` is 0 until the scheduler's next pass, as AWS's first answer shows.
    fn begin_deployment(&mut self, ids: &mut Ids, now: Timestamp) -> Deployment {
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
            resolved: Vec::new(),
            images: BTreeMap::new(),
            settled_since: None,
            throttle: Throttle::default(),
            id,
        };
        self.deployments.insert(0, deployment.clone());
        deployment
    }
}

/// `statusReason` (reference §3.7, §3.8).
impl ServiceDeployment {
    /// When a newer one takes its place. AWS's text is not known.
    #[must_use]
    pub fn superseded() -> String {
        "Service deployment stopped because a newer service deployment began.".to_owned()
    }

    /// When its circuit breaker has tripped and it goes back.
    #[must_use]
    pub fn rolled_back_by_breaker() -> String {
        "Service deployment rolled back because the circuit breaker threshold was exceeded."
            .to_owned()
    }

    /// When an alarm has gone off and it goes back. AWS's text is not known.
    #[must_use]
    pub fn rolled_back_by_alarm() -> String {
        "Service deployment rolled back because an alarm was detected.".to_owned()
    }

    /// When an alarm has gone off and there is no way back. AWS's text is not known.
    #[must_use]
    pub fn stopped_by_alarm() -> String {
        "Service deployment stopped because an alarm was detected.".to_owned()
    }

    /// When a pause has ended without a person's consent.
    #[must_use]
    pub fn rolled_back_by_hook(stage: Stage, hook: &HookId) -> String {
        let stage = stage.as_str();
        format!(
            "Service deployment rolled back because {stage} lifecycle hook(s) failed. Lifecycle hook \
             target {hook} returned FAILED status."
        )
    }

    /// When a stage has taken too long. AWS's text is not known.
    #[must_use]
    pub fn rolled_back_by_time(stage: Stage) -> String {
        format!("Service deployment rolled back because {} timed out.", stage.as_str())
    }

    /// When rules or target groups are not as they have to be.
    #[must_use]
    pub fn rolled_back_by_network(why: &str) -> String {
        format!("Service deployment rolled back because of invalid networking configuration: {why}")
    }

    /// When its circuit breaker has tripped and there is no way back. AWS's text is not known.
    #[must_use]
    pub fn stopped_by_breaker() -> String {
        "Service deployment stopped because the circuit breaker threshold was exceeded.".to_owned()
    }

    /// When a person sends it back. AWS's text is not known.
    #[must_use]
    pub fn rolled_back_on_request() -> String {
        "Service deployment rolled back because StopServiceDeployment asked for it.".to_owned()
    }

    /// When a person sends it back and no deployment of the service has completed. AWS's text is not
    /// known.
    #[must_use]
    pub fn nothing_to_go_back_to() -> String {
        "Service deployment can't be rolled back because no earlier one has completed.".to_owned()
    }

    /// When a person stops it. AWS's text is not known.
    #[must_use]
    pub fn stopped_on_request() -> String {
        "Service deployment stopped because StopServiceDeployment asked for it.".to_owned()
    }
}

impl Deployment {
    /// Notes that it is done.
    pub fn complete(&mut self, now: Timestamp) {
        self.rollout = RolloutState::Completed;
        self.rollout_reason = Self::done(&self.id);
        self.updated_at = now;
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

    /// When an alarm has gone off. AWS's text is not known.
    #[must_use]
    pub fn alarmed() -> String {
        "ECS deployment failed: alarm detected.".to_owned()
    }

    /// When one whose circuit breaker has tripped goes back to it.
    #[must_use]
    pub fn rolling_back_by_breaker(id: &DeploymentId) -> String {
        format!("ECS deployment circuit breaker: rolling back to deploymentId {id}.")
    }

    /// When another one goes back to it for another reason. AWS's text is not known.
    #[must_use]
    pub fn rolling_back(id: &DeploymentId) -> String {
        format!("ECS deployment rolling back to deploymentId {id}.")
    }

    /// When a person has stopped it. AWS's text is not known.
    #[must_use]
    pub fn stopped(id: &DeploymentId) -> String {
        format!("ECS deployment {id} stopped.")
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
                alarms: DeploymentAlarms::default(),
                strategy: Strategy::Rolling,
                bake_minutes: 0,
                pauses: Vec::new(),
            },
            deployments: Vec::new(),
            current: None,
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
