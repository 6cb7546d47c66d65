//! How long a connection has been silent.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep_until};

/// Tells when nothing has happened for the limit.
///
/// A request sets no timer: it notes the time. The one timer of a connection is looked at when it
/// goes off, and set again for what is left; so timers cost one operation a limit, not one a request.
#[derive(Debug)]
pub(crate) struct Idle {
    limit: Duration,
    last: Instant,
    alarm: Pin<Box<Sleep>>,
}

impl Idle {
    /// Counts from now.
    pub(crate) fn new(limit: Duration) -> Self {
        let last = Instant::now();
        Self { limit, last, alarm: Box::pin(sleep_until(last + limit)) }
    }

    /// Something happened.
    pub(crate) fn touch(&mut self) {
        self.last = Instant::now();
    }

    /// When something happened last.
    pub(crate) fn last(&self) -> Instant {
        self.last
    }

    /// The limit.
    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }

    /// Changes the limit.
    pub(crate) fn set_limit(&mut self, limit: Duration) {
        if self.limit == limit {
            return;
        }
        self.limit = limit;
        self.alarm.as_mut().reset(self.last + limit);
    }

    /// Ready when nothing has happened for the limit.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            ready!(self.alarm.as_mut().poll(cx));
            let due = self.last + self.limit;
            if due <= Instant::now() {
                return Poll::Ready(());
            }
            self.alarm.as_mut().reset(due);
        }
    }
}
