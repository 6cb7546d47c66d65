//! Log events in memory, in place of the store.

use crate::{LogReader, LogsUnreadable};
use model::{LogGroupName, Timestamp};
use std::cell::Cell;
use std::collections::BTreeMap;
use world::{
    Effect, LogAsk, LogEvent, LogMark, LogPage, LogPlace, LogStreamKey, LogSummary, StoredEvent,
};

/// What the store would hold after the effects so far.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    streams: BTreeMap<LogStreamKey, Vec<StoredEvent>>,
    /// How many events were handed out, to tell a search that stops from one that reads all.
    pub(crate) read: Cell<usize>,
    /// Whether the store is out of order.
    pub(crate) broken: bool,
}

// === impl Memory ===

impl Memory {
    /// Does what a change asks for, as the engine would.
    pub(crate) fn carry_out(&mut self, effect: Effect, now: Timestamp) {
        match effect {
            Effect::AppendLog { stream, events } => self.append(stream, events, now),
            Effect::DropLogStream(stream) => drop(self.streams.remove(&stream)),
            Effect::DropLogGroup(group) => self.streams.retain(|key, _| key.group != group),
        }
    }

    /// Adds events to a stream.
    pub(crate) fn append(&mut self, key: LogStreamKey, events: Vec<LogEvent>, now: Timestamp) {
        let stream = self.streams.entry(key).or_default();
        for event in events {
            let position = stream.len() as u64;
            stream.push(StoredEvent { event, ingested: now, position });
        }
        stream.sort_by_key(StoredEvent::mark);
    }

    fn events(&self, stream: &LogStreamKey) -> Result<&[StoredEvent], LogsUnreadable> {
        let events = self.streams.get(stream).map_or(&[][..], Vec::as_slice);
        if self.broken { Err(LogsUnreadable) } else { Ok(events) }
    }
}

impl LogReader for Memory {
    fn page(&self, stream: &LogStreamKey, ask: &LogAsk) -> Result<LogPage, LogsUnreadable> {
        let wanted = |event: &&StoredEvent| {
            let mark = event.mark();
            ask.from.is_none_or(|from| mark.at >= from)
                && ask.to.is_none_or(|to| mark.at < to)
                && match ask.at {
                    LogPlace::Head | LogPlace::Tail => true,
                    LogPlace::From(from) => mark >= from,
                    LogPlace::Before(end) => mark < end,
                }
        };
        let found: Vec<&StoredEvent> = self.events(stream)?.iter().filter(wanted).collect();
        let mut room = ask.bytes;
        let mut fits = |event: &&StoredEvent| {
            let length = event.event.message.len();
            let fits = length <= room || room == ask.bytes;
            room = room.saturating_sub(length);
            fits
        };
        let mut events: Vec<StoredEvent> = Vec::new();
        if matches!(ask.at, LogPlace::Tail | LogPlace::Before(_)) {
            let found = found.into_iter().rev().take(ask.limit);
            events.extend(found.take_while(&mut fits).cloned());
            events.reverse();
        } else {
            events.extend(found.into_iter().take(ask.limit).take_while(&mut fits).cloned());
        }
        self.read.set(self.read.get() + events.len());
        let empty = match ask.at {
            LogPlace::From(mark) | LogPlace::Before(mark) => mark,
            LogPlace::Head | LogPlace::Tail => {
                LogMark { at: ask.from.unwrap_or_default(), position: 0 }
            }
        };
        let first = events.first().map_or(empty, StoredEvent::mark);
        let next = events.last().map_or(empty, |event| event.mark().after());
        Ok(LogPage { events, first, next })
    }

    fn summary(&self, stream: &LogStreamKey) -> Result<LogSummary, LogsUnreadable> {
        let events = self.events(stream)?;
        Ok(LogSummary {
            first_event: events.first().map(|event| event.event.at),
            last_event: events.last().map(|event| event.event.at),
            last_ingestion: events.iter().map(|event| event.ingested).max(),
            bytes: events.iter().map(|event| event.event.cost()).sum(),
        })
    }

    fn stored_bytes(&self, group: &LogGroupName) -> Result<u64, LogsUnreadable> {
        let streams = self.streams.keys().filter(|key| key.group == *group);
        streams.map(|stream| Ok(self.summary(stream)?.bytes)).sum()
    }
}
