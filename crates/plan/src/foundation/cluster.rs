//! The cluster.

use super::ground::Ground;
use super::ids;
use super::template::{Resource, Template};
use serde_json::json;

/// Adds the cluster, unless there is one.
pub(super) fn add(ground: &Ground<'_>, template: &mut Template) {
    if ground.existing().cluster.is_none() {
        let properties = json!({
            "ClusterName": ground.names().cluster(),
            // The counts of tasks, which alarms compare, are not measured without it.
            "ClusterSettings": [{ "Name": "containerInsights", "Value": "enabled" }],
        });
        template.resource(ids::CLUSTER, Resource::new("AWS::ECS::Cluster", properties));
    }
    template.output("Cluster", "The cluster", ground.cluster());
}
