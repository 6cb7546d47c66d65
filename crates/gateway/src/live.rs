//! What workers look at for each request: the rules and rotas of this moment.
//!
//! The keeper writes, the workers read. A reader takes one snapshot a request, so a change applies
//! from the next request on, on connections that exist too. Nothing here is ever locked.

mod group;
mod target;

pub(crate) use group::{Draw, LiveGroup, Place, Rota, WarmUp};
pub(crate) use target::{Accepting, LiveTarget, Spoken, Ticket};

use crate::balance::Shares;
use crate::route::Table;
use crate::routes::{Action, Attributes, FixedResponse, Listener, Redirect, Retouch, Scheme};
use crate::sticky::{Bonds, GroupBond, Visitor};
use crate::tls::Offer;
use arc_swap::ArcSwap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// A listener.
#[derive(Debug)]
pub(crate) struct LiveListener {
    /// What it does with requests.
    pub(crate) plan: ArcSwap<Plan>,
    /// Whether it is gone, so that its connections should end with what they are doing.
    pub(crate) closed: AtomicBool,
    /// How many clients it could not agree on TLS with.
    pub(crate) disagreements: AtomicU64,
}

/// The group with an id, if there is one.
pub(crate) type FindGroup<'a> = &'a dyn Fn(&str) -> Option<Arc<LiveGroup>>;

/// What a listener does with requests.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Its rules.
    pub(crate) table: Table<Course>,
    /// How it treats connections and headers.
    pub(crate) attributes: Attributes,
    /// What it changes in the heads of answers.
    pub(crate) retouch: Retouch,
    /// How clients speak to it.
    pub(crate) scheme: Scheme,
    /// Its side of TLS; absent also where it has none that works.
    pub(crate) offer: Option<Offer>,
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
    stickiness: Option<Duration>,
    turn: AtomicUsize,
}

/// Where a request goes.
#[derive(Debug)]
pub(crate) struct Booking {
    pub(crate) ticket: Ticket,
    /// What the client is told about staying.
    pub(crate) bonds: Bonds,
    /// Whose target it is.
    group: Arc<LiveGroup>,
    /// The targets that refused it.
    refused: Vec<u64>,
}

// === impl Plan ===

impl Plan {
    /// The plan of a listener among these groups.
    pub(crate) fn new(listener: &Listener, offer: Option<Offer>, groups: FindGroup<'_>) -> Self {
        let rules = listener.rules.iter().map(|rule| (rule, Course::new(&rule.action, groups)));
        Self {
            table: Table::new(rules, Course::new(&listener.default, groups)),
            attributes: listener.attributes.clone(),
            retouch: listener.retouch.clone(),
            scheme: if listener.tls.is_some() { Scheme::Https } else { Scheme::Http },
            offer,
            port: listener.port,
            port_text: listener.port.to_string(),
        }
    }
}

// === impl Course ===

impl Course {
    fn new(action: &Action, groups: FindGroup<'_>) -> Self {
        match action {
            Action::Forward(forward) => Self::Forward(Forwarding {
                shares: Shares::new(forward.groups.iter().map(|(_, weight)| *weight).collect()),
                groups: forward.groups.iter().map(|(id, _)| groups(id)).collect(),
                stickiness: forward.stickiness,
                turn: AtomicUsize::new(0),
            }),
            Action::Redirect(redirect) => Self::Redirect(redirect.clone()),
            Action::Fixed(response) => Self::Fixed(response.clone()),
        }
    }
}

// === impl Booking ===

impl Booking {
    /// Goes to another target of the group, as this one refused it; answers whether there is one.
    pub(crate) fn move_on(&mut self) -> bool {
        self.refused.push(self.ticket.serial);
        let Some(pick) = self.group.pick_other(&self.refused) else { return false };
        self.ticket = pick.ticket;
        self.bonds.target = pick.bond;
        true
    }
}

// === impl Forwarding ===

impl Forwarding {
    /// The target of the next request; none when the group whose turn it is has none (there is no
    /// fail-over between groups, reference §4.7).
    pub(crate) fn pick(&self, visitor: &Visitor<'_>, draw: Draw) -> Option<Booking> {
        let known = self.stickiness.and_then(|_| self.known(visitor));
        let group = match known {
            Some(group) => group,
            None => {
                let place = self.shares.choose(self.turn.fetch_add(1, Ordering::Relaxed))?;
                self.groups[place].as_ref()?
            }
        };
        let pick = group.pick(visitor, draw)?;
        let bond =
            self.stickiness.map(|lasting| GroupBond { group: Arc::clone(&group.id), lasting });
        let bonds = Bonds { group: bond, target: pick.bond };
        let (ticket, group) = (pick.ticket, Arc::clone(group));
        Some(Booking { ticket, bonds, group, refused: Vec::new() })
    }

    /// The group that the client stays with, as long as the action names it, with whatever weight.
    fn known(&self, visitor: &Visitor<'_>) -> Option<&Arc<LiveGroup>> {
        let id = visitor.group()?;
        self.groups.iter().flatten().find(|group| *group.id == *id)
    }
}
