//! Who is where: the listeners, groups and targets of this moment, and what changes with new routes.
//!
//! The board belongs to the keeper's thread and is the only writer of what workers read. It holds
//! no socket's data and makes no decision about a request.

mod group;
mod listener;

use crate::desks::Desks;
use crate::live::{LiveListener, LiveTarget};
use crate::report::{Health, Report};
use crate::routes::{Change, Group, Listener, Routes, TargetId};
use crate::tls::Connector;
use group::GroupSeat;
use listener::ListenerSeat;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;

/// What can be asked from any thread; the keeper writes.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    /// Where listeners really listen.
    pub(crate) bound: BTreeMap<String, SocketAddr>,
    /// Those that listen.
    pub(crate) listeners: BTreeMap<String, Arc<LiveListener>>,
    /// The targets by group.
    pub(crate) targets: BTreeMap<String, BTreeMap<TargetId, Arc<LiveTarget>>>,
}

/// A change of a verdict, from a prober.
#[derive(Debug)]
pub(crate) struct Verdict {
    group: String,
    target: TargetId,
    /// The target's serial number: a prober of an earlier target of that address may be late.
    serial: u64,
    health: Health,
}

/// Everything the keeper keeps.
#[derive(Debug)]
pub(crate) struct Board {
    listeners: BTreeMap<String, ListenerSeat>,
    groups: BTreeMap<String, GroupSeat>,
    hands: Hands,
    directory: Arc<Mutex<Directory>>,
}

/// What the board's parts need to act.
#[derive(Debug)]
struct Hands {
    desks: Desks,
    verdicts: mpsc::UnboundedSender<Verdict>,
    connector: Connector,
    /// The serial number given last.
    serial: u64,
}

impl Board {
    /// An empty board.
    pub(crate) fn new(
        desks: Desks,
        verdicts: mpsc::UnboundedSender<Verdict>,
        directory: Arc<Mutex<Directory>>,
    ) -> Self {
        let hands = Hands { desks, verdicts, connector: Connector::new(), serial: 0 };
        Self { listeners: BTreeMap::new(), groups: BTreeMap::new(), hands, directory }
    }

    /// Makes the board follow `routes`; what is the same is left alone.
    pub(crate) async fn apply(&mut self, routes: Routes) -> Vec<Report> {
        let Routes { listeners, groups } = routes;
        let mut change = Change {
            listeners: listeners.into_iter().map(|(id, held)| (id, Some(held))).collect(),
            groups: groups.into_iter().map(|(id, held)| (id, Some(held))).collect(),
        };
        for id in self.listeners.keys() {
            change.listeners.entry(id.clone()).or_default();
        }
        for id in self.groups.keys() {
            change.groups.entry(id.clone()).or_default();
        }
        self.change(change).await
    }

    /// Makes the board follow routes that are other than before in this.
    ///
    /// Groups come first, so that no rule leads to a group that is not there yet; what listeners
    /// no longer need goes last. Listeners that are gone make room for others.
    pub(crate) async fn change(&mut self, change: Change) -> Vec<Report> {
        let Change { listeners, groups } = change;
        let (touched, regrouped) = (names(&listeners, &groups), self.regroup(&groups));
        let mut leaving = Vec::new();
        for id in groups.into_iter().filter(|(_, group)| group.is_none()).map(|(id, _)| id) {
            leaving.extend(self.groups.remove(&id));
        }
        let (gone, staying): (Vec<_>, Vec<_>) =
            listeners.into_iter().partition(|(_, listener)| listener.is_none());
        for (id, _) in gone {
            if let Some(seat) = self.listeners.remove(&id) {
                seat.close(&self.hands.desks).await;
            }
        }
        let reports = self.listen(staying, &regrouped).await;
        for mut seat in leaving {
            seat.clear(&mut self.hands);
        }
        self.note(touched);
        reports
    }

    /// Makes groups follow their settings; answers those that come or go.
    fn regroup(&mut self, groups: &BTreeMap<String, Option<Group>>) -> BTreeSet<String> {
        let mut regrouped = BTreeSet::new();
        for (id, group) in groups {
            if self.groups.contains_key(id) != group.is_some() {
                regrouped.insert(id.clone());
            }
            if let Some(group) = group {
                let seat = self.groups.entry(id.clone()).or_insert_with(|| GroupSeat::empty(id));
                seat.apply(id, group, &mut self.hands);
            }
        }
        regrouped
    }

    /// Makes listeners follow their settings, and the others what that means to them.
    async fn listen(
        &mut self,
        listeners: Vec<(String, Option<Listener>)>,
        regrouped: &BTreeSet<String>,
    ) -> Vec<Report> {
        let Self { listeners: seats, groups, hands, .. } = self;
        let find = |id: &str| groups.get(id).map(GroupSeat::live);
        let mut reports = Vec::new();
        let mut applied = BTreeSet::new();
        for (id, listener) in listeners {
            let Some(listener) = listener else { continue };
            let seat = seats.entry(id.clone()).or_default();
            reports.extend(seat.apply(&id, listener, (&find, regrouped), &hands.desks).await);
            applied.insert(id);
        }
        for (id, seat) in seats.iter_mut().filter(|(id, _)| !applied.contains(*id)) {
            reports.extend(seat.refresh(id, (&find, regrouped), &hands.desks));
        }
        reports
    }

    /// Takes a prober's word, if it still counts.
    pub(crate) fn judge(&mut self, verdict: Verdict) -> Option<Report> {
        let Verdict { group, target, serial, health } = verdict;
        self.groups.get_mut(&group)?.judge(target, serial, health)?;
        Some(Report::Health { group, target, health })
    }

    /// Ends all listening and probing.
    pub(crate) async fn clear(&mut self) {
        for seat in std::mem::take(&mut self.listeners).into_values() {
            seat.close(&self.hands.desks).await;
        }
        for seat in self.groups.values_mut() {
            seat.rest();
        }
    }

    /// Notes for other threads what is where now, as far as that changed. A listener that could not
    /// listen may do so with the change of another one.
    fn note(&self, (listeners, groups): (BTreeSet<String>, BTreeSet<String>)) {
        let mut directory = self.directory.lock().unwrap_or_else(PoisonError::into_inner);
        let unbound = self.listeners.keys().filter(|id| !directory.bound.contains_key(*id));
        let listeners: BTreeSet<String> = unbound.cloned().chain(listeners).collect();
        for id in listeners {
            let seat = self.listeners.get(&id);
            put(&mut directory.bound, &id, seat.and_then(ListenerSeat::address));
            put(&mut directory.listeners, &id, seat.and_then(ListenerSeat::live));
        }
        for id in groups {
            let targets = self.groups.get(&id).map(GroupSeat::targets);
            put(&mut directory.targets, &id, targets);
        }
    }
}

/// The listeners and the groups that a change names.
fn names(
    listeners: &BTreeMap<String, Option<Listener>>,
    groups: &BTreeMap<String, Option<Group>>,
) -> (BTreeSet<String>, BTreeSet<String>) {
    (listeners.keys().cloned().collect(), groups.keys().cloned().collect())
}

/// Sets an entry, or takes it out.
fn put<T>(entries: &mut BTreeMap<String, T>, id: &str, value: Option<T>) {
    match value {
        Some(value) => drop(entries.insert(id.to_owned(), value)),
        None => drop(entries.remove(id)),
    }
}

// === impl Hands ===

impl Hands {
    fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }
}
