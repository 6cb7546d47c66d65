//! The listing of log streams.

use super::{fault, names};
use crate::page::{self, Ask, Page};
use crate::{Cx, LogsUnreadable};
use api::Fault;
use api::logs::{DescribeLogStreamsRequest, DescribeLogStreamsResponse, LogStream as Shown};
use model::Timestamp;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use world::{LogStream, LogSummary, World};

/// What AWS still answers as a sequence token; it has meant nothing since 2023.
pub(super) const SEQUENCE_TOKEN: &str = "49039859609023650000000000000000000000000000000000000000";

/// What a listing is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Name,
    Time,
}

/// In which direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Rising,
    Falling,
}

/// A stream's place in a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Spot {
    order: Order,
    /// The last event's time; zero for every stream in a listing by name.
    last_event: i64,
    name: String,
}

/// `DescribeLogStreams`.
pub(super) fn describe(
    world: &World,
    cx: &Cx<'_>,
    input: DescribeLogStreamsRequest,
) -> Result<DescribeLogStreamsResponse, Fault> {
    let (name, identifier) = (input.log_group_name, input.log_group_identifier);
    let group = names::group(world, name.as_deref(), identifier.as_deref())?;
    let by = match input.order_by.as_deref() {
        Some("LastEventTime") => By::Time,
        _ => By::Name,
    };
    let prefix = input.log_stream_name_prefix.unwrap_or_default();
    if by == By::Time && !prefix.is_empty() {
        // The text is moto's.
        return Err(fault::invalid("Cannot order by LastEventTime with a logStreamNamePrefix."));
    }
    let order = if input.descending == Some(true) { Order::Falling } else { Order::Rising };
    let cutoff = group.expired_before(cx.now);
    let streams = world.streams_of(&group.name);
    let streams = streams.filter(|stream| stream.key.stream.as_str().starts_with(&prefix));
    let spots = streams.map(|stream| {
        let last_event = match by {
            By::Time => last_event(cx, stream, cutoff)?,
            By::Name => 0,
        };
        let name = stream.key.stream.as_str().to_owned();
        Ok((Spot { order, last_event, name }, stream))
    });
    let mut spots = spots.collect::<Result<Vec<_>, LogsUnreadable>>()?;
    spots.sort_by(|(one, _), (other, _)| one.cmp(other));
    let ask = Ask {
        listing: listing(by, order),
        token: input.next_token.as_deref(),
        limit: page::limit(input.limit, 50, 50),
    };
    let page = page::page(spots, &ask, |(spot, _)| spot.clone()).map_err(fault::token)?;
    let Page { rows, next } = page;
    let streams = rows.into_iter().map(|(_, stream)| show(world, cx, stream, cutoff));
    let streams = streams.collect::<Result<_, _>>()?;
    Ok(DescribeLogStreamsResponse { log_streams: Some(streams), next_token: next })
}

/// When a stream's last event was; a stream without events is older than any other.
fn last_event(
    cx: &Cx<'_>,
    stream: &LogStream,
    cutoff: Option<Timestamp>,
) -> Result<i64, LogsUnreadable> {
    Ok(summary(cx, stream, cutoff)?.last_event.map_or(-1, Timestamp::millis))
}

/// A token goes on in the order in which it was given.
fn listing(by: By, order: Order) -> &'static str {
    match (by, order) {
        (By::Name, Order::Rising) => "DescribeLogStreams by name",
        (By::Name, Order::Falling) => "DescribeLogStreams by name, falling",
        (By::Time, Order::Rising) => "DescribeLogStreams by time",
        (By::Time, Order::Falling) => "DescribeLogStreams by time, falling",
    }
}

/// What a stream holds that is not expired.
pub(super) fn summary(
    cx: &Cx<'_>,
    stream: &LogStream,
    cutoff: Option<Timestamp>,
) -> Result<LogSummary, LogsUnreadable> {
    let summary = cx.logs.summary(&stream.key)?;
    Ok(match cutoff {
        Some(cutoff) if summary.last_event < Some(cutoff) => LogSummary::default(),
        // The earliest event that is left may be a little later; one look more would tell.
        Some(cutoff) => {
            LogSummary { first_event: summary.first_event.map(|at| at.max(cutoff)), ..summary }
        }
        None => summary,
    })
}

fn show(
    world: &World,
    cx: &Cx<'_>,
    stream: &LogStream,
    cutoff: Option<Timestamp>,
) -> Result<Shown, LogsUnreadable> {
    let holds = summary(cx, stream, cutoff)?;
    let name = stream.key.stream.as_str();
    let group = world.place.log_group_arn(&stream.key.group);
    Ok(Shown {
        log_stream_name: Some(name.to_owned()),
        creation_time: Some(stream.created_at.millis()),
        first_event_timestamp: holds.first_event.map(Timestamp::millis),
        last_event_timestamp: holds.last_event.map(Timestamp::millis),
        last_ingestion_time: holds.last_ingestion.map(Timestamp::millis),
        upload_sequence_token: holds.last_event.map(|_| SEQUENCE_TOKEN.to_owned()),
        arn: Some(format!("{group}:log-stream:{name}")),
        // Always so since 2019, as the model's documentation says.
        stored_bytes: Some(0),
    })
}

// === impl Spot ===

impl Ord for Spot {
    fn cmp(&self, other: &Self) -> Ordering {
        let rising =
            self.last_event.cmp(&other.last_event).then_with(|| self.name.cmp(&other.name));
        match self.order {
            Order::Rising => rising,
            Order::Falling => rising.reverse(),
        }
    }
}

impl PartialOrd for Spot {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let order = if self.order == Order::Falling { 'f' } else { 'r' };
        write!(f, "{order}{}/{}", self.last_event, self.name)
    }
}

impl FromStr for Spot {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (order, rest) = match text.split_at_checked(1).ok_or(())? {
            ("f", rest) => (Order::Falling, rest),
            ("r", rest) => (Order::Rising, rest),
            _ => return Err(()),
        };
        let (last_event, name) = rest.split_once('/').ok_or(())?;
        let last_event = last_event.parse().map_err(|_| ())?;
        Ok(Self { order, last_event, name: name.to_owned() })
    }
}
