//! `EnableAlarmActions` and `DisableAlarmActions`. Neither declares an error for a name that no alarm
//! has.

use crate::Cx;
use api::Fault;
use api::cloudwatch::{DisableAlarmActionsInput, EnableAlarmActionsInput};
use api::value::Nothing;
use model::Ids;
use world::Draft;

/// Alarms take their actions again.
pub(super) fn enable(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: EnableAlarmActionsInput,
) -> Result<Nothing, Fault> {
    switch(draft, cx, &input.alarm_names, Some(true))
}

/// Alarms take no actions.
pub(super) fn disable(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: DisableAlarmActionsInput,
) -> Result<Nothing, Fault> {
    switch(draft, cx, &input.alarm_names, Some(false))
}

fn switch(
    draft: &mut Draft,
    cx: &Cx<'_>,
    names: &[String],
    enabled: Option<bool>,
) -> Result<Nothing, Fault> {
    for name in names {
        let Some(mut alarm) = draft.alarms.get(name.as_str()).cloned() else { continue };
        if alarm.settings.0.actions_enabled != enabled {
            alarm.settings.0.actions_enabled = enabled;
            alarm.configured_at = cx.now;
            draft.put(alarm);
        }
    }
    Ok(Nothing)
}
