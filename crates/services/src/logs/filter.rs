//! `FilterLogEvents`: events of many streams, in one order, that meet a pattern.

use super::get::{MOST_BYTES, earliest, limit};
use super::merge::{Bounds, Merge, Spot, Way};
use super::pattern::Pattern;
use super::{fault, names, stream, token};
use crate::{Cx, page};
use api::Fault;
use api::logs::{FilterLogEventsRequest, FilterLogEventsResponse, FilteredLogEvent};
use model::Timestamp;
use std::collections::BTreeSet;
use world::{LogGroup, LogStreamKey, StoredEvent, World};

const LISTING: &str = "FilterLogEvents";

/// The most events that one call looks at. A page may be empty and not the last (reference §6.3);
/// so a search for what is rare holds nobody up.
const MOST_SEARCHED: usize = 50_000;

/// 2024-01-01T00:00:00Z: a search from the newest event down has to begin its range there or later.
const DOWN_SINCE: i64 = 1_704_067_200_000;

/// `FilterLogEvents`.
pub(super) fn events(
    world: &World,
    cx: &Cx<'_>,
    input: FilterLogEventsRequest,
) -> Result<FilterLogEventsResponse, Fault> {
    let (name, identifier) = (&input.log_group_name, &input.log_group_identifier);
    let group = names::group(world, name.as_deref(), identifier.as_deref())?;
    let pattern = input.filter_pattern.as_deref().unwrap_or_default();
    let pattern = Pattern::parse(pattern).map_err(|invalid| fault::invalid(invalid.0))?;
    let streams = streams(world, group, &input)?;
    let bounds = bounds(&input, group.expired_before(cx.now))?;
    let merge = Merge::of(cx.logs, streams, bounds)?;
    let page = search(merge, &pattern, limit(input.limit))?;
    Ok(FilterLogEventsResponse {
        events: Some(page.events),
        // AWS says nothing here any more.
        searched_log_streams: Some(Vec::new()),
        next_token: page.next.map(|spot| page::token(LISTING, &spot)),
    })
}

/// Events that were found, and where the search goes on.
struct Found {
    events: Vec<FilteredLogEvent>,
    next: Option<Spot>,
}

fn search(mut merge: Merge<'_>, pattern: &Pattern, limit: usize) -> Result<Found, Fault> {
    let mut found = Found { events: Vec::new(), next: None };
    let (mut searched, mut bytes) = (0, 0);
    while let Some(spot) = merge.peek()? {
        if found.events.len() >= limit || searched >= MOST_SEARCHED || bytes >= MOST_BYTES {
            found.next = Some(spot);
            break;
        }
        searched += 1;
        let Some((stream, stored)) = merge.take() else { break };
        if pattern.matches(&stored.event.message) {
            bytes += stored.event.message.len();
            found.events.push(show(stream, stored));
        }
    }
    Ok(found)
}

/// The streams that are searched, in the order of their names.
fn streams(
    world: &World,
    group: &LogGroup,
    input: &FilterLogEventsRequest,
) -> Result<Vec<LogStreamKey>, Fault> {
    match (&input.log_stream_names, &input.log_stream_name_prefix) {
        // The model's documentation has the code; the text is unverified.
        (Some(_), Some(_)) => Err(fault::invalid(
            "logStreamNames and logStreamNamePrefix are mutually exclusive parameters.",
        )),
        (Some(names), None) => {
            let names: BTreeSet<&String> = names.iter().collect();
            names.into_iter().map(|name| stream::find(world, &group.name, name)).collect()
        }
        (None, prefix) => {
            let prefix = prefix.as_deref().unwrap_or_default();
            let streams = world.streams_of(&group.name).map(|stream| &stream.key);
            Ok(streams.filter(|key| key.stream.as_str().starts_with(prefix)).cloned().collect())
        }
    }
}

fn bounds(input: &FilterLogEventsRequest, cutoff: Option<Timestamp>) -> Result<Bounds, Fault> {
    let begin: Option<Spot> = match &input.next_token {
        Some(token) => Some(page::last_row(LISTING, token).map_err(fault::token)?),
        None => None,
    };
    let way = match (&begin, input.start_from_head) {
        (Some(begin), _) => begin.way,
        (None, Some(false)) => Way::Down,
        (None, _) => Way::Up,
    };
    if begin.is_none() && way == Way::Down && input.start_time.unwrap_or(0) < DOWN_SINCE {
        // The model's documentation has the rule; the text is unverified.
        return Err(fault::invalid(
            "startFromHead can be false only when startTime is on or after Jan 1, 2024 00:00:00 \
                UTC.",
        ));
    }
    Ok(Bounds {
        from: earliest(input.start_time, cutoff),
        // Unlike that of GetLogEvents, this range includes its end.
        to: Timestamp::from_millis(input.end_time.map_or(i64::MAX, |end| end.saturating_add(1))),
        way,
        begin,
    })
}

fn show(stream: &LogStreamKey, stored: StoredEvent) -> FilteredLogEvent {
    let name = stream.stream.as_str();
    FilteredLogEvent {
        event_id: Some(token::event_id(name, stored.mark())),
        log_stream_name: Some(name.to_owned()),
        timestamp: Some(stored.event.at.millis()),
        ingestion_time: Some(stored.ingested.millis()),
        message: Some(stored.event.message),
    }
}
