//! `PutLogEvents`.

use super::streams::SEQUENCE_TOKEN;
use super::{fault, names, stream};
use crate::Cx;
use api::Fault;
use api::logs::{InputLogEvent, PutLogEventsRequest, PutLogEventsResponse, RejectedLogEventsInfo};
use model::{Ids, Span, Timestamp};
use world::{Draft, Effect, LogEvent};

/// The most bytes of a batch, and of an event (reference §6.3).
const MOST_BYTES: u64 = 1_048_576;

/// How far an event may lie in the future, and how long ago (reference §6.3).
const FUTURE: Span = Span::minutes(2 * 60);
const PAST: Span = Span::minutes(14 * 24 * 60);

/// The longest time from a batch's first event to its last (reference §6.3).
const LONGEST: Span = Span::minutes(24 * 60);

/// `PutLogEvents`. What is too old, too new or expired is left out and told; the rest is kept.
pub(super) fn events(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: PutLogEventsRequest,
) -> Result<PutLogEventsResponse, Fault> {
    let group = names::named(draft, &input.log_group_name)?;
    let stream = stream::find(draft, &group.name, &input.log_stream_name)?;
    let cutoff = group.expired_before(cx.now);
    let events: Vec<LogEvent> = input.log_events.into_iter().map(event).collect();
    check(&events)?;
    let times = events.iter().map(|event| event.at);
    let rejected = rejected(times, cx.now, cutoff);
    let first = [rejected.too_old_log_event_end_index, rejected.expired_log_event_end_index];
    let first = index(first.into_iter().flatten().max()).unwrap_or(0);
    let end = index(rejected.too_new_log_event_start_index).unwrap_or(events.len());
    let accepted: Vec<LogEvent> = events.into_iter().take(end).skip(first).collect();
    check_span(&accepted)?;
    if !accepted.is_empty() {
        draft.effect(Effect::AppendLog { stream, events: accepted });
    }
    Ok(PutLogEventsResponse {
        next_sequence_token: Some(SEQUENCE_TOKEN.to_owned()),
        rejected_log_events_info: (rejected != RejectedLogEventsInfo::default())
            .then_some(rejected),
        rejected_entity_info: None,
    })
}

fn event(input: InputLogEvent) -> LogEvent {
    LogEvent { at: Timestamp::from_millis(input.timestamp), message: input.message }
}

fn check(events: &[LogEvent]) -> Result<(), Fault> {
    if let Some(bytes) = events.iter().map(LogEvent::cost).find(|bytes| *bytes > MOST_BYTES) {
        // Observed with the limit of its time, 262144.
        return Err(fault::invalid(format!(
            "Log event too large: {bytes} bytes exceeds limit of {MOST_BYTES}"
        )));
    }
    let bytes: u64 = events.iter().map(LogEvent::cost).sum();
    if bytes > MOST_BYTES {
        // The text is unverified: that of a single event, as clients quote it for batches.
        return Err(fault::invalid(format!(
            "Upload too large: {bytes} bytes exceeds limit of {MOST_BYTES}"
        )));
    }
    if !events.is_sorted_by_key(|event| event.at) {
        // Observed in 2026.
        return Err(fault::invalid(
            "Log events in a single PutLogEvents request must be in chronological order.",
        ));
    }
    Ok(())
}

fn check_span(events: &[LogEvent]) -> Result<(), Fault> {
    match (events.first(), events.last()) {
        // Observed in 2021.
        (Some(first), Some(last)) if last.at.since(first.at) > LONGEST => Err(fault::invalid(
            "The batch of log events in a single PutLogEvents request cannot span more than 24 \
                hours.",
        )),
        _ => Ok(()),
    }
}

/// Which events of a batch, in the order of their times, are not taken. The end indexes are
/// exclusive, the start index is inclusive.
fn rejected(
    times: impl Iterator<Item = Timestamp> + Clone,
    now: Timestamp,
    cutoff: Option<Timestamp>,
) -> RejectedLogEventsInfo {
    let before = |end: Timestamp| times.clone().filter(|at| *at < end).count();
    let some = |count: usize| (count > 0).then(|| i32::try_from(count).unwrap_or(i32::MAX));
    let too_new = times.clone().position(|at| at > now + FUTURE);
    RejectedLogEventsInfo {
        too_new_log_event_start_index: too_new.map(|at| i32::try_from(at).unwrap_or(i32::MAX)),
        too_old_log_event_end_index: some(before(now - PAST)),
        expired_log_event_end_index: cutoff.and_then(|cutoff| some(before(cutoff))),
    }
}

fn index(index: Option<i32>) -> Option<usize> {
    index.and_then(|index| usize::try_from(index).ok())
}
