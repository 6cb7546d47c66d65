//! Listener rules: which requests go to which service.

use super::ground::Ground;
use super::ids;
use super::intrinsic::{joined, reference};
use super::template::{Resource, Template};
use crate::rules::in_order;
use manifest::Route;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Adds the rules. Their ids say service and place among its routes, not the priority: another
/// service's route may move that.
pub(super) fn add(ground: &Ground<'_>, template: &mut Template) {
    let mut made: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (priority, (name, service, route)) in in_order(ground.balanced()) {
        let rules = made.entry(name).or_default();
        let id = ids::of_service(name, &format!("Rule{}", rules.len() + 1));
        let groups = ground.groups(name, service);
        let properties = json!({
            "ListenerArn": reference(ground.listener()),
            "Priority": priority,
            "Conditions": conditions(route),
            "Actions": [forward(&groups)],
        });
        let rule = Resource::new("AWS::ElasticLoadBalancingV2::ListenerRule", properties);
        template.resource(&id, rule);
        rules.push(reference(&id));
    }
    for (name, rules) in made {
        let description = format!("The rules of {name}");
        template.output(ids::of_service(name, "Rules"), &description, joined(&rules));
    }
}

fn conditions(route: &Route) -> Vec<Value> {
    let hosts: Vec<&str> = route.hosts().collect();
    let hosts = (!hosts.is_empty())
        .then(|| json!({ "Field": "host-header", "HostHeaderConfig": { "Values": hosts } }));
    let paths = json!({ "Field": "path-pattern", "PathPatternConfig": { "Values": route.path } });
    hosts.into_iter().chain([paths]).collect()
}

/// All requests go to the first group. Where there are two, ECS moves the weights from deployment
/// to deployment: [`weigh`](super::weigh) puts those into the template of a stack that is there.
fn forward(groups: &[String]) -> Value {
    match groups {
        [group] => json!({ "Type": "forward", "TargetGroupArn": reference(group) }),
        groups => {
            let weighted = |(at, id): (usize, &String)| json!({ "TargetGroupArn": reference(id), "Weight": i32::from(at == 0) });
            let groups: Vec<Value> = groups.iter().enumerate().map(weighted).collect();
            json!({ "Type": "forward", "ForwardConfig": { "TargetGroups": groups } })
        }
    }
}
