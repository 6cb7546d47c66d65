//! `scale` of a service on AWS: the bounds of its count, what moves it, and what moves the bounds
//! (reference §5).
//!
//! Policies and scheduled actions that are not ours stay, but for one that tracks a metric which the
//! manifest names: AWS has one policy a metric, so that one gets the manifest's target.

mod target;

use crate::observed::{Observed, Scaling};
use crate::planner::Plan;
use crate::step::Step;
use crate::wish::Wish;
use api::autoscaling::*;
use manifest::{Scale, Service};
use target::Place;

/// What our policies and scheduled actions are called.
const OURS: &str = "neargate-";

/// Sets up what differs, and takes away what of ours the manifest no longer has.
pub(crate) fn plan(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    for (name, service) in wish.services() {
        // A target is registered for a service that is there.
        if !observed.services.contains_key(name) {
            if service.scale.is_some() {
                plan.hold(format!("scaling of service {name}"), "the service");
            }
            continue;
        }
        let place = Place { cluster: wish.cluster(), service: name.clone() };
        let held = observed.scaling.get(name).cloned().unwrap_or_default();
        match &service.scale {
            Some(scale) => {
                let label = label(wish, observed, name, service);
                plan.steps.extend(target::register(&place, scale, &held));
                plan.steps.extend(policies(&place, scale, label.as_deref(), &held));
                plan.steps.extend(schedules(&place, scale, &held));
            }
            None => plan.steps.extend(none(&place, &held)),
        }
    }
}

/// Ends the scaling of a service that goes.
pub(crate) fn end(cluster: &str, service: &str) -> Step {
    let place = Place { cluster: cluster.to_owned(), service: service.to_owned() };
    Step { why: Vec::new(), ..target::deregister(&place) }
}

/// What a policy keeps near a number.
struct Tracked {
    name: &'static str,
    metric: &'static str,
    goal: Option<u32>,
}

fn tracked(scale: &Scale) -> [Tracked; 3] {
    [
        Tracked {
            name: "cpu",
            metric: "ECSServiceAverageCPUUtilization",
            goal: scale.cpu_target(),
        },
        Tracked {
            name: "memory",
            metric: "ECSServiceAverageMemoryUtilization",
            goal: scale.memory,
        },
        Tracked { name: "requests", metric: REQUESTS, goal: scale.requests },
    ]
}

const REQUESTS: &str = "ALBRequestCountPerTarget";

fn policies(place: &Place, scale: &Scale, label: Option<&str>, held: &Scaling) -> Vec<Step> {
    let mut steps = Vec::new();
    for Tracked { name, metric, goal } in tracked(scale) {
        let there = held.policies.iter().find(|policy| metric_of(policy) == Some(metric));
        let Some(goal) = goal else {
            let ours = there.filter(|policy| policy.policy_name.starts_with(OURS));
            steps.extend(ours.map(|policy| forget(place, &policy.policy_name)));
            continue;
        };
        let configuration = tracking(metric, goal, scale, label);
        let why = there.map(|policy| changes(policy, &configuration)).unwrap_or_default();
        if there.is_some() && why.is_empty() {
            continue;
        }
        let ours = || format!("{OURS}{name}");
        let request = PutScalingPolicyRequest {
            policy_name: there.map_or_else(ours, |policy| policy.policy_name.clone()),
            service_namespace: target::NAMESPACE.to_owned(),
            resource_id: place.id(),
            scalable_dimension: target::DIMENSION.to_owned(),
            policy_type: Some("TargetTrackingScaling".to_owned()),
            target_tracking_scaling_policy_configuration: Some(configuration),
            ..Default::default()
        };
        let what = format!("scale service {} by {name}", place.service);
        steps.push(Step::call::<PutScalingPolicy>(what, request).because(why));
    }
    steps
}

fn tracking(
    metric: &str,
    goal: u32,
    scale: &Scale,
    label: Option<&str>,
) -> TargetTrackingScalingPolicyConfiguration {
    let seconds = |span: model::Span| i32::try_from(span.as_millis() / 1000).ok();
    TargetTrackingScalingPolicyConfiguration {
        target_value: f64::from(goal),
        predefined_metric_specification: Some(PredefinedMetricSpecification {
            predefined_metric_type: metric.to_owned(),
            resource_label: label.filter(|_| metric == REQUESTS).map(str::to_owned),
        }),
        scale_out_cooldown: seconds(scale.cooldowns.scale_out),
        scale_in_cooldown: seconds(scale.cooldowns.scale_in),
        ..Default::default()
    }
}

fn metric_of(policy: &ScalingPolicy) -> Option<&str> {
    let tracking = policy.target_tracking_scaling_policy_configuration.as_ref()?;
    let metric = tracking.predefined_metric_specification.as_ref()?;
    Some(&metric.predefined_metric_type)
}

