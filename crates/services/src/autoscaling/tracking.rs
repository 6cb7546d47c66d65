//! Target tracking: what AWS takes of it (reference §5.2).

use super::fault;
use api::Fault;
use api::autoscaling::{PutScalingPolicyRequest, TargetTrackingScalingPolicyConfiguration};
use world::ScalingPolicy as Row;

/// Requests for each target of a target group.
pub(super) const REQUESTS: &str = "ALBRequestCountPerTarget";

/// The average of the tasks' CPU.
pub(super) const CPU: &str = "ECSServiceAverageCPUUtilization";

/// The average of the tasks' memory.
pub(super) const MEMORY: &str = "ECSServiceAverageMemoryUtilization";

/// Holds a policy against the rules, and against the service's other policies.
pub(super) fn check(input: &PutScalingPolicyRequest, others: &[&Row]) -> Result<(), Fault> {
    let Some(tracking) = &input.target_tracking_scaling_policy_configuration else {
        // Text unverified.
        return Err(fault::invalid(
            "TargetTrackingScalingPolicyConfiguration is required for TargetTrackingScaling",
        ));
    };
    match (&tracking.predefined_metric_specification, &tracking.customized_metric_specification) {
        (Some(metric), None) => {
            check_predefined(&metric.predefined_metric_type, metric.resource_label.as_deref())?;
        }
        (None, Some(metric)) if metric.metrics.is_some() => {
            return Err(fault::not_implemented("metric math in a policy"));
        }
        (None, Some(metric)) => {
            if metric.metric_name.is_none()
                || metric.namespace.is_none()
                || metric.statistic.is_none()
            {
                // Text unverified.
                let message = "MetricName, Namespace and Statistic are required";
                return Err(fault::invalid(message));
            }
        }
        // Text unverified.
        _ => return Err(fault::invalid("exactly one metric specification must be given")),
    }
    let same = |other: &&Row| {
        let other = other.settings.target_tracking_scaling_policy_configuration.as_ref();
        other.is_some_and(|other| same_metric(other, tracking))
    };
    if others.iter().any(same) { Err(fault::same_metric()) } else { Ok(()) }
}

fn check_predefined(metric: &str, label: Option<&str>) -> Result<(), Fault> {
    match (metric, label) {
        (CPU | MEMORY, None) => Ok(()),
        // Texts unverified.
        (CPU | MEMORY, Some(_)) => Err(fault::invalid(format!("{metric} takes no ResourceLabel"))),
        (REQUESTS, Some(label)) if groups(label).is_some() => Ok(()),
        (REQUESTS, _) => Err(fault::invalid(
            "ResourceLabel must be app/<load balancer>/<id>/targetgroup/<target group>/<id>",
        )),
        (metric, _) if metric.ends_with("HighResolution") => {
            Err(fault::not_implemented(format!("the metric {metric}")))
        }
        (metric, _) => Err(fault::invalid(format!("{metric} is no metric of an ECS service"))),
    }
}

/// The load balancer and the target group of a label, as CloudWatch's dimensions have them.
pub(super) fn groups(label: &str) -> Option<(&str, &str)> {
    let at = label.find("/targetgroup/")?;
    let (balancer, group) = (&label[..at], &label[at + 1..]);
    let fits = balancer.starts_with("app/")
        && balancer.matches('/').count() == 2
        && group.matches('/').count() == 2;
    fits.then_some((balancer, group))
}

fn same_metric(
    one: &TargetTrackingScalingPolicyConfiguration,
    other: &TargetTrackingScalingPolicyConfiguration,
) -> bool {
    one.predefined_metric_specification == other.predefined_metric_specification
        && one.customized_metric_specification == other.customized_metric_specification
}
