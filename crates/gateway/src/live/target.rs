//! A target as workers see it, and the requests that it has in flight.

use crate::routes::{ProtocolVersion, Scheme, TargetId};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// How a target is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spoken {
    pub(crate) scheme: Scheme,
    pub(crate) version: ProtocolVersion,
}

/// A target.
#[derive(Debug)]
pub(crate) struct LiveTarget {
    /// The caller's id of its group.
    pub(crate) group: Arc<str>,
    /// Where it listens.
    pub(crate) id: TargetId,
    /// How it is spoken to.
    pub(crate) spoken: Spoken,
    /// What idle connections to it are kept under; never used twice.
    pub(crate) serial: u64,
    accepts: AtomicBool,
    cut: AtomicBool,
    in_flight: AtomicUsize,
}

/// A request's place at a target; while it lives, the request counts as in flight.
#[derive(Debug)]
pub(crate) struct Ticket(Arc<LiveTarget>);

// === impl LiveTarget ===

impl LiveTarget {
    /// A target without requests.
    pub(crate) fn new((group, id): (&Arc<str>, TargetId), spoken: Spoken, serial: u64) -> Self {
        Self {
            group: Arc::clone(group),
            id,
            spoken,
            serial,
            accepts: AtomicBool::new(true),
            cut: AtomicBool::new(false),
            in_flight: AtomicUsize::new(0),
        }
    }

    /// Opens or closes it for new requests. It must be off the rota before it is closed.
    pub(crate) fn accept(&self, accepts: Accepting) {
        self.accepts.store(accepts == Accepting::Yes, Ordering::SeqCst);
    }

    /// Whether it takes new requests.
    pub(crate) fn accepts(&self) -> bool {
        self.accepts.load(Ordering::SeqCst)
    }

    /// Ends its requests in flight; their connections have to be woken.
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::Release);
    }

    /// Whether its requests have to end.
    pub(crate) fn is_cut(&self) -> bool {
        self.cut.load(Ordering::Acquire)
    }

    /// How many requests it has.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::SeqCst)
    }
}

/// Whether a target takes new requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accepting {
    Yes,
    No,
}

// === impl Spoken ===

impl Spoken {
    /// HTTP/1.1 without TLS.
    #[cfg(test)]
    pub(crate) const PLAIN: Self = Self { scheme: Scheme::Http, version: ProtocolVersion::Http1 };
}

// === impl Ticket ===

impl Ticket {
    /// Counts first and looks then, while the keeper closes first and counts then: whoever sees no
    /// request in flight at a closed target knows that none will come.
    pub(super) fn take(target: &Arc<LiveTarget>) -> Option<Self> {
        target.in_flight.fetch_add(1, Ordering::SeqCst);
        let ticket = Self(Arc::clone(target));
        ticket.accepts().then_some(ticket)
    }
}

impl std::ops::Deref for Ticket {
    type Target = LiveTarget;

    fn deref(&self) -> &LiveTarget {
        &self.0
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::{Accepting, LiveTarget, Spoken, Ticket};
    use crate::routes::TargetId;
    use std::net::{Ipv4Addr, SocketAddr};
    use std::sync::Arc;

    #[test]
    fn a_closed_target_gives_no_ticket() {
        let id = TargetId::from(SocketAddr::from((Ipv4Addr::LOCALHOST, 1)));
        let one = Arc::new(LiveTarget::new((&"app".into(), id), Spoken::PLAIN, 1));
        one.accept(Accepting::No);
        assert!(Ticket::take(&one).is_none());
        assert_eq!(one.in_flight(), 0);
    }
}
