//! `DeleteAlarms`.

use super::fault;
use crate::Cx;
use api::Fault;
use api::cloudwatch::DeleteAlarmsInput;
use api::value::Nothing;
use model::Ids;
use world::{Draft, RowKey};

/// Deletes alarms. Names that no alarm has are passed over, unless all are such.
pub(super) fn alarms(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteAlarmsInput,
) -> Result<Nothing, Fault> {
    let known = |name: &&String| draft.alarms.contains(name.as_str());
    let names: Vec<String> = input.alarm_names.iter().filter(known).cloned().collect();
    if names.is_empty() && !input.alarm_names.is_empty() {
        return Err(fault::missing());
    }
    for name in names {
        draft.remove(RowKey::Alarm(name.as_str().into()));
    }
    Ok(Nothing)
}
