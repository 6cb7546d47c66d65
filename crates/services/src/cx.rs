//! What a handler may look at besides the World.

use model::{LogGroupName, Pace, Secret, Span, Timestamp};
use std::fmt;
use world::{LogEvent, LogStreamKey};

/// The circumstances of a call.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    /// Now.
    pub now: Timestamp,
    /// The region's speed.
    pub pace: Pace,
    /// Who calls.
    pub caller: &'a Caller,
    /// The events of log streams, which are not in the World.
    pub logs: &'a dyn LogReader,
    /// Makes temporary credentials.
    pub issuer: &'a dyn Issuer,
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The principal's ARN.
    pub arn: String,
    /// The unique id that STS answers as `UserId`.
    pub id: String,
}

/// Temporary credentials of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `ASIA` and 16 characters.
    pub access_key: String,
    /// The secret key.
    pub secret_key: Secret,
    /// The session token.
    pub token: Secret,
    /// Until when they are good.
    pub expires: Timestamp,
}

/// Makes temporary credentials. The same session makes the same credentials, and whoever presents
/// them is known again by them alone: nothing is stored.
pub trait Issuer {
    /// Credentials for a session of a role.
    fn issue(&self, role_arn: &str, session: &str, now: Timestamp, lasting: Span) -> Credentials;
}

/// Reads the events of log streams.
pub trait LogReader {
    /// Up to `limit` events of a stream from `from` (inclusive) to `to` (exclusive), in order, with
    /// their positions; the newest ones when `newest` says so. `after` and `before` are positions
    /// that the page must lie beyond.
    fn page(&self, stream: &LogStreamKey, ask: &LogAsk) -> LogPage;

    /// What a stream holds.
    fn summary(&self, stream: &LogStreamKey) -> LogSummary;

    /// How many bytes a group's streams hold, by CloudWatch's count.
    fn stored_bytes(&self, group: &LogGroupName) -> u64;
}

/// Which events of a stream are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogAsk {
    /// The earliest timestamp, inclusive.
    pub from: Option<Timestamp>,
    /// The latest timestamp, exclusive.
    pub to: Option<Timestamp>,
    /// Where in the stream.
    pub at: LogPlace,
    /// The most events.
    pub limit: usize,
    /// The most bytes of messages; at least one event is answered.
    pub bytes: usize,
}

/// Where in a stream a page lies. A position counts the stream's events from 0 in the order of
/// their arrival, so it never moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogPlace {
    /// At the first event.
    Head,
    /// At the last event.
    Tail,
    /// From this position on.
    From(u64),
    /// Up to this position, exclusive.
    Before(u64),
}

/// Events of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogPage {
    /// The events, oldest first.
    pub events: Vec<StoredEvent>,
    /// The position of the first of them; where the page would begin when it is empty.
    pub first: u64,
    /// The position after the last of them.
    pub next: u64,
}

/// An event as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// The event.
    pub event: LogEvent,
    /// When it arrived.
    pub ingested: Timestamp,
    /// Its position.
    pub position: u64,
}

/// What a stream holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogSummary {
    /// The earliest event's timestamp.
    pub first_event: Option<Timestamp>,
    /// The latest event's timestamp.
    pub last_event: Option<Timestamp>,
    /// When the last event arrived.
    pub last_ingestion: Option<Timestamp>,
    /// Bytes by CloudWatch's count: each message and 26 more.
    pub bytes: u64,
}

impl fmt::Debug for Cx<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cx").field("now", &self.now).field("caller", &self.caller).finish()
    }
}
