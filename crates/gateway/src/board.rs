//! Who is where: the listeners, groups and targets of this moment, and what changes with new routes.
//!
//! The board belongs to the keeper's thread and is the only writer of what workers read. It holds
//! no socket's data and makes no decision about a request.

mod group;
mod listener;

use crate::desks::Desks;
use crate::live::{LiveGroup, LiveListener, LiveTarget};
use crate::report::{Health, Report};
use crate::routes::{Routes, TargetId};
use crate::tls::Connector;
use arc_swap::ArcSwap;
use group::GroupSeat;
use listener::ListenerSeat;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::mpsc;

/// What can be asked from any thread.
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
    directory: Arc<ArcSwap<Directory>>,
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
        directory: Arc<ArcSwap<Directory>>,
    ) -> Self {
        let hands = Hands { desks, verdicts, connector: Connector::new(), serial: 0 };
        Self { listeners: BTreeMap::new(), groups: BTreeMap::new(), hands, directory }
    }

    /// Makes the board follow `routes`; what is the same is left alone.
    ///
    /// Groups come first, so that no rule leads to a group that is not there yet; what listeners
    /// no longer need goes last.
    pub(crate) async fn apply(&mut self, routes: Routes) -> Vec<Report> {
        let mut reports = Vec::new();
        let regrouped = !self.groups.keys().eq(routes.groups.keys());
        for (id, group) in &routes.groups {
            let seat = self.groups.entry(id.clone()).or_insert_with(|| GroupSeat::empty(id));
            seat.apply(id, group, &mut self.hands);
        }
        self.close_listeners(&routes).await;
        let groups = self.live_groups(&routes);
        for (id, listener) in routes.listeners {
            let seat = self.listeners.entry(id.clone()).or_default();
            reports
                .extend(seat.apply(&id, listener, (&groups, regrouped), &self.hands.desks).await);
        }
        self.groups.retain(|id, seat| {
            let stays = routes.groups.contains_key(id);
            if !stays {
                seat.clear(&mut self.hands);
            }
            stays
        });
        self.publish_directory();
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

    /// Closes listeners that are gone, so that others can have their addresses.
    async fn close_listeners(&mut self, routes: &Routes) {
        let gone = |id: &String| !routes.listeners.contains_key(id);
        let gone: Vec<String> = self.listeners.keys().filter(|id| gone(id)).cloned().collect();
        for id in gone {
            if let Some(seat) = self.listeners.remove(&id) {
                seat.close(&self.hands.desks).await;
            }
        }
    }

    fn live_groups(&self, routes: &Routes) -> BTreeMap<String, Arc<LiveGroup>> {
        let known = self.groups.iter().filter(|(id, _)| routes.groups.contains_key(*id));
        known.map(|(id, seat)| (id.clone(), seat.live())).collect()
    }

    fn publish_directory(&self) {
        let (bound, listeners) = (self.listeners.iter(), self.listeners.iter());
        let targets = self.groups.iter();
        self.directory.store(Arc::new(Directory {
            bound: bound.filter_map(|(id, seat)| Some((id.clone(), seat.address()?))).collect(),
            listeners: listeners
                .filter_map(|(id, seat)| Some((id.clone(), seat.live()?)))
                .collect(),
            targets: targets.map(|(id, seat)| (id.clone(), seat.targets())).collect(),
        }));
    }
}

// === impl Hands ===

impl Hands {
    fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }
}
