//! `SetAlarmState`: the one way in which a metric alarm's state changes here.

use super::{composite, fault, history};
use crate::Cx;
use api::Fault;
use api::cloudwatch::SetAlarmStateInput;
use api::value::Nothing;
use model::Ids;
use world::{AlarmState, Draft};

/// Sets it. AWS returns an alarm to what its metric says with the next evaluation; there is none here.
pub(super) fn set(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: SetAlarmStateInput,
) -> Result<Nothing, Fault> {
    let data = input.state_reason_data;
    if data.as_ref().is_some_and(|data| serde_json::from_str::<serde_json::Value>(data).is_err()) {
        return Err(fault::no_json());
    }
    let alarm = draft.alarms.get(input.alarm_name.as_str()).cloned();
    let mut alarm = alarm.ok_or_else(fault::missing)?;
    let state = AlarmState::ALL.into_iter().find(|state| state.as_str() == input.state_value);
    let state = state.ok_or_else(Fault::internal)?;
    let before = alarm.clone();
    alarm.state = state;
    alarm.reason = input.state_reason;
    alarm.reason_data = data;
    alarm.said_at = cx.now;
    if before.state != state {
        alarm.since = cx.now;
        let entry = history::moved(&before, &alarm, cx.now);
        alarm.note(entry);
    }
    draft.put(alarm);
    composite::settle(draft, cx.now, Some(&input.alarm_name));
    Ok(Nothing)
}
