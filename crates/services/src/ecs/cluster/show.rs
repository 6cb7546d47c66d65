//! A cluster as AWS shows it.

use crate::ecs::{capacity, tags};
use api::ecs::{self, ClusterSetting, KeyValuePair};
use std::collections::BTreeSet;
use world::service::ServiceStatus;
use world::{Cluster, World};

/// Parts of a cluster that are shown when they are asked for; without, their lists are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Nothing is ever attached to a cluster without machines.
    Attachments,
    /// Where `ExecuteCommand` and managed storage keep things.
    Configurations,
    /// `containerInsights`.
    Settings,
    /// Counts by launch type.
    Statistics,
    /// Tags.
    Tags,
}

/// How many tasks and services a cluster has.
#[derive(Debug, Default)]
struct Counts {
    running: i32,
    pending: i32,
    active: i32,
    draining: i32,
}

/// The cluster with the given parts.
pub(super) fn show(world: &World, cluster: &Cluster, parts: &BTreeSet<Part>) -> ecs::Cluster {
    let counts = Counts::of(world, cluster);
    let when = |part: Part| parts.contains(&part);
    ecs::Cluster {
        cluster_arn: Some(world.place.cluster_arn(&cluster.name)),
        cluster_name: Some(cluster.name.to_string()),
        configuration: cluster
            .configuration
            .as_ref()
            .filter(|_| when(Part::Configurations))
            .map(|configuration| configuration.0.clone()),
        status: Some(cluster.status.as_str().to_owned()),
        registered_container_instances_count: Some(0),
        running_tasks_count: Some(counts.running),
        pending_tasks_count: Some(counts.pending),
        active_services_count: Some(counts.active),
        statistics: Some(if when(Part::Statistics) { counts.statistics() } else { Vec::new() }),
        tags: Some(if when(Part::Tags) { tags::show(&cluster.tags) } else { Vec::new() }),
        settings: Some(if when(Part::Settings) { settings(cluster) } else { Vec::new() }),
        capacity_providers: Some(cluster.capacity_providers.clone()),
        default_capacity_provider_strategy: Some(capacity::show(&cluster.default_strategy)),
        attachments: when(Part::Attachments).then(Vec::new),
        attachments_status: None,
        service_connect_defaults: None,
    }
}

fn settings(cluster: &Cluster) -> Vec<ClusterSetting> {
    let setting = |(name, value): (&String, &String)| ClusterSetting {
        name: Some(name.clone()),
        value: Some(value.clone()),
    };
    cluster.settings.iter().map(setting).collect()
}

// === impl Part ===

impl Part {
    /// AWS's words for the parts, in the order in which its refusal lists them.
    pub(super) const WORDS: [&str; 5] =
        ["ATTACHMENTS", "CONFIGURATIONS", "SETTINGS", "STATISTICS", "TAGS"];

    /// The part that a word means.
    pub(super) fn parse(word: &str) -> Option<Self> {
        match word {
            "ATTACHMENTS" => Some(Self::Attachments),
            "CONFIGURATIONS" => Some(Self::Configurations),
            "SETTINGS" => Some(Self::Settings),
            "STATISTICS" => Some(Self::Statistics),
            "TAGS" => Some(Self::Tags),
            _ => None,
        }
    }
}

// === impl Counts ===

impl Counts {
    fn of(world: &World, cluster: &Cluster) -> Self {
        let mut counts = Self::default();
        for task in world.tasks_in(&cluster.name) {
            counts.running += i32::from(task.phase.counts_as_running());
            counts.pending += i32::from(task.phase.counts_as_pending());
        }
        for service in world.services_in(&cluster.name) {
            counts.active += i32::from(service.status == ServiceStatus::Active);
            counts.draining += i32::from(service.status == ServiceStatus::Draining);
        }
        counts
    }

    /// The names of reference §3.14; everything here is Fargate's.
    fn statistics(&self) -> Vec<KeyValuePair> {
        let named = [
            ("runningEC2TasksCount", 0),
            ("runningFargateTasksCount", self.running),
            ("pendingEC2TasksCount", 0),
            ("pendingFargateTasksCount", self.pending),
            ("activeEC2ServiceCount", 0),
            ("activeFargateServiceCount", self.active),
            ("drainingEC2ServiceCount", 0),
            ("drainingFargateServiceCount", self.draining),
        ];
        let pair = |(name, count): (&str, i32)| KeyValuePair {
            name: Some(name.to_owned()),
            value: Some(count.to_string()),
        };
        named.into_iter().map(pair).collect()
    }
}
