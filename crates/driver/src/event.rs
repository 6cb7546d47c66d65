//! What a driver tells: output of containers, and that they ended.

use crate::ContainerKey;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

/// Where a driver sends its events.
///
/// The channel is bounded, and a full one holds containers back: their writes wait until there is
/// room. Who receives must therefore never wait for a driver's call before receiving on.
pub type Events = mpsc::Sender<Event>;

/// Something that happened in a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It wrote lines, in this order.
    Output {
        /// The container.
        container: ContainerKey,
        /// At least one line.
        lines: Vec<Line>,
    },
    /// It ended. This comes after all of its output.
    Exited {
        /// The container.
        container: ContainerKey,
        /// Which of its runs ended.
        run: u32,
        /// How.
        exit: Exit,
    },
}

/// A line of output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Where it was written.
    pub stream: Stream,
    /// When it was read, and its place in the container's output.
    pub mark: Mark,
    /// The line without its end. Bytes that are no UTF-8 are replaced; a line of more than 256 KiB
    /// comes in pieces.
    pub text: String,
}

/// The two output streams of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Standard output; everything, when a terminal is attached.
    Stdout,
    /// Standard error.
    Stderr,
}

/// A place in a container's output: nanoseconds since 1970-01-01T00:00:00Z, never falling.
///
/// Who keeps the mark of the last line it has stored can go on after exactly that line
/// ([`Driver::adopt`](crate::Driver::adopt)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mark(u64);

/// How a container ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// Its exit code; 128 and the signal's number when a signal ended it.
    pub code: i32,
    /// Whether it was killed for its memory.
    pub out_of_memory: bool,
    /// When.
    pub at: Timestamp,
}

// === impl Mark ===

impl Mark {
    /// The mark `nanos` after the epoch.
    #[must_use]
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the epoch.
    #[must_use]
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// The instant, for people and for log events.
    #[must_use]
    pub fn at(self) -> Timestamp {
        Timestamp::from_millis(i64::try_from(self.0 / 1_000_000).unwrap_or(i64::MAX))
    }

    /// The last mark of the millisecond `at`: for who kept only the time of its last line. Lines
    /// of the same millisecond that it did not see are then passed over.
    #[must_use]
    pub fn last_of(at: Timestamp) -> Self {
        let millis = u64::try_from(at.millis()).unwrap_or(0);
        Self(millis.saturating_mul(1_000_000).saturating_add(999_999))
    }

    /// The mark for a line read at `now`, above this one whatever the clock did.
    #[must_use]
    pub(crate) fn next(self, now: Self) -> Self {
        now.max(Self(self.0.saturating_add(1)))
    }

    /// The mark of this instant.
    #[must_use]
    pub(crate) fn now() -> Self {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Self(u64::try_from(since.unwrap_or_default().as_nanos()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_rise_even_when_the_clock_falls() {
        let last = Mark::from_nanos(1000);
        assert_eq!(last.next(Mark::from_nanos(2000)), Mark::from_nanos(2000));
        assert_eq!(last.next(Mark::from_nanos(1000)), Mark::from_nanos(1001));
        assert_eq!(last.next(Mark::from_nanos(5)), Mark::from_nanos(1001));
    }

    #[test]
    fn a_millisecond_covers_all_of_its_marks() {
        let mark = Mark::from_nanos(5_999_999);
        assert_eq!(mark.at(), Timestamp::from_millis(5));
        assert_eq!(Mark::last_of(mark.at()), mark);
    }
}
