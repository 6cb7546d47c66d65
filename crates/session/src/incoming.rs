//! Puts messages into their order, each once.

use crate::content::Content;
use std::collections::BTreeMap;

/// How many messages may wait for one before them: AWS's own bound.
const CAPACITY: usize = 10_000;

/// What came, as far as it is in order.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    expected: i64,
    early: BTreeMap<i64, Content>,
}

/// What becomes of a message.
#[derive(Debug, PartialEq)]
pub(crate) enum Taken {
    /// It is acknowledged; these contents are now in order.
    InOrder(Vec<Content>),
    /// There is no room for it; it will come again.
    NoRoom,
}

impl Incoming {
    /// Takes a message. One that came before is acknowledged again, and nothing else.
    pub(crate) fn take(&mut self, sequence: i64, content: Content) -> Taken {
        if sequence > self.expected && self.early.len() >= CAPACITY {
            return Taken::NoRoom;
        }
        if sequence >= self.expected {
            self.early.entry(sequence).or_insert(content);
        }
        let mut in_order = Vec::new();
        while let Some(content) = self.early.remove(&self.expected) {
            in_order.push(content);
            self.expected += 1;
        }
        Taken::InOrder(in_order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(sequence: i64) -> Content {
        Content::Output(sequence.to_string().into_bytes())
    }

    /// Each step: what comes, and what is in order then.
    fn check(steps: &[(i64, &[i64])]) {
        let mut incoming = Incoming::default();
        for (sequence, expected) in steps {
            let expected = expected.iter().map(|at| content(*at)).collect();
            let taken = incoming.take(*sequence, content(*sequence));
            assert_eq!(taken, Taken::InOrder(expected), "{sequence}");
        }
    }

    #[test]
    fn messages_come_out_in_order_and_once() {
        check(&[(0, &[0]), (1, &[1]), (2, &[2])]);
        check(&[(2, &[]), (1, &[]), (0, &[0, 1, 2]), (3, &[3])]);
        check(&[(0, &[0]), (0, &[]), (2, &[]), (2, &[]), (1, &[1, 2]), (2, &[])]);
        check(&[(-1, &[]), (0, &[0])]);
    }

    #[test]
    fn what_has_no_room_is_not_acknowledged_and_may_come_again() {
        let mut incoming = Incoming::default();
        for sequence in 1..=10_000 {
            assert_eq!(incoming.take(sequence, content(sequence)), Taken::InOrder(Vec::new()));
        }
        assert_eq!(incoming.take(10_001, content(10_001)), Taken::NoRoom);
        let Taken::InOrder(all) = incoming.take(0, content(0)) else { panic!("it has room") };
        assert_eq!(all.len(), 10_001);
        let last = incoming.take(10_001, content(10_001));
        assert_eq!(last, Taken::InOrder(vec![content(10_001)]));
    }
}
