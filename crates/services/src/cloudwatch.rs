//! CloudWatch: alarms, what became of them, and dashboards.
//!
//! The region collects no metrics. A metric alarm is kept as it was given, begins in INSUFFICIENT_DATA,
//! and stays in its state until `SetAlarmState` says otherwise; nothing returns it to another one. A
//! composite alarm follows its rule. Actions are kept and never taken. What acts on alarms, ECS's deployments above all, does.

mod actions;
mod composite;
mod dashboard;
mod delete;
mod describe;
mod fault;
mod history;
mod put;
mod rule;
mod show;
mod state;
mod tags;
#[cfg(test)]
mod tests;

pub(crate) use put::alarm as put_alarm;

use crate::Table;
use api::cloudwatch::{
    DeleteAlarms, DeleteDashboards, DescribeAlarmHistory, DescribeAlarms, DescribeAlarmsForMetric,
    DisableAlarmActions, EnableAlarmActions, GetDashboard, ListDashboards, ListTagsForResource,
    PutCompositeAlarm, PutDashboard, PutMetricAlarm, SetAlarmState, TagResource, UntagResource,
};
use world::World;

/// Why nothing that says how an alarm is evaluated has an effect.
const NO_METRICS: &str = "kept and shown; the region collects no metrics, so an alarm's state \
                          changes by SetAlarmState alone";

/// What is left of the times of an evaluation.
const BAKE_ONLY: &str = "kept and shown; the region collects no metrics, but a rolling deployment \
                         without a bake time is watched for this long";

/// Why nothing happens when an alarm goes off, but for deployments.
const NO_ACTIONS: &str = "kept and shown; the region takes no alarm's actions";

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    ("PutMetricAlarm.MetricName", NO_METRICS),
    ("PutMetricAlarm.Namespace", NO_METRICS),
    ("PutMetricAlarm.Dimensions", NO_METRICS),
    ("PutMetricAlarm.Statistic", NO_METRICS),
    ("PutMetricAlarm.ExtendedStatistic", NO_METRICS),
    ("PutMetricAlarm.Period", BAKE_ONLY),
    ("PutMetricAlarm.Unit", NO_METRICS),
    ("PutMetricAlarm.EvaluationPeriods", BAKE_ONLY),
    ("PutMetricAlarm.DatapointsToAlarm", NO_METRICS),
    ("PutMetricAlarm.Threshold", NO_METRICS),
    ("PutMetricAlarm.ThresholdMetricId", NO_METRICS),
    ("PutMetricAlarm.ComparisonOperator", NO_METRICS),
    ("PutMetricAlarm.TreatMissingData", NO_METRICS),
    ("PutMetricAlarm.EvaluateLowSampleCountPercentile", NO_METRICS),
    ("PutMetricAlarm.Metrics", NO_METRICS),
    ("PutMetricAlarm.EvaluationCriteria", NO_METRICS),
    ("PutMetricAlarm.EvaluationInterval", NO_METRICS),
    ("PutMetricAlarm.EvaluationWindow", NO_METRICS),
    ("PutMetricAlarm.WarmUpConfiguration", NO_METRICS),
    ("PutMetricAlarm.ActionsEnabled", NO_ACTIONS),
    ("PutMetricAlarm.OKActions", NO_ACTIONS),
    ("PutMetricAlarm.AlarmActions", NO_ACTIONS),
    ("PutMetricAlarm.InsufficientDataActions", NO_ACTIONS),
    ("PutMetricAlarm.ActionConfiguration", NO_ACTIONS),
    ("PutCompositeAlarm.ActionsEnabled", NO_ACTIONS),
    ("PutCompositeAlarm.OKActions", NO_ACTIONS),
    ("PutCompositeAlarm.AlarmActions", NO_ACTIONS),
    ("PutCompositeAlarm.InsufficientDataActions", NO_ACTIONS),
    ("PutCompositeAlarm.ActionsSuppressor", NO_ACTIONS),
    ("PutCompositeAlarm.ActionsSuppressorWaitPeriod", NO_ACTIONS),
    ("PutCompositeAlarm.ActionsSuppressorExtensionPeriod", NO_ACTIONS),
    ("PutCompositeAlarm.ActionConfiguration", NO_ACTIONS),
    ("PutDashboard.DashboardBody", "kept and answered; nobody draws it"),
    ("PutDashboard.Tags", "kept; no operation here shows them"),
    ("EnableAlarmActions.AlarmNames", "shown; the region takes no alarm's actions"),
    ("DisableAlarmActions.AlarmNames", "shown; the region takes no alarm's actions"),
];

/// The operations of CloudWatch.
pub(crate) fn table() -> Table {
    Table::default()
        .write::<PutMetricAlarm>(put::alarm)
        .write::<PutCompositeAlarm>(composite::put)
        .read::<DescribeAlarms>(describe::alarms)
        .read::<DescribeAlarmsForMetric>(describe::for_metric)
        .read::<DescribeAlarmHistory>(history::describe)
        .write::<SetAlarmState>(state::set)
        .write::<DeleteAlarms>(delete::alarms)
        .write::<EnableAlarmActions>(actions::enable)
        .write::<DisableAlarmActions>(actions::disable)
        .write::<TagResource>(tags::add)
        .write::<UntagResource>(tags::remove)
        .read::<ListTagsForResource>(tags::list)
        .write::<PutDashboard>(dashboard::put)
        .read::<GetDashboard>(dashboard::get)
        .read::<ListDashboards>(dashboard::list)
        .write::<DeleteDashboards>(dashboard::delete)
}

/// An alarm's ARN.
pub(crate) fn arn(world: &World, name: &str) -> String {
    world.place.arn("cloudwatch", &format!("alarm:{name}"))
}
