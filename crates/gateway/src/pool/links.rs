//! Connections to targets that speak HTTP/2. Many requests share one at the same time.

use bytes::Bytes;
use h2::client::SendRequest;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::time::Instant;

/// A worker's connections, by the target's serial number.
#[derive(Debug, Default)]
pub(crate) struct Links(RefCell<BTreeMap<u64, Vec<Rc<Link>>>>);

/// A connection.
struct Link {
    send: SendRequest<Bytes>,
    /// Requests that are under way on it.
    requests: Cell<usize>,
    /// When it has waited long enough for another one.
    until: Cell<Instant>,
}

/// A request's place on a connection, which is not closed as long as this is there.
#[derive(Debug)]
pub(crate) struct Berth {
    link: Rc<Link>,
    /// How long the connection may wait behind the request.
    patience: Duration,
}

/// How a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    /// It takes a request.
    Free,
    /// It has as many as the target allows.
    Full,
    /// It takes no more, since the target says so or is gone.
    Ended,
}

// === impl Links ===

impl Links {
    /// A place on a connection that is there already.
    pub(crate) fn take(&self, serial: u64, patience: Duration) -> Option<Berth> {
        let mut links = self.0.borrow_mut();
        let links = links.get_mut(&serial)?;
        links.retain(|link| link.condition() != Condition::Ended);
        let free = links.iter().find(|link| link.condition() == Condition::Free)?;
        Some(Berth::new(free, patience))
    }

    /// Keeps a new connection, for the request that it was made for and for others.
    pub(super) fn put(&self, serial: u64, send: SendRequest<Bytes>, patience: Duration) -> Berth {
        let until = Cell::new(Instant::now() + patience);
        let link = Rc::new(Link { send, requests: Cell::new(0), until });
        let berth = Berth::new(&link, patience);
        self.0.borrow_mut().entry(serial).or_default().push(link);
        berth
    }

    /// Gives the connections of a target no more requests; those under way end as they do.
    pub(super) fn forget(&self, serial: u64) {
        self.0.borrow_mut().remove(&serial);
    }

    /// Closes connections that waited long enough, and those that the target closed.
    pub(super) fn sweep(&self, now: Instant) {
        self.0.borrow_mut().retain(|_, links| {
            let wanted = |link: &Rc<Link>| link.requests.get() > 0 || link.until.get() > now;
            links.retain(|link| wanted(link) && link.condition() != Condition::Ended);
            !links.is_empty()
        });
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }
}

// === impl Link ===

impl Link {
    fn condition(&self) -> Condition {
        let mut send = self.send.clone();
        match send.poll_ready(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Err(_)) => Condition::Ended,
            Poll::Ready(Ok(())) if self.requests.get() < send.current_max_send_streams() => {
                Condition::Free
            }
            Poll::Ready(Ok(())) | Poll::Pending => Condition::Full,
        }
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("requests", &self.requests).finish_non_exhaustive()
    }
}

// === impl Berth ===

impl Berth {
    fn new(link: &Rc<Link>, patience: Duration) -> Self {
        link.requests.set(link.requests.get() + 1);
        Self { link: Rc::clone(link), patience }
    }

    /// What sends the request.
    pub(crate) fn sender(&self) -> SendRequest<Bytes> {
        self.link.send.clone()
    }
}

impl Drop for Berth {
    fn drop(&mut self) {
        self.link.requests.set(self.link.requests.get() - 1);
        self.link.until.set(Instant::now() + self.patience);
    }
}
