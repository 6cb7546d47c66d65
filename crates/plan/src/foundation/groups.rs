//! Target groups: one for each service that requests can reach, two where versions come up beside
//! each other.

use super::ground::Ground;
use super::ids;
use super::intrinsic::{joined, reference};
use super::template::{Resource, Template};
use crate::groups::{desired_attributes, seconds};
use manifest::Service;
use serde_json::{Value, json};

/// The port of targets that are registered without one: there are none.
const DEFAULT_PORT: u16 = 80;

/// Adds the target groups, and names those that exist.
pub(super) fn add(ground: &Ground<'_>, template: &mut Template) {
    for (name, service) in ground.balanced() {
        let all = ground.groups(name, service);
        for (index, id) in all.iter().enumerate() {
            let first = ground.names().group(name);
            let called = if index == 0 { first } else { format!("{first}-2") };
            template.resource(id, group(ground, &called, (name, service)));
        }
        let arns: Vec<Value> = all.iter().map(|id| reference(id)).collect();
        let description = format!("The target groups of {name}");
        template.output(ids::of_service(name, "TargetGroups"), &description, joined(&arns));
    }
    for (name, arn) in &ground.existing().target_groups {
        let description = format!("The target group of {name}");
        let output = ids::of_service(name, "TargetGroups");
        template.output(output, &description, json!(arn.to_string()));
    }
}

fn group(ground: &Ground<'_>, called: &str, (name, service): (&str, &Service)) -> Resource {
    let health = &service.health;
    let attribute = |(key, value): (&str, String)| json!({ "Key": key, "Value": value });
    let attributes: Vec<Value> = desired_attributes(service).into_iter().map(attribute).collect();
    let properties = json!({
        "Name": called,
        "VpcId": ground.vpc(),
        // Tasks have addresses of their own (awsvpc).
        "TargetType": "ip",
        "Protocol": "HTTP",
        // ECS registers each target with its own port. Another port here would take another group,
        // and CloudFormation can't replace what has a name.
        "Port": DEFAULT_PORT,
        "HealthCheckPath": health.path,
        "HealthCheckIntervalSeconds": seconds(health.interval),
        "HealthCheckTimeoutSeconds": seconds(health.timeout),
        "HealthyThresholdCount": health.healthy,
        "UnhealthyThresholdCount": health.unhealthy,
        "Matcher": { "HttpCode": health.codes.to_string() },
        "TargetGroupAttributes": attributes,
        "Tags": ground.tags(name),
    });
    Resource::new("AWS::ElasticLoadBalancingV2::TargetGroup", properties)
}
