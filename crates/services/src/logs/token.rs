//! Tokens of places among events.
//!
//! A token of one stream names an event by 56 digits, as AWS's do; one of a search names the stream
//! too. What a token says is where to go on, so it is good for ever and nothing is remembered.

use model::Timestamp;
use world::{LogMark, LogPlace};

/// Digits of a mark's time and of its position: together as many as AWS's tokens have.
const TIME: usize = 36;
const POSITION: usize = 20;

/// The token to go on forwards from a mark.
pub(super) fn forward(mark: LogMark) -> String {
    format!("f/{}", digits(mark))
}

/// The token to go on backwards from a mark.
pub(super) fn backward(mark: LogMark) -> String {
    format!("b/{}", digits(mark))
}

/// The place that a token of one stream names.
pub(super) fn place(token: &str) -> Option<LogPlace> {
    match token.split_at_checked(2)? {
        ("f/", rest) => mark(rest).map(LogPlace::From),
        ("b/", rest) => mark(rest).map(LogPlace::Before),
        _ => None,
    }
}

/// The id of an event, unlike that of any other event of the region: 56 digits, as AWS's.
pub(super) fn event_id(stream: &str, mark: LogMark) -> String {
    // FNV-1a, cut to the digits that are left.
    let hash = stream.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let hash = hash % 10_u64.pow(16);
    format!("{:020}{hash:016}{:0POSITION$}", mark.at.millis().max(0), mark.position)
}

/// Times of events are never negative: the model says so of every request.
fn digits(mark: LogMark) -> String {
    format!("{:0TIME$}{:0POSITION$}", mark.at.millis().max(0), mark.position)
}

fn mark(digits: &str) -> Option<LogMark> {
    let plain = digits.len() == TIME + POSITION && digits.bytes().all(|b| b.is_ascii_digit());
    let (at, position) = digits.split_at_checked(TIME).filter(|_| plain)?;
    let at = Timestamp::from_millis(at.parse().ok()?);
    Some(LogMark { at, position: position.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_the_place_it_was_made_of() {
        let at = Timestamp::from_millis(1_795_159_860_123);
        for mark in [LogMark::default(), LogMark { at, position: u64::MAX }] {
            assert_eq!(place(&forward(mark)), Some(LogPlace::From(mark)));
            assert_eq!(place(&backward(mark)), Some(LogPlace::Before(mark)));
            assert_eq!((forward(mark).len(), event_id("s", mark).len()), (58, 56));
        }
        assert_ne!(event_id("a", LogMark::default()), event_id("b", LogMark::default()));
    }

    #[test]
    fn what_is_no_token_names_no_place() {
        let digits = "1".repeat(56);
        for token in ["", "f/", "x/1", "f/-1", &digits, &format!("f/{digits}1"), "é/"] {
            assert_eq!(place(token), None, "{token}");
        }
    }
}
