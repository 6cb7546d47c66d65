//! Many streams' events in one order: by time, then by the stream's name, then by arrival.
//!
//! A stream is read when its turn comes, a page at a time, so a search that ends early reads a
//! little of a few streams, and one in a range of time reads no stream that has nothing there.

use crate::{LogReader, LogsUnreadable};
use model::Timestamp;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::fmt;
use std::str::FromStr;
use world::{LogAsk, LogMark, LogPlace, LogStreamKey, StoredEvent};

/// Events and bytes that are read of a stream at once.
const PAGE_EVENTS: usize = 500;
const PAGE_BYTES: usize = 256 << 10;

/// From which end events come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The oldest first.
    Up,
    /// The newest first.
    Down,
}

/// What is merged.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    /// The earliest time, inclusive.
    pub(super) from: Timestamp,
    /// The latest time, exclusive.
    pub(super) to: Timestamp,
    /// Which comes first.
    pub(super) way: Way,
    /// The event to begin with, when an earlier page ended before it.
    pub(super) begin: Option<Spot>,
}

/// An event's place in the order of all streams. As text it is a token's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) way: Way,
    pub(super) mark: LogMark,
    pub(super) stream: String,
}

/// Streams on their way to one order.
pub(super) struct Merge<'a> {
    logs: &'a dyn LogReader,
    bounds: Bounds,
    sources: Vec<Source>,
    /// Whose turn it is: the least comes first.
    turns: BinaryHeap<Reverse<Turn>>,
}

/// A stream that is read.
struct Source {
    stream: LogStreamKey,
    /// What was read and not taken yet, in the order of taking.
    page: VecDeque<StoredEvent>,
    /// Where to read on.
    next: LogPlace,
}

/// What a turn is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// A page has to be read; the turn's time is a bound, and the rest of it means nothing.
    Reading,
    /// The first event of what was read can be taken.
    Taking,
}

/// When a source's next event comes at the earliest. All numbers are negative on the way down.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    at: i128,
    /// Of what is due at one time, reading comes before taking.
    due: Due,
    /// The source, in the order of the streams' names.
    order: i128,
    position: i128,
    source: usize,
}

// === impl Merge ===

impl<'a> Merge<'a> {
    /// The events of some streams, which are in the order of their names.
    pub(super) fn of(
        logs: &'a dyn LogReader,
        streams: impl IntoIterator<Item = LogStreamKey>,
        bounds: Bounds,
    ) -> Result<Self, LogsUnreadable> {
        let (sources, turns) = (Vec::new(), BinaryHeap::new());
        let mut merge = Self { logs, bounds, sources, turns };
        for stream in streams {
            merge.add(stream)?;
        }
        Ok(merge)
    }

    /// The next event's place.
    pub(super) fn peek(&mut self) -> Result<Option<Spot>, LogsUnreadable> {
        loop {
            let Some(Reverse(turn)) = self.turns.peek() else { return Ok(None) };
            let source = turn.source;
            if turn.due == Due::Taking {
                let source = &self.sources[source];
                return Ok(source.page.front().map(|event| Spot {
                    way: self.bounds.way,
                    mark: event.mark(),
                    stream: source.stream.stream.as_str().to_owned(),
                }));
            }
            self.turns.pop();
            self.read(source)?;
        }
    }

    /// The event that was peeked at, with its stream.
    pub(super) fn take(&mut self) -> Option<(&LogStreamKey, StoredEvent)> {
        let Reverse(turn) = self.turns.pop()?;
        let event = self.sources[turn.source].page.pop_front()?;
        match self.sources[turn.source].page.front().map(StoredEvent::mark) {
            Some(mark) => self.queue(turn.source, mark, Due::Taking),
            None => self.queue(turn.source, event.mark(), Due::Reading),
        }
        Some((&self.sources[turn.source].stream, event))
    }

