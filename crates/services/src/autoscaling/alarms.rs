//! The alarms that Application Auto Scaling makes for target tracking (reference §5.2).

use super::tracking::{CPU, REQUESTS, groups};
use super::{fault, id, policy};
use crate::{Cx, cloudwatch};
use api::Fault;
use api::autoscaling::{Alarm, TargetTrackingScalingPolicyConfiguration as Tracking};
use api::cloudwatch::{Dimension, PutMetricAlarmInput};
use model::{AlarmName, Ids};
use world::{Draft, RowKey, ScalingPolicy as Row, World};

/// How long a period of an alarm is, in seconds.
const PERIOD: i32 = 60;

/// A side of the target: what it is called in an alarm's name, its periods, and which part of the
/// target it begins at.
struct Side {
    name: &'static str,
    comparison: &'static str,
    periods: i32,
    share: f64,
}

const HIGH: Side =
    Side { name: "AlarmHigh", comparison: "GreaterThanThreshold", periods: 3, share: 1.0 };

const LOW: Side =
    Side { name: "AlarmLow", comparison: "LessThanThreshold", periods: 15, share: 0.9 };

/// Makes the alarms of a policy, and answers their names.
pub(super) fn make(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    row: &Row,
) -> Result<Vec<AlarmName>, Fault> {
    let Some(tracking) = &row.settings.target_tracking_scaling_policy_configuration else {
        return Ok(Vec::new());
    };
    let sides: &[Side] =
        if tracking.disable_scale_in == Some(true) { &[HIGH] } else { &[HIGH, LOW] };
    let policy = policy::arn(draft, row);
    let mut names = Vec::new();
    for side in sides {
        let service = id(&row.key.service);
        let name = format!("TargetTracking-{service}-{}-{}", side.name, ids.uuid());
        let alarm = PutMetricAlarmInput {
            alarm_name: name.clone(),
            alarm_description: Some(format!(
                "DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy}."
            )),
            alarm_actions: Some(vec![policy.clone()]),
            comparison_operator: Some(side.comparison.to_owned()),
            evaluation_periods: Some(side.periods),
            period: Some(PERIOD),
            threshold: Some(tracking.target_value * side.share),
            ..metric(row, tracking)
        };
        cloudwatch::put_alarm(draft, cx, ids, alarm).map_err(|why| fault::no_access(&why))?;
        names.push(name.as_str().into());
    }
    Ok(names)
}

/// Removes the alarms of a policy.
pub(super) fn forget(draft: &mut Draft, row: &Row) {
    for name in &row.alarms {
        draft.remove(RowKey::Alarm(name.clone()));
    }
}

/// The alarms of a policy, as it shows them.
pub(super) fn show(world: &World, row: &Row) -> Vec<Alarm> {
    let show = |name: &AlarmName| Alarm {
        alarm_name: name.to_string(),
        alarm_arn: cloudwatch::arn(world, name.as_str()),
    };
    row.alarms.iter().map(show).collect()
}

/// The metric of a policy.
fn metric(row: &Row, tracking: &Tracking) -> PutMetricAlarmInput {
    let dimension =
        |(name, value): (&str, &str)| Dimension { name: name.to_owned(), value: value.to_owned() };
    let named = |namespace: &str, metric: &str, statistic: &str| PutMetricAlarmInput {
        namespace: Some(namespace.to_owned()),
        metric_name: Some(metric.to_owned()),
        statistic: Some(statistic.to_owned()),
        ..Default::default()
    };
    if let Some(own) = &tracking.customized_metric_specification {
        let dimensions = own.dimensions.iter().flatten();
        let dimensions = dimensions.map(|held| dimension((&held.name, &held.value)));
        return PutMetricAlarmInput {
            namespace: own.namespace.clone(),
            metric_name: own.metric_name.clone(),
            statistic: own.statistic.clone(),
            unit: own.unit.clone(),
            dimensions: Some(dimensions.collect()),
            ..Default::default()
        };
    }
    let metric = tracking.predefined_metric_specification.clone().unwrap_or_default();
    let label = metric.resource_label.unwrap_or_default();
    if metric.predefined_metric_type == REQUESTS {
        let (balancer, group) = groups(&label).unwrap_or_default();
        let dimensions = [("TargetGroup", group), ("LoadBalancer", balancer)];
        return PutMetricAlarmInput {
            dimensions: Some(dimensions.map(dimension).to_vec()),
            ..named("AWS/ApplicationELB", "RequestCountPerTarget", "Sum")
        };
    }
    let used = if metric.predefined_metric_type == CPU { "CPU" } else { "Memory" };
    let service = &row.key.service;
    let dimensions =
        [("ClusterName", service.cluster.as_str()), ("ServiceName", service.name.as_str())];
    PutMetricAlarmInput {
        dimensions: Some(dimensions.map(dimension).to_vec()),
        unit: Some("Percent".to_owned()),
        ..named("AWS/ECS", &format!("{used}Utilization"), "Average")
    }
}
