//! What a resource is now, by the names that its properties have in templates.
//!
//! Most of AWS's answers have the same names; those that have not are renamed here. A type that is not
//! here is not checked.

use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use api::Record;
use api::cloudwatch::DescribeAlarms;
use api::ecs::DescribeClusters;
use api::elbv2::*;
use api::logs::DescribeLogGroups;
use serde_json::{Map, Value as Json, json};
use world::Stored;

/// What a resource is; empty where it is not there, nothing for a type that is not checked.
pub(super) fn actual(
    hand: &mut Hand<'_>,
    kind: &str,
    physical: &str,
) -> Result<Option<Map<String, Json>>, Failure> {
    Ok(Some(match kind {
        "AWS::ElasticLoadBalancingV2::TargetGroup" => target_group(hand, physical)?,
        "AWS::ElasticLoadBalancingV2::LoadBalancer" => balancer(hand, physical)?,
        "AWS::ElasticLoadBalancingV2::Listener" => listener(hand, physical)?,
        "AWS::ElasticLoadBalancingV2::ListenerRule" => rule(hand, physical)?,
        "AWS::CloudWatch::Alarm" => alarm(hand, physical)?,
        "AWS::ECS::Cluster" => cluster(hand, physical)?,
        "AWS::Logs::LogGroup" => log_group(hand, physical)?,
        _ => return Ok(None),
    }))
}

fn target_group(hand: &mut Hand<'_>, arn: &str) -> Result<Map<String, Json>, Failure> {
    let input = members([("TargetGroupArns", json!([arn]))]);
    let found = first(hand.call::<DescribeTargetGroups>(input)?.target_groups);
    let input = members([("TargetGroupArn", json!(arn))]);
    let attributes = hand.call::<DescribeTargetGroupAttributes>(input)?.attributes;
    Ok(with(renamed(found, "TargetGroupName", "Name"), "TargetGroupAttributes", attributes))
}

fn balancer(hand: &mut Hand<'_>, arn: &str) -> Result<Map<String, Json>, Failure> {
    let input = members([("LoadBalancerArns", json!([arn]))]);
    let found = first(hand.call::<DescribeLoadBalancers>(input)?.load_balancers);
    let input = members([("LoadBalancerArn", json!(arn))]);
    let attributes = hand.call::<DescribeLoadBalancerAttributes>(input)?.attributes;
    Ok(with(renamed(found, "LoadBalancerName", "Name"), "LoadBalancerAttributes", attributes))
}

fn listener(hand: &mut Hand<'_>, arn: &str) -> Result<Map<String, Json>, Failure> {
    let found = hand.call::<DescribeListeners>(members([("ListenerArns", json!([arn]))]))?;
    Ok(first(found.listeners))
}

fn rule(hand: &mut Hand<'_>, arn: &str) -> Result<Map<String, Json>, Failure> {
    let found = hand.call::<DescribeRules>(members([("RuleArns", json!([arn]))]))?;
    Ok(first(found.rules))
}

fn alarm(hand: &mut Hand<'_>, name: &str) -> Result<Map<String, Json>, Failure> {
    let found = hand.call::<DescribeAlarms>(members([("AlarmNames", json!([name]))]))?;
    Ok(first(found.metric_alarms))
}

fn cluster(hand: &mut Hand<'_>, name: &str) -> Result<Map<String, Json>, Failure> {
    let asked = [("clusters", json!([name])), ("include", json!(["SETTINGS"]))];
    let found = hand.call::<DescribeClusters>(members(asked))?.clusters;
    let active = found.into_iter().flatten().filter(|it| it.status.as_deref() == Some("ACTIVE"));
    let mut found = renamed(first(Some(active.collect())), "clusterName", "ClusterName");
    if let Some(Json::Array(settings)) = found.remove("settings") {
        let pair = |it: &Json| json!({ "Name": it["name"], "Value": it["value"] });
        found.insert("ClusterSettings".to_owned(), settings.iter().map(pair).collect());
    }
    Ok(found)
}

fn log_group(hand: &mut Hand<'_>, name: &str) -> Result<Map<String, Json>, Failure> {
    let found = hand.call::<DescribeLogGroups>(members([("logGroupNamePrefix", json!(name))]))?;
    let mut own = found.log_groups.into_iter().flatten();
    let own = own.find(|it| it.log_group_name.as_deref() == Some(name));
    let found = renamed(first(own.map(|it| vec![it])), "logGroupName", "LogGroupName");
    Ok(renamed(found, "retentionInDays", "RetentionInDays"))
}

/// The first of what was answered, by its members' names.
fn first<R: Record + Clone>(found: Option<Vec<R>>) -> Map<String, Json> {
    let found = found.into_iter().flatten().next();
    let value = found.and_then(|it| serde_json::to_value(Stored(it)).ok());
    value.and_then(|it| it.as_object().cloned()).unwrap_or_default()
}

fn renamed(mut found: Map<String, Json>, from: &str, to: &str) -> Map<String, Json> {
    if let Some(value) = found.remove(from) {
        found.insert(to.to_owned(), value);
    }
    found
}

/// The same with a list of records.
fn with<R: Record + Clone>(
    mut found: Map<String, Json>,
    name: &str,
    list: Option<Vec<R>>,
) -> Map<String, Json> {
    let all = list.into_iter().flatten().filter_map(|it| serde_json::to_value(Stored(it)).ok());
    found.insert(name.to_owned(), all.collect());
    found
}
