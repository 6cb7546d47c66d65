//! A listener's place on the board.

use crate::desks::Desks;
use crate::listen::{self, Bound};
use crate::live::{FindGroup, LiveListener, Plan};
use crate::report::Report;
use crate::routes::{Listener, Tls};
use crate::tls::Offer;
use crate::worker::Order;
use arc_swap::ArcSwap;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::task::{JoinHandle, spawn_local};

/// A listener, listening or not.
#[derive(Debug, Default)]
pub(super) struct ListenerSeat {
    /// As it was applied last.
    settings: Option<Listener>,
    /// Its side of TLS, as it was made for those settings.
    offer: Option<Offer>,
    open: Option<Open>,
    /// Why it does not listen, as reported.
    failure: Option<Report>,
}

/// A listener that listens.
#[derive(Debug)]
struct Open {
    candidate: SocketAddr,
    address: SocketAddr,
    live: Arc<LiveListener>,
    accepting: JoinHandle<()>,
}

impl ListenerSeat {
    /// Where it really listens.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.open.as_ref().map(|open| open.address)
    }

    /// The listener as workers see it, while it listens.
    pub(super) fn live(&self) -> Option<Arc<LiveListener>> {
        self.open.as_ref().map(|open| Arc::clone(&open.live))
    }

    /// Makes it listen where and as it should. Its rules have to be linked to the groups again
    /// when some of them came or went.
    pub(super) async fn apply(
        &mut self,
        id: &str,
        listener: Listener,
        (groups, regrouped): (FindGroup<'_>, &BTreeSet<String>),
        desks: &Desks,
    ) -> Option<Report> {
        let misplaced = |open: &Open| !listener.candidates.contains(&open.candidate);
        if self.open.as_ref().is_some_and(misplaced) {
            self.shut(desks).await;
        }
        if self.settings.as_ref().and_then(|known| known.tls.as_ref()) != listener.tls.as_ref() {
            self.offer = listener.tls.as_ref().and_then(|tls| offer(id, tls));
        }
        let plan = || Plan::new(&listener, self.offer.clone(), groups);
        let changed = leads_to(&listener, regrouped) || self.settings.as_ref() != Some(&listener);
        let report = match &self.open {
            Some(open) if changed => {
                open.live.plan.store(Arc::new(plan()));
                None
            }
            Some(_) => None,
            None => {
                let plan = plan();
                self.open(id, &listener, plan, desks)
            }
        };
        self.settings = Some(listener);
        report
    }

    /// Does what other listeners' and groups' changes leave to do: links its rules to the groups
    /// again that came or went, and tries to listen if it could not.
    pub(super) fn refresh(
        &mut self,
        id: &str,
        (groups, regrouped): (FindGroup<'_>, &BTreeSet<String>),
        desks: &Desks,
    ) -> Option<Report> {
        let listener = self.settings.take()?;
        let report = match &self.open {
            Some(open) if leads_to(&listener, regrouped) => {
                let plan = Plan::new(&listener, self.offer.clone(), groups);
                open.live.plan.store(Arc::new(plan));
                None
            }
            Some(_) => None,
            None => {
                let plan = Plan::new(&listener, self.offer.clone(), groups);
                self.open(id, &listener, plan, desks)
            }
        };
        self.settings = Some(listener);
        report
    }

    /// Stops listening; connections end with what they are doing.
    pub(super) async fn close(mut self, desks: &Desks) {
        self.shut(desks).await;
    }

    /// Starts listening. The same failure is reported once.
    fn open(&mut self, id: &str, listener: &Listener, plan: Plan, desks: &Desks) -> Option<Report> {
        match listen::bind(&listener.candidates) {
            Ok(Bound { socket, candidate, address }) => {
                let live = Arc::new(LiveListener {
                    plan: ArcSwap::from_pointee(plan),
                    closed: AtomicBool::new(false),
                    disagreements: AtomicU64::new(0),
                });
                let accepting =
                    spawn_local(listen::accept(socket, Arc::clone(&live), desks.clone()));
                self.open = Some(Open { candidate, address, live, accepting });
                self.failure = None;
                Some(Report::Bound { listener: id.to_owned(), address })
            }
            Err(why) => {
                let tried = listener.candidates.clone();
                let failure = Report::BindFailed { listener: id.to_owned(), tried, why };
                let known = self.failure.replace(failure.clone());
                (known.as_ref() != Some(&failure)).then_some(failure)
            }
        }
    }

    /// Waits until the socket is closed, so that its address is free.
    async fn shut(&mut self, desks: &Desks) {
        if let Some(open) = self.open.take() {
            open.accepting.abort();
            // An aborted task ends in an error; that is what was asked for.
            let _aborted = open.accepting.await;
            open.live.closed.store(true, Ordering::Release);
            desks.tell_all(|| Order::Nudge);
        }
    }
}

/// Whether a listener leads to one of these groups.
fn leads_to(listener: &Listener, groups: &BTreeSet<String>) -> bool {
    !groups.is_empty() && listener.groups().any(|group| groups.contains(group))
}

/// A listener's side of TLS. One that can't be offered is said, and nobody can connect: there is no
/// way to speak to them.
fn offer(id: &str, tls: &Tls) -> Option<Offer> {
    let offer = Offer::new(tls);
    if let Err(error) = &offer {
        let source = std::error::Error::source(error).map(ToString::to_string);
        tracing::warn!(listener = id, %error, source, "a listener can't offer TLS");
    }
    offer.ok()
}
