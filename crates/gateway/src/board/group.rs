//! A target group's place on the board.

use super::{Hands, Verdict};
use crate::balance::{self, Standing, eligible};
use crate::desks::Desks;
use crate::live::{Accepting, LiveGroup, LiveTarget, Place, Rota, Spoken, WarmUp};
use crate::probe;
use crate::report::Health;
use crate::routes::{Group, HealthCheck, Stickiness, TargetId, TargetUse};
use crate::worker::Order;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{AbortHandle, spawn_local};
use tokio::time::Instant;

/// A group and its targets.
#[derive(Debug)]
pub(super) struct GroupSeat {
    live: Arc<LiveGroup>,
    /// As applied last; absent before the first routes.
    settings: Option<Group>,
    stickiness: Option<Arc<Stickiness>>,
    targets: BTreeMap<TargetId, TargetSeat>,
}

/// A target.
#[derive(Debug)]
struct TargetSeat {
    live: Arc<LiveTarget>,
    usage: TargetUse,
    health: Option<Health>,
    /// When it turned healthy, if it started slowly then.
    slow_since: Option<Instant>,
    /// The running prober, while the target is in service.
    prober: Option<AbortHandle>,
}

// === impl GroupSeat ===

impl GroupSeat {
    /// A group without targets.
    pub(super) fn empty(id: &str) -> Self {
        let live = Arc::new(LiveGroup::new(id, Rota::empty()));
        Self { live, settings: None, stickiness: None, targets: BTreeMap::new() }
    }

    /// The group as workers see it.
    pub(super) fn live(&self) -> Arc<LiveGroup> {
        Arc::clone(&self.live)
    }

    /// The targets as workers see them.
    pub(super) fn targets(&self) -> BTreeMap<TargetId, Arc<LiveTarget>> {
        self.targets.iter().map(|(id, seat)| (*id, Arc::clone(&seat.live))).collect()
    }

    /// Makes the group follow its settings.
    pub(super) fn apply(&mut self, id: &str, group: &Group, hands: &mut Hands) {
        if self.settings.as_ref() == Some(group) {
            return;
        }
        let known = self.settings.replace(group.clone());
        self.stickiness = group.stickiness.clone().map(Arc::new);
        let checked_anew = known.as_ref().is_none_or(|known| known.check != group.check);
        // Connections are of another kind then, so none of them can be kept.
        let reborn = known.as_ref().is_some_and(|known| spoken(known) != spoken(group));
        let gone =
            |target: &TargetId, _: &mut TargetSeat| reborn || !group.targets.contains_key(target);
        let leaving: Vec<_> = self.targets.extract_if(.., gone).map(|(_, seat)| seat).collect();
        let mut closing = Vec::new();
        for (target, usage) in &group.targets {
            let new =
                || TargetSeat::new((&self.live.id, *target), spoken(group), hands.next_serial());
            let seat = self.targets.entry(*target).or_insert_with(new);
            if seat.change(*usage) == Turned::Away {
                closing.push(Arc::clone(&seat.live));
            }
            if *usage == TargetUse::InService && (checked_anew || seat.prober.is_none()) {
                seat.probe(id, &group.check, hands);
            }
        }
        // Off the rota first: workers rely on that order.
        self.publish();
        for live in closing {
            live.accept(Accepting::No);
            hands.desks.tell_all(|| Order::Forget(live.serial));
        }
        leaving.into_iter().for_each(|seat| seat.leave(group.linger, hands));
    }

    /// Notes a verdict; none when it does not count any more.
    pub(super) fn judge(&mut self, target: TargetId, serial: u64, health: Health) -> Option<()> {
        let now = Instant::now();
        let slow_start = self.slow_start();
        let others = self.targets.iter().filter(|(id, seat)| **id != target && seat.is_healthy());
        let shares: Vec<u32> = others.map(|(_, seat)| seat.share(now, slow_start)).collect();
        let seat = self.targets.get_mut(&target)?;
        if seat.live.serial != serial || seat.prober.is_none() || seat.health == Some(health) {
            return None;
        }
        let turns_healthy = health == Health::Healthy;
        let slowly = turns_healthy && balance::starts_slowly(slow_start, shares);
        seat.slow_since = slowly.then_some(now);
        seat.health = Some(health);
        self.publish();
        Some(())
    }

