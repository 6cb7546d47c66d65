//! What workers look at for each request: the rules and rotas of this moment.
//!
//! The keeper writes, the workers read. A reader takes one snapshot a request, so a change applies
//! from the next request on, on connections that exist too. Nothing here is ever locked.

use crate::balance::{self, Shares};
use crate::route::Table;
use crate::routes::{
    Action, Algorithm, Attributes, FixedResponse, Listener, Redirect, Scheme, TargetId,
};
use arc_swap::ArcSwap;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A listener.
#[derive(Debug)]
pub(crate) struct LiveListener {
    /// What it does with requests.
    pub(crate) plan: ArcSwap<Plan>,
    /// Whether it is gone, so that its connections should end with what they are doing.
    pub(crate) closed: AtomicBool,
}

/// What a listener does with requests.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Its rules.
    pub(crate) table: Table<Course>,
    /// How it treats connections and headers.
    pub(crate) attributes: Attributes,
    /// How clients speak to it.
    pub(crate) scheme: Scheme,
    /// The port that clients believe in.
    pub(crate) port: u16,
    /// The same, as text.
    pub(crate) port_text: String,
}

/// What a rule leads to.
#[derive(Debug)]
pub(crate) enum Course {
    Forward(Forwarding),
    Redirect(Redirect),
    Fixed(FixedResponse),
}

/// Groups by weight, and whose turn it is.
#[derive(Debug)]
pub(crate) struct Forwarding {
    shares: Shares,
    /// By the shares' places; absent for groups that don't exist.
    groups: Vec<Option<Arc<LiveGroup>>>,
    turn: AtomicUsize,
}

/// A target group.
#[derive(Debug)]
pub(crate) struct LiveGroup {
    rota: ArcSwap<Rota>,
    turn: AtomicUsize,
}

/// The targets that get requests now.
#[derive(Debug)]
pub(crate) struct Rota {
    /// How one of them is picked.
    pub(crate) algorithm: Algorithm,
    /// The targets.
    pub(crate) targets: Vec<Arc<LiveTarget>>,
}

/// A target.
#[derive(Debug)]
pub(crate) struct LiveTarget {
    /// Where it listens.
    pub(crate) id: TargetId,
    /// What idle connections to it are kept under; never used twice.
    pub(crate) serial: u64,
    accepts: AtomicBool,
    cut: AtomicBool,
    in_flight: AtomicUsize,
}

/// A request's place at a target; while it lives, the request counts as in flight.
#[derive(Debug)]
pub(crate) struct Ticket(Arc<LiveTarget>);

// === impl Plan ===

impl Plan {
    /// The plan of a listener among these groups.
    pub(crate) fn new(listener: &Listener, groups: &BTreeMap<String, Arc<LiveGroup>>) -> Self {
        let rules = listener.rules.iter().map(|rule| (rule, Course::new(&rule.action, groups)));
        Self {
            table: Table::new(rules, Course::new(&listener.default, groups)),
            attributes: listener.attributes.clone(),
            scheme: listener.scheme,
            port: listener.port,
            port_text: listener.port.to_string(),
        }
    }
}

// === impl Course ===

impl Course {
    fn new(action: &Action, groups: &BTreeMap<String, Arc<LiveGroup>>) -> Self {
        match action {
            Action::Forward(forward) => Self::Forward(Forwarding {
                shares: Shares::new(forward.groups.iter().map(|(_, weight)| *weight).collect()),
                groups: forward.groups.iter().map(|(id, _)| groups.get(id).cloned()).collect(),
                turn: AtomicUsize::new(0),
            }),
            Action::Redirect(redirect) => Self::Redirect(redirect.clone()),
            Action::Fixed(response) => Self::Fixed(response.clone()),
        }
    }
}

// === impl Forwarding ===

impl Forwarding {
    /// The target of the next request; none when the group whose turn it is has none (there is no
    /// fail-over between groups, reference §4.7).
    pub(crate) fn pick(&self) -> Option<Ticket> {
        let place = self.shares.choose(self.turn.fetch_add(1, Ordering::Relaxed))?;
        self.groups[place].as_ref()?.pick()
    }
}

// === impl LiveGroup ===

impl LiveGroup {
    /// A group with this rota.
    pub(crate) fn new(rota: Rota) -> Self {
        Self { rota: ArcSwap::from_pointee(rota), turn: AtomicUsize::new(0) }
    }

    /// Replaces the rota.
    pub(crate) fn publish(&self, rota: Rota) {
        self.rota.store(Arc::new(rota));
    }

    fn pick(&self) -> Option<Ticket> {
        loop {
            let rota = self.rota.load();
            let turn = self.turn.fetch_add(1, Ordering::Relaxed);
            let place = balance::pick(rota.algorithm, rota.targets.len(), turn)?;
            // A target that stopped accepting meanwhile was taken off the rota before it did, so
            // the next look sees another rota.
            if let Some(ticket) = Ticket::take(&rota.targets[place]) {
                return Some(ticket);
            }
        }
    }
}

// === impl LiveTarget ===

impl LiveTarget {
    /// A target without requests.
    pub(crate) fn new(id: TargetId, serial: u64) -> Self {
        Self {
            id,
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

// === impl Ticket ===

impl Ticket {
    /// Counts first and looks then, while the keeper closes first and counts then: whoever sees no
    /// request in flight at a closed target knows that none will come.
    fn take(target: &Arc<LiveTarget>) -> Option<Self> {
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
    use super::{Accepting, LiveGroup, LiveTarget, Rota};
    use crate::routes::{Algorithm, TargetId};
    use std::net::{Ipv4Addr, SocketAddr};
    use std::sync::Arc;

    fn target(port: u16) -> Arc<LiveTarget> {
        let id = TargetId::from(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        Arc::new(LiveTarget::new(id, u64::from(port)))
    }

    fn rota(targets: &[&Arc<LiveTarget>]) -> Rota {
        let targets = targets.iter().map(|target| Arc::clone(target)).collect();
        Rota { algorithm: Algorithm::RoundRobin, targets }
    }

    #[test]
    fn a_request_counts_as_in_flight_until_its_ticket_is_dropped() {
        let one = target(1);
        let group = LiveGroup::new(rota(&[&one]));
        let (first, second) = (group.pick(), group.pick());
        assert_eq!(one.in_flight(), 2);
        drop(first);
        assert_eq!(one.in_flight(), 1);
        drop(second);
        assert_eq!(one.in_flight(), 0);
    }

    #[test]
    fn a_published_rota_applies_to_the_next_request() {
        let (one, two) = (target(1), target(2));
        let group = LiveGroup::new(rota(&[&one]));
        group.publish(rota(&[&two]));
        assert_eq!(group.pick().map(|ticket| ticket.id.port), Some(2));
        group.publish(rota(&[]));
        assert!(group.pick().is_none());
    }

    #[test]
    fn a_closed_target_gives_no_ticket() {
        let one = target(1);
        one.accept(Accepting::No);
        assert!(super::Ticket::take(&one).is_none());
        assert_eq!(one.in_flight(), 0);
    }
}
