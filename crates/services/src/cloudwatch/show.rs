//! An alarm as AWS shows it.

use super::arn;
use api::cloudwatch::{CompositeAlarm, MetricAlarm};
use world::{Alarm, World};

/// The alarm, with its state.
pub(super) fn metric(world: &World, alarm: &Alarm) -> MetricAlarm {
    MetricAlarm {
        alarm_name: Some(alarm.name.to_string()),
        alarm_arn: Some(arn(world, alarm.name.as_str())),
        alarm_configuration_updated_timestamp: Some(alarm.configured_at),
        state_value: Some(alarm.state.as_str().to_owned()),
        state_reason: Some(alarm.reason.clone()),
        state_reason_data: alarm.reason_data.clone(),
        state_updated_timestamp: Some(alarm.said_at),
        state_transitioned_timestamp: Some(alarm.since),
        ..alarm.settings.0.clone()
    }
}

/// A composite alarm, with its state; nothing for any other.
pub(super) fn composite(world: &World, alarm: &Alarm) -> Option<CompositeAlarm> {
    let made_of = alarm.composition.clone()?;
    let shared = metric(world, alarm);
    Some(CompositeAlarm {
        actions_enabled: shared.actions_enabled,
        alarm_actions: shared.alarm_actions,
        alarm_arn: shared.alarm_arn,
        alarm_configuration_updated_timestamp: shared.alarm_configuration_updated_timestamp,
        alarm_description: shared.alarm_description,
        alarm_name: shared.alarm_name,
        alarm_rule: Some(made_of.rule),
        insufficient_data_actions: shared.insufficient_data_actions,
        ok_actions: shared.ok_actions,
        state_reason: shared.state_reason,
        state_reason_data: shared.state_reason_data,
        state_updated_timestamp: shared.state_updated_timestamp,
        state_value: shared.state_value,
        state_transitioned_timestamp: shared.state_transitioned_timestamp,
        actions_suppressor: made_of.suppressor,
        actions_suppressor_wait_period: made_of.wait,
        actions_suppressor_extension_period: made_of.extension,
        action_configuration: shared.action_configuration,
        ..CompositeAlarm::default()
    })
}

/// AWS's word for what an alarm is.
pub(super) fn kind(alarm: &Alarm) -> &'static str {
    if alarm.composition.is_some() { "CompositeAlarm" } else { "MetricAlarm" }
}
