//! `GetLogEvents`.

use super::{fault, names, stream, token};
use crate::Cx;
use api::Fault;
use api::logs::{GetLogEventsRequest, GetLogEventsResponse, OutputLogEvent};
use model::Timestamp;
use world::{LogAsk, LogPlace, StoredEvent, World};

/// The most events of an answer, and the most bytes of their messages (reference §6.3).
pub(super) const MOST_EVENTS: usize = 10_000;
pub(super) const MOST_BYTES: usize = 1_048_576;

/// `GetLogEvents`. At the stream's end the token that was sent comes back, which is how clients
/// know it.
pub(super) fn events(
    world: &World,
    cx: &Cx<'_>,
    input: GetLogEventsRequest,
) -> Result<GetLogEventsResponse, Fault> {
    let (name, identifier) = (input.log_group_name, input.log_group_identifier);
    let group = names::group(world, name.as_deref(), identifier.as_deref())?;
    let stream = stream::find(world, &group.name, &input.log_stream_name)?;
    let at = match input.next_token {
        Some(token) => token::place(&token).ok_or_else(fault::invalid_token)?,
        None if input.start_from_head == Some(true) => LogPlace::Head,
        None => LogPlace::Tail,
    };
    let ask = LogAsk {
        from: Some(earliest(input.start_time, group.expired_before(cx.now))),
        to: input.end_time.map(Timestamp::from_millis),
        at,
        limit: limit(input.limit),
        bytes: MOST_BYTES,
    };
    let page = cx.logs.page(&stream, &ask)?;
    Ok(GetLogEventsResponse {
        events: Some(page.events.into_iter().map(show).collect()),
        next_forward_token: Some(token::forward(page.next)),
        next_backward_token: Some(token::backward(page.first)),
    })
}

/// The earliest time to answer: what is asked for, unless that is expired.
pub(super) fn earliest(start: Option<i64>, cutoff: Option<Timestamp>) -> Timestamp {
    let start = Timestamp::from_millis(start.unwrap_or(0).max(0));
    cutoff.map_or(start, |cutoff| start.max(cutoff))
}

/// How many events to answer.
pub(super) fn limit(asked: Option<i32>) -> usize {
    crate::page::limit(asked, MOST_EVENTS, MOST_EVENTS)
}

fn show(stored: StoredEvent) -> OutputLogEvent {
    OutputLogEvent {
        timestamp: Some(stored.event.at.millis()),
        message: Some(stored.event.message),
        ingestion_time: Some(stored.ingested.millis()),
    }
}