    /// Takes a stream up, unless it has nothing within the bounds.
    fn add(&mut self, stream: LogStreamKey) -> Result<(), LogsUnreadable> {
        let Bounds { from, to, way, .. } = self.bounds;
        let holds = self.logs.summary(&stream)?;
        let (Some(first), Some(last)) = (holds.first_event, holds.last_event) else {
            return Ok(());
        };
        if last < from || first >= to {
            return Ok(());
        }
        let next = self.bounds.place(stream.stream.as_str());
        let source = self.sources.len();
        self.sources.push(Source { stream, page: VecDeque::new(), next });
        let bound = match way {
            Way::Up => first.max(from),
            Way::Down => last.min(to),
        };
        self.queue(source, LogMark { at: bound, position: 0 }, Due::Reading);
        Ok(())
    }

    /// Reads a source's next page; one without a next page has had its last turn.
    fn read(&mut self, number: usize) -> Result<(), LogsUnreadable> {
        let source = &mut self.sources[number];
        let ask = LogAsk {
            from: Some(self.bounds.from),
            to: Some(self.bounds.to),
            at: source.next,
            limit: PAGE_EVENTS,
            bytes: PAGE_BYTES,
        };
        let page = self.logs.page(&source.stream, &ask)?;
        source.page = page.events.into();
        match self.bounds.way {
            Way::Up => source.next = LogPlace::From(page.next),
            Way::Down => {
                source.next = LogPlace::Before(page.first);
                source.page.make_contiguous().reverse();
            }
        }
        if let Some(mark) = source.page.front().map(StoredEvent::mark) {
            self.queue(number, mark, Due::Taking);
        }
        Ok(())
    }

    fn queue(&mut self, source: usize, mark: LogMark, due: Due) {
        let sign = match self.bounds.way {
            Way::Up => 1,
            Way::Down => -1,
        };
        self.turns.push(Reverse(Turn {
            at: sign * i128::from(mark.at.millis()),
            due,
            order: sign * i128::try_from(source).unwrap_or(i128::MAX),
            position: sign * i128::from(mark.position),
            source,
        }));
    }
}

// === impl Bounds ===

impl Bounds {
    /// Where to begin in a stream. In the streams before the one that the page begins with, the
    /// events of that millisecond were answered already.
    fn place(&self, stream: &str) -> LogPlace {
        let at_or_after = |at| LogMark { at, position: 0 };
        let begin = self.begin.as_ref().map(|begin| {
            let LogMark { at, position } = begin.mark;
            let later = Timestamp::from_millis(at.millis().saturating_add(1));
            match (self.way, stream.cmp(&begin.stream)) {
                (Way::Up, std::cmp::Ordering::Less) => at_or_after(later),
                (Way::Up, std::cmp::Ordering::Equal) => LogMark { at, position },
                (Way::Up, std::cmp::Ordering::Greater) => at_or_after(at),
                (Way::Down, std::cmp::Ordering::Less) => at_or_after(later),
                (Way::Down, std::cmp::Ordering::Equal) => LogMark { at, position }.after(),
                (Way::Down, std::cmp::Ordering::Greater) => at_or_after(at),
            }
        });
        match self.way {
            Way::Up => LogPlace::From(begin.unwrap_or(at_or_after(self.from))),
            Way::Down => LogPlace::Before(begin.unwrap_or(at_or_after(self.to))),
        }
    }
}

// === impl Spot ===

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = if self.way == Way::Up { 'f' } else { 'b' };
        let LogMark { at, position } = self.mark;
        write!(f, "{way}/{}/{position}/{}", at.millis(), self.stream)
    }
}

impl FromStr for Spot {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(4, '/');
        let mut next = || parts.next().ok_or(());
        let way = match next()? {
            "f" => Way::Up,
            "b" => Way::Down,
            _ => return Err(()),
        };
        let at = Timestamp::from_millis(next()?.parse().map_err(|_| ())?);
        let position = next()?.parse().map_err(|_| ())?;
        Ok(Self { way, mark: LogMark { at, position }, stream: next()?.to_owned() })
    }
}
