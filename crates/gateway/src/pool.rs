//! Connections to targets that wait for their next request.
//!
//! Each worker has its own, so nothing is shared or locked. A waiting connection is not watched:
//! it is looked at when it is taken, and now and then by [`Pool::sweep`].

mod links;

pub(crate) use links::Berth;

use crate::connection::Line;
use bytes::Bytes;
use h2::client::SendRequest;
use links::Links;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// A worker's waiting connections.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    /// By the target's serial number, the latest used last.
    waiting: RefCell<BTreeMap<u64, Vec<Waiting>>>,
    /// Those that speak HTTP/2.
    links: Links,
    /// Rings when the first connection comes into an empty pool.
    filled: Notify,
}

#[derive(Debug)]
struct Waiting {
    line: Line,
    until: Instant,
}

/// How sure one has to be that a connection is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Care {
    /// As far as known: the request can be sent again.
    Usual,
    /// Asked of the system: the request must not be sent twice.
    Extra,
}

impl Pool {
    /// A connection to the target that is still open; the one used last, so that surplus ones age.
    pub(crate) fn take(&self, serial: u64, care: Care) -> Option<Line> {
        let mut waiting = self.waiting.borrow_mut();
        let lines = waiting.get_mut(&serial)?;
        while let Some(Waiting { mut line, .. }) = lines.pop() {
            if line.looks_idle() && (care == Care::Usual || line.is_idle()) {
                return Some(line);
            }
        }
        None
    }

    /// Keeps a connection for the target's next request, at most `until` then.
    pub(crate) fn put(&self, serial: u64, line: Line, until: Instant) {
        self.ring();
        let mut waiting = self.waiting.borrow_mut();
        waiting.entry(serial).or_default().push(Waiting { line, until });
    }

    /// A place on a connection of HTTP/2 that is there already. It may wait so long behind the
    /// request.
    pub(crate) fn share(&self, serial: u64, patience: Duration) -> Option<Berth> {
        self.links.take(serial, patience)
    }

    /// Keeps a new connection of HTTP/2; the request that it was made for gets the first place.
    pub(crate) fn open(&self, serial: u64, send: SendRequest<Bytes>, patience: Duration) -> Berth {
        self.ring();
        self.links.put(serial, send, patience)
    }

    /// Closes the waiting connections of a target, and shares no other.
    pub(crate) fn forget(&self, serial: u64) {
        self.waiting.borrow_mut().remove(&serial);
        self.links.forget(serial);
    }

    /// Closes connections that waited long enough, and those that the target closed.
    pub(crate) fn sweep(&self, now: Instant) {
        self.waiting.borrow_mut().retain(|_, lines| {
            lines.retain_mut(|waiting| waiting.until > now && waiting.line.looks_idle());
            !lines.is_empty()
        });
        self.links.sweep(now);
    }

    /// Whether there is nothing to look after.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.borrow().is_empty() && self.links.is_empty()
    }

    /// Waits until there is something to look after.
    pub(crate) async fn filled(&self) {
        self.filled.notified().await;
    }

    fn ring(&self) {
        if self.is_empty() {
            self.filled.notify_one();
        }
    }
}