    /// Lets all targets go.
    pub(super) fn clear(&mut self, hands: &mut Hands) {
        let leaving = std::mem::take(&mut self.targets);
        self.publish();
        for seat in leaving.into_values() {
            seat.leave(Duration::ZERO, hands);
        }
    }

    /// Stops probing.
    pub(super) fn rest(&mut self) {
        for seat in self.targets.values_mut() {
            seat.rest();
        }
    }

    fn slow_start(&self) -> Duration {
        self.settings.as_ref().map_or(Duration::ZERO, |group| group.slow_start)
    }

    /// Tells the workers who gets requests now.
    fn publish(&self) {
        let Some(group) = &self.settings else { return };
        let standings = self.targets.values().map(|seat| (seat, seat.standing()));
        let place = |seat: &TargetSeat| Place {
            target: Arc::clone(&seat.live),
            healthy: seat.is_healthy(),
            warm_up: seat.slow_since.map(|since| WarmUp::new(since, group.slow_start)),
        };
        let places = eligible(standings, group.threshold).into_iter().map(place).collect();
        let (algorithm, stickiness) = (group.algorithm, self.stickiness.clone());
        self.live.publish(Rota { algorithm, stickiness, places });
    }
}

/// Ends a target's requests in flight.
fn cut(live: &LiveTarget, desks: &Desks) {
    live.cut();
    desks.tell_all(|| Order::Nudge);
}

// === impl TargetSeat ===

/// Whether a target was turned away from new requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turned {
    Away,
    NotAway,
}

impl TargetSeat {
    fn new(id: (&Arc<str>, TargetId), spoken: Spoken, serial: u64) -> Self {
        let live = Arc::new(LiveTarget::new(id, spoken, serial));
        Self { live, usage: TargetUse::InService, health: None, slow_since: None, prober: None }
    }

    fn standing(&self) -> Standing {
        Standing { usage: self.usage, healthy: self.is_healthy() }
    }

    fn is_healthy(&self) -> bool {
        self.health == Some(Health::Healthy)
    }

    /// The share of requests that the target gets by its slow start.
    fn share(&self, now: Instant, slow_start: Duration) -> u32 {
        let ago = |since| now.saturating_duration_since(since);
        self.slow_since.map_or(balance::WHOLE, |since| balance::share(ago(since), slow_start))
    }

    /// Changes what the target is there for. One that drains is not checked, and one that comes
    /// back is as if it were new (reference §4.3).
    fn change(&mut self, usage: TargetUse) -> Turned {
        let before = std::mem::replace(&mut self.usage, usage);
        match (before, usage) {
            (TargetUse::InService, TargetUse::Draining) => {
                self.rest();
                (self.health, self.slow_since) = (None, None);
                Turned::Away
            }
            (TargetUse::Draining, TargetUse::InService) => {
                self.live.accept(Accepting::Yes);
                Turned::NotAway
            }
            (TargetUse::InService, TargetUse::InService)
            | (TargetUse::Draining, TargetUse::Draining) => Turned::NotAway,
        }
    }

    /// Starts probing, from the verdict known so far.
    fn probe(&mut self, group: &str, check: &HealthCheck, hands: &Hands) {
        self.rest();
        let (group, verdicts) = (group.to_owned(), hands.verdicts.clone());
        let (target, serial) = (self.live.id, self.live.serial);
        let tell = move |health| {
            // When the keeper is gone, so is this task in a moment.
            let _told = verdicts.send(Verdict { group: group.clone(), target, serial, health });
        };
        let (check, connector) = (check.clone(), hands.connector.clone());
        let probing = probe::watch((target, connector), check, self.health, tell);
        self.prober = Some(spawn_local(probing).abort_handle());
    }

    fn rest(&mut self) {
        if let Some(prober) = self.prober.take() {
            prober.abort();
        }
    }

    /// Lets the target go: its requests in flight end (reference §4.5), those of one that drained
    /// after so long.
    fn leave(mut self, linger: Duration, hands: &Hands) {
        self.rest();
        self.live.accept(Accepting::No);
        hands.desks.tell_all(|| Order::Forget(self.live.serial));
        let desks = hands.desks.clone();
        if linger.is_zero() || self.usage != TargetUse::Draining {
            return cut(&self.live, &desks);
        }
        let live = self.live;
        spawn_local(async move {
            tokio::time::sleep(linger).await;
            cut(&live, &desks);
        });
    }
}

fn spoken(group: &Group) -> Spoken {
    Spoken { scheme: group.scheme, version: group.version }
}
