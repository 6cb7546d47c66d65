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