/// What changes of a policy, in words.
fn changes(
    policy: &ScalingPolicy,
    desired: &TargetTrackingScalingPolicyConfiguration,
) -> Vec<String> {
    let held = policy.target_tracking_scaling_policy_configuration.clone().unwrap_or_default();
    let seconds = |given: Option<i32>| given.map(|given| format!("{given}s"));
    let label = |of: &TargetTrackingScalingPolicyConfiguration| {
        of.predefined_metric_specification.clone().and_then(|metric| metric.resource_label)
    };
    let text = |given: Option<String>| given.unwrap_or_default();
    crate::compare::differences([
        ("target", desired.target_value.to_string(), Some(held.target_value.to_string())),
        ("out", text(seconds(desired.scale_out_cooldown)), seconds(held.scale_out_cooldown)),
        ("in", text(seconds(desired.scale_in_cooldown)), seconds(held.scale_in_cooldown)),
        ("target group", text(label(desired)), Some(text(label(&held)))),
    ])
}

/// The load balancer and the target group by which requests are counted.
fn label(wish: &Wish, observed: &Observed, name: &str, service: &Service) -> Option<String> {
    if service.routes().is_empty() {
        return None;
    }
    let group = &observed.groups.get(&wish.names().group(name))?.group;
    let balancer = group.load_balancer_arns.as_ref()?.first()?;
    let (_, balancer) = balancer.split_once(":loadbalancer/")?;
    let (_, group) = group.target_group_arn.as_deref()?.split_once(":targetgroup/")?;
    Some(format!("{balancer}/targetgroup/{group}"))
}

fn schedules(place: &Place, scale: &Scale, held: &Scaling) -> Vec<Step> {
    let mut steps = Vec::new();
    let count = |count: Option<u32>| count.and_then(|count| i32::try_from(count).ok());
    for (at, schedule) in scale.schedule.iter().enumerate() {
        let name = format!("{OURS}{at}");
        let desired = PutScheduledActionRequest {
            service_namespace: target::NAMESPACE.to_owned(),
            schedule: Some(schedule.when.clone()),
            timezone: Some(schedule.timezone.clone()),
            scheduled_action_name: name.clone(),
            resource_id: place.id(),
            scalable_dimension: target::DIMENSION.to_owned(),
            scalable_target_action: Some(ScalableTargetAction {
                min_capacity: count(schedule.min),
                max_capacity: count(schedule.max),
            }),
            ..Default::default()
        };
        let there = held.actions.iter().find(|action| action.scheduled_action_name == name);
        let same = |held: &ScheduledAction| {
            Some(&held.schedule) == desired.schedule.as_ref()
                && held.timezone.as_deref().unwrap_or("UTC") == schedule.timezone
                && held.scalable_target_action == desired.scalable_target_action
        };
        if !there.is_some_and(same) {
            let what = format!("scale service {} at {}", place.service, schedule.when);
            steps.push(Step::call::<PutScheduledAction>(what, desired));
        }
    }
    let wanted = |name: &str| (0..scale.schedule.len()).any(|at| name == format!("{OURS}{at}"));
    let gone = held.actions.iter().map(|action| action.scheduled_action_name.as_str());
    let gone = gone.filter(|name| name.starts_with(OURS) && !wanted(name));
    steps.extend(gone.map(|name| forget_schedule(place, name)));
    steps
}

/// Takes away what is ours; the target, too, when nothing else needs it.
fn none(place: &Place, held: &Scaling) -> Vec<Step> {
    let ours = |name: &str| name.starts_with(OURS);
    let policies = held.policies.iter().map(|policy| policy.policy_name.as_str());
    let actions = held.actions.iter().map(|action| action.scheduled_action_name.as_str());
    let any = policies.clone().chain(actions.clone()).any(ours);
    let all = policies.clone().chain(actions.clone()).all(ours);
    if any && all {
        return vec![target::deregister(place)];
    }
    let policies = policies.filter(|name| ours(name)).map(|name| forget(place, name));
    let actions = actions.filter(|name| ours(name)).map(|name| forget_schedule(place, name));
    policies.chain(actions).collect()
}

fn forget(place: &Place, name: &str) -> Step {
    let request = DeleteScalingPolicyRequest {
        policy_name: name.to_owned(),
        service_namespace: target::NAMESPACE.to_owned(),
        resource_id: place.id(),
        scalable_dimension: target::DIMENSION.to_owned(),
    };
    let what = format!("remove scaling policy {name} of service {}", place.service);
    Step::call::<DeleteScalingPolicy>(what, request).because(target::why())
}

fn forget_schedule(place: &Place, name: &str) -> Step {
    let request = DeleteScheduledActionRequest {
        service_namespace: target::NAMESPACE.to_owned(),
        scheduled_action_name: name.to_owned(),
        resource_id: place.id(),
        scalable_dimension: target::DIMENSION.to_owned(),
    };
    let what = format!("remove scheduled action {name} of service {}", place.service);
    Step::call::<DeleteScheduledAction>(what, request).because(target::why())
}

#[cfg(test)]
mod tests;
