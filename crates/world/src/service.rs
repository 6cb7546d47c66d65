//! Services and their deployments.
//!
//! How a deployment begins is in [`deploy`]; how it goes on is decided in `control::service`.

pub mod configuration;
pub mod deploy;
pub mod deployment;
pub mod revision;
pub mod stage;

pub use configuration::{
    BreakerThreshold, CircuitBreaker, DeploymentAlarms, DeploymentConfiguration, HookAction,
    PauseHook, Strategy, TrafficShare,
};
pub use deployment::{ServiceDeployment, ServiceDeploymentKey, ServiceDeploymentStatus};
pub use revision::{RevisionKey, ServiceRevision};
pub use stage::{Position, Stage};

use crate::task::Launch;
use crate::{DefinitionKey, Held, Tags};
use model::{
    ClusterName, ContainerName, DeploymentId, RuleArn, SecurityGroupId, ServiceDeploymentId,
    ServiceName, Span, SubnetId, TargetGroupArn, Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Cluster and name.
    pub key: ServiceKey,
    /// Whether it is kept running.
    pub status: ServiceStatus,
    /// How many tasks it should have.
    pub desired_count: u32,
    /// The revision that the newest deployment brings.
    pub definition: DefinitionKey,
    /// Where its tasks run.
    pub launch: ServiceLaunch,
    /// `LATEST` or a version, as given.
    pub platform_version: String,
    /// The target groups that its tasks are registered in.
    pub load_balancers: Vec<ServiceBalancer>,
    /// Subnets, security groups, public address.
    pub network: ServiceNetwork,
    /// How long failing health checks of a new task are ignored. It covers the container's own
    /// time, so the region's speed does not shorten it.
    pub grace: Span,
    /// How deployments go.
    pub configuration: DeploymentConfiguration,
    /// Newest first: the PRIMARY one, then those that still have tasks.
    pub deployments: Vec<Deployment>,
    /// The newest service deployment, also when it has ended.
    #[serde(default)]
    pub current: Option<ServiceDeploymentId>,
    /// The newest deployment that completed, as it was then: what a failed one goes back to. Since one
    /// did, it is IN_PROGRESS, and nothing goes back to it again before it has completed once more.
    pub completed: Option<Deployment>,
    /// When the scheduler's next pass is due; absent while it has nothing to do. The scheduler sets
    /// it when it notices that there is something, so handlers leave it alone.
    pub next_pass: Option<Timestamp>,
    /// The number of its next event.
    pub next_event: u64,
    /// When it last reached its steady state; absent when it has left it since.
    pub steady_since: Option<Timestamp>,
    /// Whether tasks are spread over the zones again after a change.
    pub zone_rebalancing: bool,
    /// Whose tags its tasks get.
    pub propagate_tags: PropagateTags,
    /// Whether its tasks get the tags that name cluster and service.
    pub managed_tags: bool,
    /// Whether `ExecuteCommand` was asked for.
    pub exec: bool,
    /// The token that it was made with.
    pub client_token: Option<String>,
    /// A digest of the request that made it, to tell a repeat from another request.
    pub request: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it, an ARN.
    pub created_by: String,
    /// When it became INACTIVE, if it did.
    pub inactive_at: Option<Timestamp>,
    /// Tags.
    pub tags: Tags,
}

/// A cluster and the name of one of its services.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ServiceKey {
    /// The cluster.
    pub cluster: ClusterName,
    /// The service.
    pub name: ServiceName,
}

/// A service's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServiceStatus {
    /// Kept running.
    Active,
    /// Deleted; its tasks are being stopped.
    Draining,
    /// Deleted; still shown when asked for by name.
    Inactive,
}

/// Where a service's tasks run: AWS shows a launch type or a strategy, never both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServiceLaunch {
    /// Launch type `FARGATE`.
    Fargate,
    /// A capacity provider strategy.
    Strategy(Vec<crate::cluster::StrategyItem>),
}

/// A target group and which port of which container is registered in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceBalancer {
    /// The target group.
    pub target_group: TargetGroupArn,
    /// The container.
    pub container: ContainerName,
    /// The container's port.
    pub port: u16,
    /// The second target group, and what moves requests between the two, for strategies that run
    /// two revisions beside each other.
    #[serde(default)]
    pub pair: Option<Pair>,
}

/// `advancedConfiguration`: what makes a pair of two target groups (reference §3.8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The second target group.
    pub alternate: TargetGroupArn,
    /// The rule whose weights move production requests.
    pub production: RuleArn,
    /// The rule whose weights move test requests.
    pub test: Option<RuleArn>,
    /// The role that AWS acts with, shown and without effect locally.
    pub role: Option<String>,
}

/// Where a service's tasks are in the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceNetwork {
    /// Subnets; never empty.
    pub subnets: Vec<SubnetId>,
    /// Security groups, shown and without effect locally.
    pub security_groups: Vec<SecurityGroupId>,
    /// `assignPublicIp`, shown and without effect locally.
    pub public_ip: bool,
}

