//! ECS clusters.

use crate::{Held, Stored, Tags};
use model::{ClusterName, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// Its name, unique in the region.
    pub name: ClusterName,
    /// Whether it can be used.
    pub status: ClusterStatus,
    /// When it was made; AWS does not show it.
    pub created_at: Timestamp,
    /// When it was deleted, if it was.
    pub deleted_at: Option<Timestamp>,
    /// Settings by name; `containerInsights` is the one AWS has.
    pub settings: BTreeMap<String, String>,
    /// Where `ExecuteCommand` and managed storage keep things: echoed, without effect locally.
    #[serde(default)]
    pub configuration: Option<Stored<api::ecs::ClusterConfiguration>>,
    /// Associated capacity providers, in the order given.
    pub capacity_providers: Vec<String>,
    /// The strategy for tasks and services that name neither launch type nor strategy.
    pub default_strategy: Vec<StrategyItem>,
    /// Tags.
    pub tags: Tags,
}

/// A cluster's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClusterStatus {
    /// In use.
    Active,
    /// Deleted; still shown when asked for by name.
    Inactive,
}

/// One item of a capacity provider strategy (reference §3.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StrategyItem {
    /// `FARGATE` or `FARGATE_SPOT`.
    pub provider: String,
    /// Its share of the tasks beyond the base, 0 to 1000.
    pub weight: u32,
    /// How many tasks it gets before shares count, 0 to 100 000.
    pub base: u32,
}

impl Held for Cluster {
    type Key = ClusterName;

    fn key(&self) -> ClusterName {
        self.name.clone()
    }
}

impl ClusterStatus {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Inactive => "INACTIVE",
        }
    }
}
