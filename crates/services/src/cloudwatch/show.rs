//! An alarm as AWS shows it.

use super::arn;
use api::cloudwatch::MetricAlarm;
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
