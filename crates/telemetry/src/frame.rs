//! Frames: the events of one append, in one piece unless they are many.
//!
//! ```text
//! length of the body u32 | checksum u32 | events u32 | ingested i64 | body
//! body: for each event  timestamp i64 | length u32 | message
//! ```
//!
//! All numbers are little-endian, all times milliseconds. The checksum covers everything after
//! itself, so a frame is whole or it is none: that is how a torn one is known.

use crate::checksum::Checksum;
use model::Timestamp;
use world::LogEvent;

/// The longest message that is kept, in bytes. CloudWatch takes 1 MiB (reference §6.3), a container
/// engine cuts its lines far below that.
pub(crate) const LONGEST: usize = 8 << 20;

/// A frame takes no further event beyond this many bytes, so that reading one event never means
/// reading much more.
const FULL: usize = 64 << 10;

/// No header may name a longer body; a longer one is rubbish.
const MOST: usize = FULL + LONGEST + EVENT;

/// Bytes before the body.
const HEADER: usize = 20;

/// Bytes before each message.
const EVENT: usize = 12;

/// A frame as it lies in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame<'a> {
    /// When its events arrived.
    pub(crate) ingested: Timestamp,
    /// How many events it has.
    pub(crate) count: u32,
    /// The checksum that was written.
    checksum: u32,
    /// What the checksum covers.
    covered: &'a [u8],
}

/// An event of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameEvent {
    /// Its timestamp.
    pub(crate) at: Timestamp,
    /// Where its message begins, from the frame's first byte.
    pub(crate) start: usize,
    /// The message's length.
    pub(crate) length: usize,
}

/// Writes a frame with the first of `events` behind `out`; answers how many it took, at least one.
pub(crate) fn write(events: &[LogEvent], ingested: Timestamp, out: &mut Vec<u8>) -> usize {
    let start = out.len();
    out.extend_from_slice(&[0; HEADER]);
    let mut taken = 0;
    for event in events {
        if taken > 0 && out.len() - start + event.message.len() > FULL {
            break;
        }
        out.extend_from_slice(&event.at.millis().to_le_bytes());
        out.extend_from_slice(&count(event.message.len()).to_le_bytes());
        out.extend_from_slice(event.message.as_bytes());
        taken += 1;
    }
    let body = count(out.len() - start - HEADER);
    out[start..][..4].copy_from_slice(&body.to_le_bytes());
    out[start + 8..][..4].copy_from_slice(&count(taken).to_le_bytes());
    out[start + 12..][..8].copy_from_slice(&ingested.millis().to_le_bytes());
    let checksum = Checksum::new().with(&out[start + 8..]).value();
    out[start + 4..][..4].copy_from_slice(&checksum.to_le_bytes());
    taken
}

/// Lengths and counts stay below [`MOST`], which a `u32` holds.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

// === impl Frame ===

impl<'a> Frame<'a> {
    /// The frame that `bytes` begin with; absent when they end before it does.
    pub(crate) fn first_of(bytes: &'a [u8]) -> Option<Self> {
        let body = usize::try_from(number(bytes, 0)?).ok().filter(|body| *body <= MOST)?;
        Some(Self {
            checksum: number(bytes, 4)?,
            count: number(bytes, 8)?,
            ingested: time(bytes, 12)?,
            covered: bytes.get(8..HEADER + body)?,
        })
    }

    /// Whether it is what was written.
    pub(crate) fn is_whole(&self) -> bool {
        Checksum::new().with(self.covered).value() == self.checksum
    }

    /// Its length in bytes.
    pub(crate) fn length(&self) -> usize {
        self.covered.len() + 8
    }

    /// Its events, in order.
    pub(crate) fn events(&self) -> impl Iterator<Item = FrameEvent> + use<'a> {
        let covered = self.covered;
        let mut next = HEADER - 8;
        std::iter::from_fn(move || {
            let (at, length) = (time(covered, next)?, number(covered, next + 8)?);
            let length = usize::try_from(length).ok()?;
            let start = next + EVENT;
            next = start.checked_add(length).filter(|end| *end <= covered.len())?;
            Some(FrameEvent { at, start: start + 8, length })
        })
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}

fn time(bytes: &[u8], at: usize) -> Option<Timestamp> {
    let millis = bytes.get(at..)?.first_chunk().map(|chunk| i64::from_le_bytes(*chunk))?;
    Some(Timestamp::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(at: i64, message: &str) -> LogEvent {
        LogEvent { at: Timestamp::from_millis(at), message: message.to_owned() }
    }

    #[test]
    fn what_is_written_is_read() {
        let events = [event(-5, ""), event(7, "naïve"), event(7, "line\nline")];
        let mut bytes = b"before".to_vec();
        assert_eq!(write(&events, Timestamp::from_millis(9), &mut bytes), 3);
        let bytes = &bytes[6..];
        let frame = Frame::first_of(bytes).unwrap();
        assert!(frame.is_whole());
        assert_eq!((frame.count, frame.ingested.millis(), frame.length()), (3, 9, bytes.len()));
        let read: Vec<LogEvent> = frame
            .events()
            .map(|found| {
                let message = &bytes[found.start..found.start + found.length];
                event(found.at.millis(), std::str::from_utf8(message).unwrap())
            })
            .collect();
        assert_eq!(read, events);
    }

    #[test]
    fn a_frame_is_closed_when_it_is_full_but_takes_one_event_of_any_length() {
        let long = "x".repeat(FULL + 1);
        let events = [event(0, "a"), event(0, &long), event(0, "b")];
        let mut bytes = Vec::new();
        assert_eq!(write(&events, Timestamp::default(), &mut bytes), 1);
        assert_eq!(write(&events[1..], Timestamp::default(), &mut bytes), 1);
    }

    #[test]
    fn a_byte_less_or_another_byte_is_no_whole_frame() {
        let mut bytes = Vec::new();
        write(&[event(1, "one"), event(2, "two")], Timestamp::from_millis(3), &mut bytes);
        for end in 0..bytes.len() {
            assert!(Frame::first_of(&bytes[..end]).is_none(), "cut at {end}");
        }
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 1;
            assert!(!Frame::first_of(&other).is_some_and(|frame| frame.is_whole()), "byte {at}");
        }
    }
}
