//! What became of alarms: entries, and `DescribeAlarmHistory`.

use super::{fault, show};
use crate::Cx;
use crate::page::{Ask, limit, page};
use api::Fault;
use api::cloudwatch::{AlarmHistoryItem, DescribeAlarmHistoryInput, DescribeAlarmHistoryOutput};
use model::Timestamp;
use serde_json::{Value, json};
use world::{Alarm, AlarmEntry, World};

/// How many entries a page has, when nothing is said and at most.
const PAGE: usize = 100;

/// The order of a listing.
#[derive(Clone, Copy)]
enum Order {
    NewestFirst,
    OldestFirst,
}

/// An alarm was made.
pub(super) fn made(alarm: &Alarm, now: Timestamp) -> AlarmEntry {
    configured(alarm, ("Create", "created"), now)
}

/// An alarm was given other settings.
pub(super) fn changed(alarm: &Alarm, now: Timestamp) -> AlarmEntry {
    configured(alarm, ("Update", "updated"), now)
}

/// The data is shorter than AWS's, which repeats all of the settings.
fn configured(alarm: &Alarm, (kind, done): (&str, &str), now: Timestamp) -> AlarmEntry {
    AlarmEntry {
        at: now,
        kind: "ConfigurationUpdate".to_owned(),
        summary: format!("Alarm \"{}\" {done}", alarm.name),
        data: json!({ "version": "1.0", "type": kind }).to_string(),
    }
}

/// An alarm's state has changed. Form and words were observed.
pub(super) fn moved(before: &Alarm, after: &Alarm, now: Timestamp) -> AlarmEntry {
    let (old, new) = (before.state.as_str(), after.state.as_str());
    let data = json!({ "version": "1.0", "oldState": state(before), "newState": state(after) });
    AlarmEntry {
        at: now,
        kind: "StateUpdate".to_owned(),
        summary: format!("Alarm updated from {old} to {new}"),
        data: data.to_string(),
    }
}

fn state(alarm: &Alarm) -> Value {
    let mut state = json!({
        "stateValue": alarm.state.as_str(),
        "stateReason": alarm.reason,
    });
    let data = alarm.reason_data.as_ref().and_then(|data| serde_json::from_str(data).ok());
    if let Some(data) = data {
        state["stateReasonData"] = data;
    }
    state
}

/// The entries that are asked for, newest first unless asked otherwise. Those of an alarm go with it.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeAlarmHistoryInput,
) -> Result<DescribeAlarmHistoryOutput, Fault> {
    let types = input.alarm_types.as_deref().unwrap_or_default();
    let of_kind = |alarm: &Alarm| match types {
        [] => alarm.composition.is_none() || input.alarm_name.is_some(),
        _ => types.iter().any(|asked| asked == show::kind(alarm)),
    };
    // Contributors are of alarms on queries, which are not evaluated.
    let of_contributor = input.alarm_contributor_id.is_some();
    let asked = |alarm: &&Alarm| {
        let name = input.alarm_name.as_deref();
        of_kind(alarm) && !of_contributor && name.is_none_or(|name| name == alarm.name.as_str())
    };
    let order = match input.scan_by.as_deref() {
        Some("TimestampAscending") => Order::OldestFirst,
        _ => Order::NewestFirst,
    };
    let mut rows: Vec<(String, &Alarm, &AlarmEntry)> = Vec::new();
    for alarm in world.alarms.iter().filter(asked) {
        let entries = alarm.history.iter().enumerate();
        let wanted = entries.filter(|(_, entry)| is_wanted(entry, &input));
        rows.extend(wanted.map(|(at, entry)| (place(alarm, entry, at, order), alarm, entry)));
    }
    rows.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    let ask = Ask {
        listing: "DescribeAlarmHistory",
        token: input.next_token.as_deref(),
        limit: limit(input.max_records, PAGE, PAGE),
    };
    let page = page(rows, &ask, |(place, ..)| place.clone()).map_err(fault::bad_token)?;
    Ok(DescribeAlarmHistoryOutput {
        alarm_history_items: Some(
            page.rows.into_iter().map(|(_, alarm, entry)| show(alarm, entry)).collect(),
        ),
        next_token: page.next,
    })
}

/// Where an entry stands in the listing: by its time, and within a moment in the order in which things
/// happened.
fn place(alarm: &Alarm, entry: &AlarmEntry, at: usize, order: Order) -> String {
    let (millis, at) = (entry.at.millis(), i64::try_from(at).unwrap_or(i64::MAX));
    let (millis, at) = match order {
        Order::NewestFirst => (i64::MAX - millis, i64::MAX - at),
        Order::OldestFirst => (millis, at),
    };
    format!("{millis:020} {at:020} {}", alarm.name)
}

fn is_wanted(entry: &AlarmEntry, input: &DescribeAlarmHistoryInput) -> bool {
    input.history_item_type.as_ref().is_none_or(|kind| *kind == entry.kind)
        && input.start_date.is_none_or(|start| entry.at >= start)
        && input.end_date.is_none_or(|end| entry.at <= end)
}

fn show(alarm: &Alarm, entry: &AlarmEntry) -> AlarmHistoryItem {
    AlarmHistoryItem {
        alarm_name: Some(alarm.name.to_string()),
        alarm_type: Some(show::kind(alarm).to_owned()),
        timestamp: Some(entry.at),
        history_item_type: Some(entry.kind.clone()),
        history_summary: Some(entry.summary.clone()),
        history_data: Some(entry.data.clone()),
        ..AlarmHistoryItem::default()
    }
}
