//! Target groups: one for each service that requests can reach.

use crate::compare::differences;
use crate::observed::{Group, Observed};
use crate::pair;
use crate::planner::Plan;
use crate::step::Step;
use crate::tags;
use crate::wish::Wish;
use api::elbv2::{
    CreateTargetGroup, CreateTargetGroupInput, DeleteTargetGroup, DeleteTargetGroupInput, Matcher,
    ModifyTargetGroup, ModifyTargetGroupAttributes, ModifyTargetGroupAttributesInput,
    ModifyTargetGroupInput, TargetGroup, TargetGroupAttribute,
};
use manifest::Service;
use model::Span;
use std::collections::BTreeMap;

/// Makes the groups that are not there, and sets those that are.
pub(crate) fn plan(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    for (name, service) in wish.services().filter(|(_, service)| !service.routes().is_empty()) {
        for group in pair::groups(wish, observed, name, service) {
            match observed.groups.get(&group) {
                Some(held) => {
                    plan.steps.extend(check(&group, service, held));
                    plan.steps.extend(attributes(&group, service, held));
                }
                None => {
                    plan.steps.push(create(wish, observed, &group, (name, service)));
                    plan.hold(format!("attributes of target group {group}"), "the target group");
                }
            }
        }
    }
}

/// Removes the groups of services that the manifest no longer has, or that no request reaches any
/// more, once no rule leads to them.
pub(crate) fn leftovers(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    let wanted = |name: &String| {
        let mut reached = wish.services().filter(|(_, service)| !service.routes().is_empty());
        reached.any(|(held, service)| pair::groups(wish, observed, held, service).contains(name))
    };
    for (name, held) in observed.groups.iter().filter(|(name, _)| !wanted(name)) {
        plan.remove_group(name, held);
    }
}

impl Plan {
    /// Removes a group, once no load balancer leads to it.
    pub(crate) fn remove_group(&mut self, name: &str, held: &Group) {
        let balancers = held.group.load_balancer_arns.as_deref().unwrap_or_default();
        if !balancers.is_empty() {
            self.hold(format!("target group {name}"), "what leads to it to go");
            return;
        }
        let target_group_arn = held.group.target_group_arn.clone().unwrap_or_default();
        let request = DeleteTargetGroupInput { target_group_arn };
        let what = format!("remove target group {name}");
        self.steps.push(Step::call::<DeleteTargetGroup>(what, request));
    }
}

fn create(
    wish: &Wish,
    observed: &Observed,
    group: &str,
    (name, service): (&str, &Service),
) -> Step {
    let health = &service.health;
    let request = CreateTargetGroupInput {
        name: group.to_owned(),
        protocol: Some("HTTP".to_owned()),
        port: service.port.map(i32::from),
        vpc_id: observed.vpc.clone(),
        // Tasks have addresses of their own (awsvpc).
        target_type: Some("ip".to_owned()),
        health_check_path: Some(health.path.clone()),
        health_check_interval_seconds: Some(seconds(health.interval)),
        health_check_timeout_seconds: Some(seconds(health.timeout)),
        healthy_threshold_count: count(health.healthy),
        unhealthy_threshold_count: count(health.unhealthy),
        matcher: Some(Matcher { http_code: Some(health.codes.to_string()), grpc_code: None }),
        tags: tags::elbv2(tags::of_service(wish, name)),
        ..Default::default()
    };
    Step::call::<CreateTargetGroup>(format!("create target group {group}"), request)
}

/// Sets the health check where it differs.
fn check(name: &str, service: &Service, held: &Group) -> Option<Step> {
    let TargetGroup { matcher, .. } = &held.group;
    let health = &service.health;
    let codes = matcher.as_ref().and_then(|matcher| matcher.http_code.clone());
    let number = |value: Option<i32>| value.map(|value| value.to_string());
    let why = differences([
        ("path", health.path.clone(), held.group.health_check_path.clone()),
        ("codes", health.codes.to_string(), codes),
        (
            "interval",
            seconds(health.interval).to_string(),
            number(held.group.health_check_interval_seconds),
        ),
        (
            "timeout",
            seconds(health.timeout).to_string(),
            number(held.group.health_check_timeout_seconds),
        ),
        ("healthy", health.healthy.to_string(), number(held.group.healthy_threshold_count)),
        ("unhealthy", health.unhealthy.to_string(), number(held.group.unhealthy_threshold_count)),
    ]);
    let request = ModifyTargetGroupInput {
        target_group_arn: held.group.target_group_arn.clone()?,
        health_check_path: Some(health.path.clone()),
        health_check_interval_seconds: Some(seconds(health.interval)),
        health_check_timeout_seconds: Some(seconds(health.timeout)),
        healthy_threshold_count: count(health.healthy),
        unhealthy_threshold_count: count(health.unhealthy),
        matcher: Some(Matcher { http_code: Some(health.codes.to_string()), grpc_code: None }),
        ..Default::default()
    };
    let what = format!("change health check of target group {name}");
    (!why.is_empty()).then(|| Step::call::<ModifyTargetGroup>(what, request).because(why))
}

/// Sets the attributes that differ.
fn attributes(name: &str, service: &Service, held: &Group) -> Option<Step> {
    let desired = desired_attributes(service);
    let differs =
        |(key, value): &(&&'static str, &String)| held.attributes.get(**key) != Some(value);
    let changed: BTreeMap<&str, &String> =
        desired.iter().filter(differs).map(|(key, value)| (*key, value)).collect();
    if changed.is_empty() {
        return None;
    }
    let why = changed.iter().map(|(key, value)| {
        format!("{key}: {} → {value}", held.attributes.get(*key).map_or("unset", String::as_str))
    });
    let why: Vec<String> = why.collect();
    let attribute = |(key, value): (&str, &String)| TargetGroupAttribute {
        key: Some(key.to_owned()),
        value: Some(value.clone()),
    };
    let request = ModifyTargetGroupAttributesInput {
        target_group_arn: held.group.target_group_arn.clone()?,
        attributes: changed.into_iter().map(attribute).collect(),
    };
    let what = format!("change attributes of target group {name}");
    Some(Step::call::<ModifyTargetGroupAttributes>(what, request).because(why))
}

/// The attributes that are not left at AWS's defaults.
pub(crate) fn desired_attributes(service: &Service) -> BTreeMap<&'static str, String> {
    let mut desired = BTreeMap::from([(
        "deregistration_delay.timeout_seconds",
        seconds(service.drain).to_string(),
    )]);
    desired.insert("stickiness.enabled", service.stickiness.is_some().to_string());
    if let Some(lasting) = service.stickiness {
        desired.insert("stickiness.lb_cookie.duration_seconds", seconds(lasting).to_string());
    }
    desired
}

/// The manifest has seen to it that spans are whole seconds within AWS's bounds.
pub(crate) fn seconds(span: Span) -> i32 {
    i32::try_from(span.as_millis() / 1000).unwrap_or(i32::MAX)
}

fn count(number: u32) -> Option<i32> {
    i32::try_from(number).ok()
}
