//! CloudWatch log groups and streams, and the words in which their events are asked for.
//!
//! The events themselves are not in the World: they would make every commit as large as the logs.
//! A store keeps them (`telemetry`), handlers read them through a port (`services::LogReader`), and
//! the types of that conversation stand here, where both sides see them.

use crate::{Held, Tags};
use model::{LogGroupName, LogStreamName, Span, Timestamp};
use serde::{Deserialize, Serialize};

/// A log group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogGroup {
    /// Its name.
    pub name: LogGroupName,
    /// When it was made.
    pub created_at: Timestamp,
    /// Days that events are kept; for ever when absent.
    pub retention_days: Option<u32>,
    /// `STANDARD`, `INFREQUENT_ACCESS` or `DELIVERY`.
    pub class: String,
    /// Whether `DeleteLogGroup` is refused.
    #[serde(default)]
    pub protected: bool,
    /// A KMS key's ARN, echoed; locally nothing is encrypted with it.
    pub kms_key: Option<String>,
    /// Tags.
    pub tags: Tags,
}

/// A log stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogStream {
    /// Group and name.
    pub key: LogStreamKey,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A log group and one of its streams.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LogStreamKey {
    /// The group.
    pub group: LogGroupName,
    /// The stream.
    pub stream: LogStreamName,
}

/// One event of a log stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEvent {
    /// When it happened, as its writer says.
    pub at: Timestamp,
    /// What, without a line end.
    pub message: String,
}

/// Which events of a stream are asked for.
///
/// A stream's events are ordered by their timestamps, and those of one millisecond by their arrival;
/// a batch that arrives late stands where its timestamps put it.
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
    /// The most bytes of messages; at least one event is answered, however long it is.
    pub bytes: usize,
}

/// Where in a stream a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogPlace {
    /// The page begins with the first event.
    Head,
    /// The page ends with the last event.
    Tail,
    /// The page begins here.
    From(LogMark),
    /// The page ends before this.
    Before(LogMark),
}

/// A point in a stream's order: an event's own point, or the gap before it. It stays where it is,
/// whatever arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct LogMark {
    /// A timestamp.
    pub at: Timestamp,
    /// A position: how many events had arrived in the stream before this one.
    pub position: u64,
}

/// Events of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogPage {
    /// The events, in the stream's order.
    pub events: Vec<StoredEvent>,
    /// The mark of the first of them; where the page would begin when it is empty.
    pub first: LogMark,
    /// The mark after the last of them; the same as `first` when the page is empty.
    pub next: LogMark,
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
    /// Bytes by CloudWatch's count ([`LogEvent::cost`]).
    pub bytes: u64,
}

// === impl LogGroup ===

impl LogGroup {
    /// The time before which its events are expired; absent when they are kept for ever.
    ///
    /// Readers hold every answer to it, so that an event is gone in the millisecond in which it
    /// expires, whenever the store gets to removing it.
    #[must_use]
    pub fn expired_before(&self, now: Timestamp) -> Option<Timestamp> {
        const DAY: u64 = 24 * 60;
        self.retention_days.map(|days| now - Span::minutes(u64::from(days) * DAY))
    }
}

// === impl LogEvent ===

impl LogEvent {
    /// What the event counts in CloudWatch's limits and sums: its message in UTF-8 and
    /// 26 bytes more (reference §6.3).
    #[must_use]
    pub fn cost(&self) -> u64 {
        self.message.len() as u64 + 26
    }
}

// === impl StoredEvent ===

impl StoredEvent {
    /// The event's own mark.
    #[must_use]
    pub fn mark(&self) -> LogMark {
        LogMark { at: self.event.at, position: self.position }
    }
}

// === impl LogMark ===

impl LogMark {
    /// The gap after the event that has this mark.
    #[must_use]
    pub fn after(self) -> Self {
        Self { position: self.position.saturating_add(1), ..self }
    }
}

// === impl Held ===

impl Held for LogGroup {
    type Key = LogGroupName;

    fn key(&self) -> LogGroupName {
        self.name.clone()
    }
}

impl Held for LogStream {
    type Key = LogStreamKey;

    fn key(&self) -> LogStreamKey {
        self.key.clone()
    }
}
