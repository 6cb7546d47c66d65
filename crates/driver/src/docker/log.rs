//! The engine's log messages into lines. Pure.
//!
//! With time stamps asked for, each message is `<RFC 3339 with nine decimals> <text>`. The engine
//! cuts lines of more than 16 KiB into messages, each with a time stamp of its own, and only the
//! last of them ends with a newline.

use crate::lines::{LONGEST, cut};
use crate::{Line, Mark, Stream};

/// How much earlier a message may be stamped than one before it, in seconds; really it is less than
/// a thousandth of one.
const DISORDER: u64 = 2;

/// Puts lines together, and passes over what was told before.
#[derive(Debug)]
pub(super) struct LogReader {
    /// From when messages are wanted, in seconds since the epoch.
    from: u64,
    /// The last mark that was given.
    last: Mark,
    stdout: Half,
    stderr: Half,
}

/// One of the two streams. The engine stamps each on its own, so that only within one stream time
/// stamps never fall.
#[derive(Debug)]
struct Half {
    /// The last line that was told, as it was stamped.
    told: Mark,
    /// What is passed over: everything up to here was told before the connection of now.
    after: Mark,
    /// A line that has begun, with its first stamp, as far as it was not handed out.
    pending: Option<(Mark, Vec<u8>)>,
    /// How many bytes of that line were handed out in pieces.
    given: usize,
    /// How many bytes of the next line were handed out before the connection of now.
    skip: usize,
}

// === impl LogReader ===

impl LogReader {
    /// A reader that goes on after a line.
    pub(super) fn new(after: Mark) -> Self {
        let half = || Half { told: after, after, pending: None, given: 0, skip: 0 };
        let from = (after.nanos() / 1_000_000_000).saturating_sub(DISORDER);
        Self { from, last: after, stdout: half(), stderr: half() }
    }

    /// From when to ask the engine for messages, in seconds since the epoch. Some of them will have
    /// been told.
    pub(super) fn since(&self) -> i32 {
        i32::try_from(self.from).unwrap_or(i32::MAX)
    }

    /// Begins anew after a connection that ended: half a line comes again with its first half.
    pub(super) fn reconnect(&mut self) {
        let halves = [&mut self.stdout, &mut self.stderr];
        let begun = halves.iter().filter_map(|half| Some(half.pending.as_ref()?.0));
        // The engine tells in the order of its file, so what came before this was told.
        let from = begun.chain([self.last]).min().unwrap_or(self.last);
        self.from = (from.nanos() / 1_000_000_000).saturating_sub(DISORDER);
        for half in halves {
            half.after = half.told;
            half.pending = None;
            half.skip = std::mem::take(&mut half.given);
        }
    }

    /// Takes a message in and hands out the lines that it completes.
    pub(super) fn push(&mut self, stream: Stream, message: &[u8]) -> Vec<Line> {
        let half = match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        };
        let pieces = split(message).map(|(mark, text)| half.push(mark, text)).unwrap_or_default();
        pieces.into_iter().map(|(mark, piece)| self.line(stream, mark, &piece)).collect()
    }

    /// Lines that had no end when the container did.
    pub(super) fn finish(&mut self) -> Vec<Line> {
        let halves = [(Stream::Stdout, &mut self.stdout), (Stream::Stderr, &mut self.stderr)];
        let pending = halves.map(|(stream, half)| (stream, half.pending.take()));
        pending
            .into_iter()
            .filter_map(|(stream, pending)| pending.map(|(mark, line)| (stream, mark, line)))
            .filter(|(_, _, line)| !line.is_empty())
            .map(|(stream, mark, line)| self.line(stream, mark, &line))
            .collect()
    }

    fn line(&mut self, stream: Stream, mark: Mark, bytes: &[u8]) -> Line {
        self.last = self.last.max(mark);
        Line { stream, mark: self.last, text: String::from_utf8_lossy(bytes).into_owned() }
    }
}

// === impl Half ===

impl Half {
    /// Adds a message, and answers the pieces of line that are complete.
    fn push(&mut self, mark: Mark, text: &[u8]) -> Vec<(Mark, Vec<u8>)> {
        if mark <= self.after {
            return Vec::new();
        }
        let (begun, mut line) = self.pending.take().unwrap_or((mark, Vec::new()));
        let whole = text.strip_suffix(b"\n");
        let text = whole.unwrap_or(text);
        let known = self.skip.min(text.len());
        self.skip -= known;
        self.given += known;
        line.extend_from_slice(&text[known..]);
        let mut pieces = Vec::new();
        while line.len() > LONGEST {
            let rest = line.split_off(cut(&line));
            self.given += line.len();
            pieces.push((begun, std::mem::replace(&mut line, rest)));
        }
        if whole.is_some() {
            pieces.push((begun, line));
            self.told = self.told.max(mark);
            (self.given, self.skip) = (0, 0);
        } else {
            self.pending = Some((begun, line));
        }
        pieces
    }
}

/// The time stamp and the text of a message.
fn split(message: &[u8]) -> Option<(Mark, &[u8])> {
    let space = message.iter().position(|byte| *byte == b' ')?;
    let stamp = std::str::from_utf8(&message[..space]).ok()?;
    Some((parse_stamp(stamp)?, &message[space + 1..]))
}

