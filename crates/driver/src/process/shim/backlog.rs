//! Lines that were read and that the region has not taken yet, and the latest that it has.
//!
//! Pure: knows neither pipes nor sockets nor the clock.

use crate::{Line, Mark, Stream};
use std::collections::VecDeque;

/// How much may wait for the region, in bytes; beyond it the container's writes wait.
const WAITING: usize = 1024 * 1024;

/// How much is kept after the region took it, in bytes: what it had received but not stored when
/// it crashed can then be told again.
const KEPT: usize = 256 * 1024;

/// What a line costs beside its text.
const OVERHEAD: usize = 64;

/// The lines, and how far the region is.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    lines: VecDeque<Line>,
    /// The cost of all lines.
    held: usize,
    /// The cost of the lines that were not taken.
    waiting: usize,
    /// The last line that the region took.
    taken: Mark,
    /// How many of the lines were sent over the connection of now.
    sent: usize,
    /// The last line's mark.
    last: Mark,
}

impl Backlog {
    /// Adds a line, read at `now`.
    pub(super) fn push(&mut self, stream: Stream, text: String, now: Mark) {
        let mark = self.last.next(now);
        self.last = mark;
        let line = Line { stream, mark, text };
        self.held += cost(&line);
        self.waiting += cost(&line);
        self.lines.push_back(line);
    }

    /// Whether more may be read from the container.
    pub(super) fn has_room(&self) -> bool {
        self.waiting < WAITING
    }

    /// The next line to send.
    pub(super) fn next(&mut self) -> Option<&Line> {
        let line = self.lines.get(self.sent)?;
        self.sent += 1;
        Some(line)
    }

    /// Whether every line was sent.
    pub(super) fn is_sent(&self) -> bool {
        self.sent == self.lines.len()
    }

    /// Begins anew for a region that has the lines up to `after`; where it does not say, for one
    /// that has what was taken.
    pub(super) fn rewind(&mut self, after: Option<Mark>) {
        let after = after.unwrap_or(self.taken);
        self.take(after);
        self.sent = self.lines.partition_point(|line| line.mark <= after);
    }

    /// Notes that the region took the lines up to `mark`, and forgets the oldest of them.
    pub(super) fn take(&mut self, mark: Mark) {
        let (from, to) = (self.position(self.taken), self.position(mark));
        if to > from {
            self.waiting -= self.lines.range(from..to).map(cost).sum::<usize>();
        }
        self.taken = self.taken.max(mark);
        while self.held > KEPT && self.lines.front().is_some_and(|line| line.mark <= self.taken) {
            self.held -= self.lines.pop_front().map_or(0, |line| cost(&line));
            self.sent = self.sent.saturating_sub(1);
        }
    }

    /// How many of the lines have a mark up to this one.
    fn position(&self, mark: Mark) -> usize {
        self.lines.partition_point(|line| line.mark <= mark)
    }
}

fn cost(line: &Line) -> usize {
    line.text.len() + OVERHEAD
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(lines: usize, length: usize) -> Backlog {
        let mut backlog = Backlog::default();
        for n in 1..=lines {
            let text = "x".repeat(length);
            backlog.push(Stream::Stdout, text, Mark::from_nanos(n as u64));
        }
        backlog
    }

    fn sent(backlog: &mut Backlog) -> Vec<u64> {
        std::iter::from_fn(|| backlog.next().map(|line| line.mark.nanos())).collect()
    }

    #[test]
    fn a_new_region_is_told_what_the_last_one_did_not_take() {
        let mut backlog = filled(4, 1);
        assert_eq!(sent(&mut backlog), [1, 2, 3, 4]);
        assert!(backlog.is_sent());
        backlog.take(Mark::from_nanos(2));
        backlog.rewind(None);
        assert_eq!(sent(&mut backlog), [3, 4]);
    }

    #[test]
    fn a_region_that_knows_its_last_line_goes_on_after_it() {
        let mut backlog = filled(4, 1);
        backlog.take(Mark::from_nanos(3));
        for (after, expected) in [(1, vec![2, 3, 4]), (3, vec![4]), (9, vec![])] {
            backlog.rewind(Some(Mark::from_nanos(after)));
            assert_eq!(sent(&mut backlog), expected, "after {after}");
        }
    }

    #[test]
    fn a_full_backlog_has_room_again_when_lines_are_taken() {
        let line = WAITING / 4 - OVERHEAD;
        let mut backlog = filled(3, line);
        assert!(backlog.has_room());
        backlog.push(Stream::Stderr, "x".repeat(line), Mark::from_nanos(4));
        assert!(!backlog.has_room());
        backlog.take(Mark::from_nanos(1));
        assert!(backlog.has_room());
        backlog.take(Mark::from_nanos(4));
        assert_eq!(backlog.waiting, 0);
    }

    #[test]
    fn taken_lines_are_kept_only_up_to_a_limit() {
        let mut backlog = filled(8, KEPT / 4 - OVERHEAD);
        assert_eq!(sent(&mut backlog).len(), 8);
        backlog.take(Mark::from_nanos(8));
        assert!(backlog.is_sent());
        backlog.rewind(Some(Mark::default()));
        assert_eq!(sent(&mut backlog), [5, 6, 7, 8]);
    }
}
