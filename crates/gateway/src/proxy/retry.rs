//! Whether a request may be sent a second time.

use crate::http1::Verb;

/// What is known of an attempt that ended without a byte of answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attempt {
    /// Whether the connection had carried requests before.
    pub(crate) origin: Origin,
    /// What the method means.
    pub(crate) verb: Verb,
    /// How far the request got.
    pub(crate) progress: Progress,
}

/// Where a connection came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From the pool: the target may have closed it at any moment, also this one.
    Pool,
    /// Just made.
    Fresh,
}

/// How far a request got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Not a byte was taken.
    Unsent,
    /// Some was sent, and all of it is still here.
    Repeatable,
    /// Some was sent that is no longer here.
    Gone,
}

impl Attempt {
    /// Whether the request goes out again, on a fresh connection.
    ///
    /// ALB never sends a request twice that a target may have handled. So a second attempt is for
    /// pooled connections only, which targets close when they like, and only where nothing was
    /// sent or the method changes nothing, so that it does not matter if it was handled.
    pub(crate) fn may_repeat(self) -> bool {
        match (self.origin, self.progress, self.verb) {
            (Origin::Fresh, _, _) | (_, Progress::Gone, _) => false,
            (Origin::Pool, Progress::Unsent, _) => true,
            (Origin::Pool, Progress::Repeatable, Verb::Head | Verb::Safe) => true,
            (Origin::Pool, Progress::Repeatable, Verb::Other) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Attempt, Origin, Progress};
    use crate::http1::Verb;

    /// Attempts that may be repeated, and ones that may not.
    fn check(repeated: &[(Origin, Progress, Verb)], final_ones: &[(Origin, Progress, Verb)]) {
        let may_repeat = |(origin, progress, verb): &(Origin, Progress, Verb)| {
            Attempt { origin: *origin, verb: *verb, progress: *progress }.may_repeat()
        };
        for attempt in repeated {
            assert!(may_repeat(attempt), "{attempt:?}");
        }
        for attempt in final_ones {
            assert!(!may_repeat(attempt), "{attempt:?}");
        }
    }

    #[test]
    fn a_pooled_connection_that_was_closed_costs_no_request() {
        let unsent = (Origin::Pool, Progress::Unsent, Verb::Other);
        let safe = (Origin::Pool, Progress::Repeatable, Verb::Safe);
        let head = (Origin::Pool, Progress::Repeatable, Verb::Head);
        check(&[unsent, safe, head], &[]);
    }

    #[test]
    fn what_may_have_been_handled_is_not_sent_again() {
        let post = (Origin::Pool, Progress::Repeatable, Verb::Other);
        let streamed = (Origin::Pool, Progress::Gone, Verb::Safe);
        check(&[], &[post, streamed]);
    }

    #[test]
    fn a_fresh_connection_is_not_replaced() {
        let unsent = (Origin::Fresh, Progress::Unsent, Verb::Safe);
        let safe = (Origin::Fresh, Progress::Repeatable, Verb::Safe);
        check(&[], &[unsent, safe]);
    }
}
