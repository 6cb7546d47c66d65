//! Pages: events in a stream's order, out of as few blocks as the order allows.
//!
//! Blocks lie in the order of arrival, pages are in the order of time, and the two differ where a
//! writer was late. So the blocks that may hold an answer are taken up one after the other by the
//! time of their nearest event, and an event is answered once no block that is left can hold a
//! nearer one. In a stream that was never late that is one block after the other.

use crate::StoreError;
use crate::block::{self, Block, Entry};
use crate::segment::Name;
use model::Timestamp;
use std::collections::BinaryHeap;
use std::path::Path;
use world::{LogAsk, LogEvent, LogMark, LogPage, LogPlace, StoredEvent};

/// A block, and the segment that it is in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// The segment.
    pub(crate) segment: Name,
    /// The block.
    pub(crate) block: Block,
}

/// What is asked for, as bounds of the order, and the direction in which to look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Search {
    /// Where the answer may begin, inclusive.
    from: LogMark,
    /// Where it must end, exclusive.
    to: LogMark,
    /// Where a page without events stands: what comes next goes on from there, either way.
    empty: LogMark,
    way: Way,
    limit: usize,
    bytes: usize,
}

/// From which end of the bounds events are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// An event that waits for its turn. The greatest comes first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pending {
    /// Its mark as a number, negative on the way up: the nearest is always the greatest.
    rank: i128,
    /// Which of the loaded blocks it is in.
    block: usize,
    entry: usize,
}

/// The blocks that were read so far, with their entries.
#[derive(Default)]
struct Loaded {
    blocks: Vec<(Vec<u8>, Vec<Entry>)>,
}

/// A page in the making.
#[derive(Default)]
struct Draft {
    events: Vec<StoredEvent>,
    /// The length of their messages.
    bytes: usize,
}

// === impl Search ===

impl Search {
    /// The search for what is asked, among the events that are not older than `floor`.
    pub(crate) fn new(ask: &LogAsk, floor: Timestamp) -> Self {
        let earliest = ask.from.map_or(floor, |from| from.max(floor));
        let from = LogMark { at: earliest, position: 0 };
        let end = Timestamp::from_millis(i64::MAX);
        let to = LogMark { at: ask.to.unwrap_or(end), position: 0 };
        let (from, to, empty, way) = match ask.at {
            LogPlace::Head => (from, to, from, Way::Up),
            LogPlace::Tail => (from, to, from, Way::Down),
            LogPlace::From(mark) => (from.max(mark), to, mark, Way::Up),
            LogPlace::Before(mark) => (from, to.min(mark), mark, Way::Down),
        };
        Self { from, to, empty, way, limit: ask.limit, bytes: ask.bytes }
    }

    /// Whether a block may hold an answer.
    pub(crate) fn concerns(&self, block: &Block) -> bool {
        block.latest >= self.from.at && block.earliest <= self.to.at
    }

    /// The page, out of the blocks that may hold it.
    pub(crate) fn page(
        &self,
        stream: &Path,
        mut places: Vec<Place>,
    ) -> Result<LogPage, StoreError> {
        places.sort_by_key(|place| self.nearest(&place.block));
        let mut loaded = Loaded::default();
        let mut pending = BinaryHeap::new();
        let mut draft = Draft::default();
        let mut places = places.into_iter().rev().peekable();
        loop {
            let bound = places.peek().map(|place| self.nearest(&place.block));
            while let Some(next) = pending.peek().filter(|next: &&Pending| bound < Some(next.rank))
            {
                if draft.is_full(self, loaded.length(next)) {
                    return Ok(self.answer(draft.events));
                }
                draft.take(loaded.event(next).ok_or_else(|| damaged(stream))?);
                pending.pop();
            }
            let next = places.next().filter(|_| !draft.is_full(self, 0));
            let Some(place) = next else { return Ok(self.answer(draft.events)) };
            let entries = loaded.load(stream, &place)?;
            pending.extend(self.wanted(entries));
        }
    }

    /// The events of the block that was loaded last that lie within the bounds.
    fn wanted<'a>(
        &'a self,
        (block, entries): (usize, &'a [Entry]),
    ) -> impl Iterator<Item = Pending> + 'a {
        entries.iter().enumerate().filter_map(move |(entry, found)| {
            let mark = LogMark { at: found.at, position: found.position };
            let wanted = self.from <= mark && mark < self.to;
            wanted.then(|| Pending { rank: self.rank(mark), block, entry })
        })
    }

    fn answer(&self, mut events: Vec<StoredEvent>) -> LogPage {
        if self.way == Way::Down {
            events.reverse();
        }
        let first = events.first().map_or(self.empty, StoredEvent::mark);
        let next = events.last().map_or(self.empty, |event| event.mark().after());
        LogPage { events, first, next }
    }

    /// The rank that the nearest event of a block can have at best.
    fn nearest(&self, block: &Block) -> i128 {
        self.rank(match self.way {
            Way::Up => LogMark { at: block.earliest, position: 0 },
            Way::Down => LogMark { at: block.latest, position: u64::MAX },
        })
    }

    fn rank(&self, mark: LogMark) -> i128 {
        let number = (i128::from(mark.at.millis()) << 64) + i128::from(mark.position);
        match self.way {
            Way::Up => -number,
            Way::Down => number,
        }
    }
}

// === impl Draft ===

impl Draft {
    /// Whether there is no room for one more event with a message of this length.
    fn is_full(&self, search: &Search, length: usize) -> bool {
        let fits = self.events.is_empty() || self.bytes + length <= search.bytes;
        self.events.len() >= search.limit || !fits
    }

    fn take(&mut self, event: StoredEvent) {
        self.bytes += event.event.message.len();
        self.events.push(event);
    }
}

// === impl Loaded ===

impl Loaded {
    /// Reads a block; answers its number and its entries.
    fn load(&mut self, stream: &Path, place: &Place) -> Result<(usize, &[Entry]), StoreError> {
        let bytes = place.segment.read(stream, &place.block)?;
        let entries = block::entries(&bytes, place.block.first);
        let entries = entries.ok_or_else(|| damaged(&place.segment.path(stream)))?;
        let number = self.blocks.len();
        self.blocks.push((bytes, entries));
        Ok((number, &self.blocks[number].1))
    }

    /// The length of a pending event's message, in bytes.
    fn length(&self, pending: &Pending) -> usize {
        let entries = self.blocks.get(pending.block).map(|(_, entries)| entries);
        entries.and_then(|entries| entries.get(pending.entry)).map_or(0, |entry| entry.length)
    }

    /// A pending event in full; absent when its message is not UTF-8, which the store never wrote.
    fn event(&self, pending: &Pending) -> Option<StoredEvent> {
        let (bytes, entries) = self.blocks.get(pending.block)?;
        let entry = entries.get(pending.entry)?;
        let message = bytes.get(entry.start..entry.start + entry.length)?;
        let message = std::str::from_utf8(message).ok()?.to_owned();
        let event = LogEvent { at: entry.at, message };
        Some(StoredEvent { event, ingested: entry.ingested, position: entry.position })
    }
}

fn damaged(path: &Path) -> StoreError {
    StoreError::damaged(path, "a block is not a row of whole frames")
}