/// `2026-11-20T07:31:00.123456789Z`, with up to nine decimals.
pub(super) fn parse_stamp(stamp: &str) -> Option<Mark> {
    let (date, time) = stamp.strip_suffix('Z')?.split_once('T')?;
    let mut numbers = date.splitn(3, '-').map(|number| number.parse::<u64>().ok());
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let (time, decimals) = time.split_once('.').unwrap_or((time, "0"));
    let mut numbers = time.splitn(3, ':').map(|number| number.parse::<u64>().ok());
    let (hours, minutes, seconds) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let nanos: u64 = format!("{decimals:0<9}").get(..9)?.parse().ok()?;
    let days = days_since_epoch(year, month, day)?;
    let seconds = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
    Some(Mark::from_nanos(seconds.checked_mul(1_000_000_000)?.checked_add(nanos)?))
}

/// Days from 1970-01-01; absent before it and for what is no date. Years are counted from March, so
/// that the leap day is the last of its year.
fn days_since_epoch(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1970..10_000).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    (year * 365 + leap_days + day_of_year).checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUT: Stream = Stream::Stdout;

    fn message(nanos: u32, text: &str) -> Vec<u8> {
        format!("2026-11-20T07:31:00.{nanos:09}Z {text}").into_bytes()
    }

    fn mark(nanos: u64) -> Mark {
        Mark::from_nanos(1_795_159_860_000_000_000 + nanos)
    }

    fn texts(lines: &[Line]) -> Vec<&str> {
        lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn stamps_are_read_to_the_nanosecond() {
        for (stamp, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1970-01-01T00:00:01.5Z", Some(1_500_000_000)),
            ("2000-02-29T00:00:00.000000001Z", Some(951_782_400_000_000_001)),
            ("2026-11-20T07:31:00.123456789Z", Some(1_795_159_860_123_456_789)),
            ("0001-01-01T00:00:00Z", None),
            ("2026-13-01T00:00:00Z", None),
            ("now", None),
        ] {
            assert_eq!(parse_stamp(stamp).map(Mark::nanos), expected, "{stamp}");
        }
    }

    #[test]
    fn a_line_in_several_messages_is_one_line_with_the_first_stamp() {
        let mut reader = LogReader::new(Mark::default());
        assert_eq!(reader.push(OUT, &message(1, "one ")), []);
        assert_eq!(texts(&reader.push(Stream::Stderr, &message(2, "error\n"))), ["error"]);
        let lines = reader.push(OUT, &message(3, "line\n"));
        assert_eq!(texts(&lines), ["one line"]);
        assert_eq!(lines[0].mark, mark(2), "marks never fall");
    }

    #[test]
    fn what_was_told_is_passed_over_after_a_reconnect() {
        let mut reader = LogReader::new(Mark::default());
        reader.push(OUT, &message(1, "one\n"));
        reader.push(OUT, &message(2, "half "));
        reader.reconnect();
        reader.push(Stream::Stderr, &message(3, "error\n"));
        reader.reconnect();
        assert_eq!(reader.since(), 1_795_159_858);
        assert_eq!(reader.push(OUT, &message(1, "one\n")), []);
        assert_eq!(reader.push(OUT, &message(2, "half ")), []);
        assert_eq!(texts(&reader.push(OUT, &message(3, "line\n"))), ["half line"]);
    }

    #[test]
    fn a_line_without_an_end_comes_at_the_end() {
        let mut reader = LogReader::new(Mark::default());
        reader.push(OUT, &message(1, "rest"));
        assert_eq!(texts(&reader.finish()), ["rest"]);
        assert_eq!(reader.finish(), []);
    }

    #[test]
    fn a_very_long_line_comes_in_pieces() {
        let mut reader = LogReader::new(Mark::default());
        let mut lines = reader.push(OUT, &message(1, &"x".repeat(LONGEST)));
        lines.extend(reader.push(OUT, &message(1, "y\n")));
        let lengths: Vec<usize> = lines.iter().map(|line| line.text.len()).collect();
        assert_eq!(lengths, [LONGEST, 1]);
    }

    #[test]
    fn pieces_that_were_told_do_not_come_again() {
        let mut reader = LogReader::new(Mark::default());
        let (long, rest) = (message(1, &"x".repeat(LONGEST)), message(1, "rest"));
        assert_eq!(reader.push(OUT, &long), []);
        assert_eq!(reader.push(OUT, &rest).len(), 1);
        for _ in 0..2 {
            reader.reconnect();
            assert_eq!(reader.push(OUT, &long), []);
            assert_eq!(reader.push(OUT, &rest), []);
        }
        assert_eq!(texts(&reader.push(OUT, &message(2, " of it\n"))), ["rest of it"]);
        assert_eq!(texts(&reader.push(OUT, &message(3, "next\n"))), ["next"]);
    }

    #[test]
    fn one_streams_stamps_say_nothing_of_the_other() {
        let mut reader = LogReader::new(Mark::default());
        reader.push(Stream::Stderr, &message(5, "late\n"));
        reader.reconnect();
        assert_eq!(texts(&reader.push(OUT, &message(4, "early\n"))), ["early"]);
        assert_eq!(reader.push(Stream::Stderr, &message(5, "late\n")), []);
    }

    #[test]
    fn a_line_that_began_long_ago_is_asked_for_from_its_beginning() {
        let mut reader = LogReader::new(Mark::from_nanos(7_000_000_000));
        assert_eq!(reader.since(), 5);
        reader.push(OUT, b"1970-01-01T00:00:09Z half ");
        reader.push(Stream::Stderr, b"1970-01-01T00:01:00Z error\n");
        reader.reconnect();
        assert_eq!(reader.since(), 7);
        reader.reconnect();
        assert_eq!(reader.since(), 58);
    }

    #[test]
    fn an_empty_line_is_a_line() {
        let mut reader = LogReader::new(Mark::default());
        assert_eq!(texts(&reader.push(OUT, &message(1, "\n"))), [""]);
    }
}