/// Whose tags a service's tasks get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PropagateTags {
    /// Nobody's.
    None,
    /// The service's.
    Service,
    /// The task definition's.
    TaskDefinition,
}

/// One deployment of a service (reference §3.4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deployment {
    /// `ecs-svc/` and 19 digits.
    pub id: DeploymentId,
    /// Whether it is the newest.
    pub status: DeploymentStatus,
    /// The revision that its tasks run.
    pub definition: DefinitionKey,
    /// How many tasks it should have; follows the service's count at the scheduler's next pass.
    pub desired_count: u32,
    /// Failures in a row.
    pub failed_tasks: u32,
    /// How far it is.
    pub rollout: RolloutState,
    /// Why, in AWS's words.
    pub rollout_reason: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When anything of it last changed.
    pub updated_at: Timestamp,
    /// Where its tasks are in the network.
    pub network: ServiceNetwork,
    /// Where its tasks run.
    pub launch: ServiceLaunch,
    /// The target groups that it names.
    pub load_balancers: Vec<ServiceBalancer>,
    /// Of each of them or its pair, the one that its tasks are registered in; empty before the
    /// scheduler has chosen, which it does where there is a choice.
    #[serde(default)]
    pub resolved: Vec<TargetGroupArn>,
    /// The digests that its first task's tags stood for, by container: later tasks run the same
    /// images even if the tags have moved (reference §2.1, `versionConsistency`).
    pub images: BTreeMap<ContainerName, String>,
    /// Since when all of its tasks are healthy and no other deployment keeps any.
    pub settled_since: Option<Timestamp>,
    /// Failed starts in a row and when the next start is allowed (reference §3.9).
    pub throttle: Throttle,
}

/// A deployment's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeploymentStatus {
    /// The newest.
    Primary,
    /// An older one that still has tasks.
    Active,
}

/// How far a deployment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RolloutState {
    /// Tasks are being started, stopped or waited for.
    InProgress,
    /// Done.
    Completed,
    /// Given up; it starts no more tasks.
    Failed,
}

/// How a deployment's starts are held back after tasks that never ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Throttle {
    /// Tasks in a row that never reached RUNNING.
    pub failures: u32,
    /// No start before this.
    pub until: Option<Timestamp>,
}

// === impl Service ===

impl Service {
    /// The newest deployment. A service always has one until it is INACTIVE.
    #[must_use]
    pub fn primary(&self) -> Option<&Deployment> {
        self.deployments.iter().find(|deployment| deployment.status == DeploymentStatus::Primary)
    }

    /// The deployment with this id.
    #[must_use]
    pub fn deployment(&self, id: &DeploymentId) -> Option<&Deployment> {
        self.deployments.iter().find(|deployment| deployment.id == *id)
    }
}

// === impl Deployment ===

impl Deployment {
    /// What it registers where: each of its load balancers with the target group that it uses.
    pub fn registrations(&self) -> impl Iterator<Item = (&ServiceBalancer, &TargetGroupArn)> {
        self.load_balancers.iter().enumerate().map(|(at, balancer)| {
            (balancer, self.resolved.get(at).unwrap_or(&balancer.target_group))
        })
    }
}

// === impl ServiceBalancer ===

impl ServiceBalancer {
    /// Its target group or groups.
    pub fn groups(&self) -> impl Iterator<Item = &TargetGroupArn> {
        [&self.target_group].into_iter().chain(self.pair.as_ref().map(|pair| &pair.alternate))
    }

    /// The other target group of its pair.
    #[must_use]
    pub fn other(&self, group: &TargetGroupArn) -> Option<&TargetGroupArn> {
        self.groups().find(|held| *held != group)
    }
}

impl Held for Service {
    type Key = ServiceKey;

    fn key(&self) -> ServiceKey {
        self.key.clone()
    }
}

impl ServiceKey {
    /// The key before every other, where ranges begin.
    #[must_use]
    pub fn least() -> Self {
        Self { cluster: "".into(), name: "".into() }
    }
}

impl ServiceLaunch {
    /// Where a single task of it runs. With several providers, the one for the next task follows
    /// base and weight, which the scheduler decides; this is the first one's.
    #[must_use]
    pub fn first(&self) -> Launch {
        match self {
            Self::Fargate => Launch::Fargate,
            Self::Strategy(items) => Launch::Provider(
                items.first().map_or_else(|| "FARGATE".to_owned(), |item| item.provider.clone()),
            ),
        }
    }
}

// === AWS's words ===

impl ServiceStatus {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Draining => "DRAINING",
            Self::Inactive => "INACTIVE",
        }
    }
}

impl DeploymentStatus {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "PRIMARY",
            Self::Active => "ACTIVE",
        }
    }
}

impl RolloutState {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
        }
    }
}

impl PropagateTags {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Service => "SERVICE",
            Self::TaskDefinition => "TASK_DEFINITION",
        }
    }
}
