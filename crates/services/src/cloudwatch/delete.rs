//! `DeleteAlarms`.

use super::{composite, fault};
use crate::Cx;
use api::Fault;
use api::cloudwatch::DeleteAlarmsInput;
use api::value::Nothing;
use model::Ids;
use world::{Draft, RowKey};

/// Deletes alarms, at most one composite one among them. Names that no alarm has are passed over,
/// unless all are such.
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
    check(draft, &names)?;
    for name in names {
        draft.remove(RowKey::Alarm(name.as_str().into()));
    }
    Ok(Nothing)
}

fn check(draft: &Draft, names: &[String]) -> Result<(), Fault> {
    let alarms = names.iter().filter_map(|name| draft.alarms.get(name.as_str()));
    if alarms.filter(|alarm| alarm.composition.is_some()).count() > 1 {
        return Err(fault::invalid("At most one composite alarm can be deleted at a time."));
    }
    let asked = |name: &&String| {
        let parents = composite::parents(draft, name);
        parents.iter().any(|parent| !names.iter().any(|gone| gone == parent.name.as_str()))
    };
    let asked: Vec<&str> = names.iter().filter(asked).map(String::as_str).collect();
    // Observed, for one name and for several.
    match asked.as_slice() {
        [] => Ok(()),
        [one] => Err(fault::invalid(format!(
            "Cannot delete {one} as there are composite alarm(s) depending on it."
        ))),
        several => Err(fault::invalid(format!(
            "Cannot delete {} as there are composite alarm(s) depending on them.",
            several.join(",")
        ))),
    }
}
