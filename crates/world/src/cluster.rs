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

impl StrategyItem {
    /// The provider of a strategy's next task, from how many tasks each provider has already
    /// (reference §3.2): bases are filled first, in the order given; then each provider gets its
    /// share by weight. Absent when no provider may have more.
    ///
    /// With base 1 and weight 1 for `FARGATE`, weight 3 for `FARGATE_SPOT`, five tasks come out as
    /// FARGATE, SPOT, SPOT, SPOT, FARGATE: the base, and one to three of the rest.
    pub fn next(strategy: &[Self], placed: impl Fn(&str) -> u32) -> Option<&str> {
        let short = strategy.iter().find(|item| placed(&item.provider) < item.base);
        // The one whose share would be the least exceeded: (tasks beyond the base + 1) / weight,
        // compared without division. Of equals the heavier one comes first.
        let share = |item: &Self| u64::from(placed(&item.provider).saturating_sub(item.base)) + 1;
        let fairest = || {
            let weighted = strategy.iter().filter(|item| item.weight > 0);
            weighted.reduce(|best, item| {
                let ours = share(item) * u64::from(best.weight);
                let theirs = share(best) * u64::from(item.weight);
                let is_fairer = ours < theirs || (ours == theirs && item.weight > best.weight);
                if is_fairer { item } else { best }
            })
        };
        short.or_else(fairest).map(|item| item.provider.as_str())
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn item(provider: &str, base: u32, weight: u32) -> StrategyItem {
        StrategyItem { provider: provider.to_owned(), weight, base }
    }

    fn check(strategy: &[StrategyItem], expected: &[&str]) {
        let mut placed: Vec<&str> = Vec::new();
        for _ in expected {
            let count = |name: &str| placed.iter().filter(|other| **other == name).count();
            let next = StrategyItem::next(strategy, |name| u32::try_from(count(name)).unwrap());
            placed.push(next.unwrap());
        }
        assert_eq!(placed, expected);
    }

    #[test]
    fn bases_are_filled_before_weights_count() {
        let (one, spot) = ("FARGATE", "FARGATE_SPOT");
        check(&[item(one, 1, 1), item(spot, 0, 3)], &[one, spot, spot, spot, one]);
        check(&[item(one, 2, 0), item(spot, 0, 1)], &[one, one, spot, spot]);
        check(&[item(one, 0, 1), item(spot, 0, 1)], &[one, spot, one, spot]);
        check(&[item(spot, 0, 4)], &[spot, spot]);
        assert_eq!(StrategyItem::next(&[item(one, 0, 0)], |_| 0), None);
    }
}
