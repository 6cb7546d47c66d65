//! What was sent and is not acknowledged yet.

use model::{Span, Timestamp};
use std::collections::BTreeMap;

/// How long an acknowledgement may take before a message is sent again, at first. AWS's ends begin
/// with 200 ms as well; each time again takes twice as long.
const FIRST: Span = Span::millis(200);
/// How long it may take at most: AWS's own bound.
const LAST: Span = Span::seconds(1);
/// How many messages may be on their way: one mebibyte of AWS's pieces. Who has more waits.
const WINDOW: usize = 1024;
/// After how long without an acknowledgement nobody is there: AWS's ends try for 5 minutes.
const PATIENCE: Span = Span::minutes(5);

/// Messages on their way, by number.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    next: i64,
    waiting: BTreeMap<i64, Sent>,
}

#[derive(Debug)]
struct Sent {
    bytes: Vec<u8>,
    first: Timestamp,
    due: Timestamp,
    pause: Span,
}

impl Outgoing {
    /// The number of the next message.
    pub(crate) fn next(&self) -> i64 {
        self.next
    }

    /// Keeps a message, which has the next number, until it is acknowledged.
    pub(crate) fn keep(&mut self, bytes: Vec<u8>, now: Timestamp) {
        let sent = Sent { bytes, first: now, due: now + FIRST, pause: FIRST };
        self.waiting.insert(self.next, sent);
        self.next += 1;
    }

    /// A message has arrived.
    pub(crate) fn acknowledge(&mut self, sequence: i64) {
        self.waiting.remove(&sequence);
    }

    /// Whether who has more to send should wait.
    pub(crate) fn is_full(&self) -> bool {
        self.waiting.len() >= WINDOW
    }

    /// Whether all that was sent has arrived.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether nobody is there any more.
    pub(crate) fn is_lost(&self, now: Timestamp) -> bool {
        self.waiting.values().next().is_some_and(|sent| now.since(sent.first) >= PATIENCE)
    }

    /// When the next message has to be sent again.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        self.waiting.values().map(|sent| sent.due).min()
    }

    /// The messages to be sent again by now, in their order.
    pub(crate) fn overdue(&mut self, now: Timestamp) -> Vec<Vec<u8>> {
        let late = self.waiting.values_mut().filter(|sent| sent.due <= now);
        late.map(|sent| {
            sent.pause = (sent.pause + sent.pause).min(LAST);
            sent.due = now + sent.pause;
            sent.bytes.clone()
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn what_is_not_acknowledged_is_sent_again_ever_more_rarely() {
        let mut outgoing = Outgoing::default();
        outgoing.keep(b"a".to_vec(), at(0));
        outgoing.keep(b"b".to_vec(), at(100));
        assert_eq!(outgoing.due(), Some(at(200)));
        assert_eq!(outgoing.overdue(at(199)), Vec::<Vec<u8>>::new());
        assert_eq!(outgoing.overdue(at(200)), [b"a"]);
        assert_eq!(outgoing.overdue(at(300)), [b"b"]);
        outgoing.acknowledge(1);
        assert_eq!(outgoing.due(), Some(at(600)));
        let mut times = Vec::new();
        while times.len() < 4 {
            let due = outgoing.due().unwrap();
            assert_eq!(outgoing.overdue(due), [b"a"]);
            times.push(due.millis());
        }
        assert_eq!(times, [600, 1400, 2400, 3400]);
        assert!(!outgoing.is_lost(at(299_999)) && outgoing.is_lost(at(300_000)));
        outgoing.acknowledge(0);
        assert!(outgoing.is_empty() && outgoing.due().is_none());
        assert!(!outgoing.is_lost(at(400_000)));
    }

    #[test]
    fn who_has_more_than_the_window_waits() {
        let mut outgoing = Outgoing::default();
        for _ in 0..WINDOW {
            assert!(!outgoing.is_full());
            outgoing.keep(Vec::new(), at(0));
        }
        assert!(outgoing.is_full());
        outgoing.acknowledge(500);
        assert!(!outgoing.is_full());
    }
}
