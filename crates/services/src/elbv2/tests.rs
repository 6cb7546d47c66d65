use super::table;
use crate::testing::{Region, assert_complete};
use api::Service;
use api::elbv2::*;

mod actions;
mod attributes;
mod balancers;
mod conditions;
mod groups;
mod listeners;
mod rules;
mod secure;
mod tags;
mod targets;

const VPC: &str = "vpc-00000000000000001";

#[test]
fn every_operation_has_a_handler() {
    assert_complete(Service::Elbv2, &table());
}

fn region() -> Region {
    Region::of(table())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// The ids of the subnets in the zones with these numbers.
fn subnets(zones: &[u8]) -> Option<Vec<String>> {
    Some(zones.iter().map(|zone| format!("subnet-0000000000000000{zone}")).collect())
}

fn new_balancer(name: &str) -> CreateLoadBalancerInput {
    CreateLoadBalancerInput {
        name: name.to_owned(),
        subnets: subnets(&[1, 2]),
        ..Default::default()
    }
}

fn new_group(name: &str) -> CreateTargetGroupInput {
    CreateTargetGroupInput {
        name: name.to_owned(),
        protocol: Some("HTTP".to_owned()),
        port: Some(80),
        vpc_id: Some(VPC.to_owned()),
        target_type: Some("ip".to_owned()),
        ..Default::default()
    }
}

fn new_listener(balancer: &str, port: i32, action: Action) -> CreateListenerInput {
    CreateListenerInput {
        load_balancer_arn: balancer.to_owned(),
        protocol: Some("HTTP".to_owned()),
        port: Some(port),
        default_actions: vec![action],
        ..Default::default()
    }
}

fn new_rule(listener: &str, priority: i32, action: Action) -> CreateRuleInput {
    CreateRuleInput {
        listener_arn: listener.to_owned(),
        priority,
        conditions: vec![on_path("/api/*")],
        actions: vec![action],
        ..Default::default()
    }
}

fn on_path(pattern: &str) -> RuleCondition {
    RuleCondition {
        field: Some("path-pattern".to_owned()),
        values: Some(texts(&[pattern])),
        ..Default::default()
    }
}

fn forward(group: &str) -> Action {
    Action {
        r#type: "forward".to_owned(),
        target_group_arn: Some(group.to_owned()),
        ..Default::default()
    }
}

fn fixed(status: &str) -> Action {
    let config = FixedResponseActionConfig { status_code: status.to_owned(), ..Default::default() };
    Action {
        r#type: "fixed-response".to_owned(),
        fixed_response_config: Some(config),
        ..Default::default()
    }
}

// === What answers have one of ===

fn only<T>(list: Option<Vec<T>>) -> T {
    let mut list = list.expect("the answer has a list");
    assert_eq!(list.len(), 1);
    list.remove(0)
}

fn balancer(region: &mut Region, name: &str) -> String {
    let made = region.ok::<CreateLoadBalancer>(new_balancer(name));
    only(made.load_balancers).load_balancer_arn.unwrap()
}

fn group(region: &mut Region, name: &str) -> String {
    let made = region.ok::<CreateTargetGroup>(new_group(name));
    only(made.target_groups).target_group_arn.unwrap()
}

/// A listener that answers 404 on port 80.
fn listener(region: &mut Region, balancer: &str) -> String {
    let made = region.ok::<CreateListener>(new_listener(balancer, 80, fixed("404")));
    only(made.listeners).listener_arn.unwrap()
}

/// A rule that answers 200.
fn rule(region: &mut Region, listener: &str, priority: i32) -> String {
    let made = region.ok::<CreateRule>(new_rule(listener, priority, fixed("200")));
    only(made.rules).rule_arn.unwrap()
}
