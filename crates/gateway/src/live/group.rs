//! A target group as workers see it: who gets its next request.

use super::target::{LiveTarget, Ticket};
use crate::balance;
use crate::routes::{Algorithm, Stickiness};
use crate::sticky::{TargetBond, Visitor};
use arc_swap::ArcSwap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// A target group.
#[derive(Debug)]
pub(crate) struct LiveGroup {
    /// The caller's id of it.
    pub(crate) id: Arc<str>,
    rota: ArcSwap<Rota>,
    turn: AtomicUsize,
}

/// The targets that get requests now.
#[derive(Debug)]
pub(crate) struct Rota {
    /// How one of them is picked.
    pub(crate) algorithm: Algorithm,
    /// How a client stays with one of them.
    pub(crate) stickiness: Option<Arc<Stickiness>>,
    /// The targets, by their ids.
    pub(crate) places: Vec<Place>,
}

/// A target's place on the rota.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) target: Arc<LiveTarget>,
    /// Whether its checks pass; under fail-open it may get requests all the same.
    pub(crate) healthy: bool,
    /// Its slow start; absent when it gets its whole share.
    pub(crate) warm_up: Option<WarmUp>,
}

/// A slow start.
#[derive(Debug)]
pub(crate) struct WarmUp {
    /// When the target turned healthy.
    since: Instant,
    lasting: Duration,
    /// The turns that it has earned so far.
    earned: AtomicU32,
}

/// What a choice that cookies don't make depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draw {
    /// Now.
    pub(crate) now: Instant,
    /// A number by chance.
    pub(crate) chance: u64,
}

/// A target with room for the request, and what the client is told of it.
#[derive(Debug)]
pub(crate) struct Pick {
    pub(crate) ticket: Ticket,
    pub(crate) bond: Option<TargetBond>,
}

/// Whether a cookie led to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Yes,
    No,
}

// === impl Known ===

impl Known {
    fn by(place: Option<usize>) -> Self {
        if place.is_some() { Self::Yes } else { Self::No }
    }
}

// === impl LiveGroup ===

impl LiveGroup {
    /// A group with this rota.
    pub(crate) fn new(id: &str, rota: Rota) -> Self {
        Self { id: id.into(), rota: ArcSwap::from_pointee(rota), turn: AtomicUsize::new(0) }
    }

    /// Replaces the rota.
    pub(crate) fn publish(&self, rota: Rota) {
        self.rota.store(Arc::new(rota));
    }

    /// The target that the client stays with, else the one that the algorithm picks.
    pub(super) fn pick(&self, visitor: &Visitor<'_>, draw: Draw) -> Option<Pick> {
        loop {
            let rota = self.rota.load();
            let known = rota.known(&self.id, visitor);
            let place = match known {
                Some(place) => place,
                None => rota.choose(&self.turn, draw)?,
            };
            // A target that stopped accepting meanwhile was taken off the rota before it did, so
            // the next look sees another rota.
            let Some(ticket) = Ticket::take(&rota.places[place].target) else { continue };
            return Some(self.booked(&rota, ticket, Known::by(known)));
        }
    }

    /// A healthy target that is none of these, the next in turn. Under fail-open there is none: what
    /// targets do is to be seen then (reference §4.4).
    pub(super) fn pick_other(&self, from: &[u64]) -> Option<Pick> {
        let rota = self.rota.load();
        if rota.places.iter().any(|place| !place.healthy) {
            return None;
        }
        let count = rota.places.len();
        let first = self.turn.fetch_add(1, Ordering::Relaxed);
        let places =
            (0..count).filter_map(|step| balance::in_turn(count, first.wrapping_add(step)));
        let others = places.map(|place| &rota.places[place].target);
        let mut others = others.filter(|target| !from.contains(&target.serial));
        others.find_map(Ticket::take).map(|ticket| self.booked(&rota, ticket, Known::No))
    }

    fn booked(&self, rota: &Rota, ticket: Ticket, known: Known) -> Pick {
        let bond = rota.stickiness.as_ref().map(|stickiness| TargetBond {
            group: Arc::clone(&self.id),
            target: ticket.id,
            stickiness: Arc::clone(stickiness),
            known: known == Known::Yes,
        });
        Pick { ticket, bond }
    }
}

// === impl Rota ===

impl Rota {
    /// A rota without targets.
    pub(crate) fn empty() -> Self {
        Self { algorithm: Algorithm::RoundRobin, stickiness: None, places: Vec::new() }
    }

    /// The place of the target that the client stays with, if it gets requests now.
    fn known(&self, group: &str, visitor: &Visitor<'_>) -> Option<usize> {
        let target = visitor.target(group, self.stickiness.as_ref()?)?;
        self.places.binary_search_by_key(&target, |place| place.target.id).ok()
    }

    /// The place that the algorithm picks.
    fn choose(&self, turn: &AtomicUsize, draw: Draw) -> Option<usize> {
        let count = self.places.len();
        let next = || turn.fetch_add(1, Ordering::Relaxed);
        match self.algorithm {
            Algorithm::RoundRobin => {
                // Where all start slowly nobody may take a turn for a while; then the last one does.
                let mut turns = std::iter::repeat_with(next).take(count.saturating_mul(2));
                let taken = turns.find(|turn| self.places[turn % count].takes_turn(draw.now));
                balance::in_turn(count, taken.unwrap_or_else(next))
            }
            Algorithm::LeastOutstandingRequests => {
                balance::least(count, next(), |place| self.places[place].target.in_flight())
            }
            Algorithm::WeightedRandom => balance::by_chance(count, draw.chance),
        }
    }
}

// === impl Place ===

impl Place {
    fn takes_turn(&self, now: Instant) -> bool {
        let Some(warm_up) = &self.warm_up else { return true };
        let share = warm_up.share(now);
        balance::takes_turn(warm_up.earned.fetch_add(share, Ordering::Relaxed), share)
    }
}

// === impl WarmUp ===

impl WarmUp {
    /// The slow start of a target that turned healthy then.
    pub(crate) fn new(since: Instant, lasting: Duration) -> Self {
        Self { since, lasting, earned: AtomicU32::new(0) }
    }

    fn share(&self, now: Instant) -> u32 {
        balance::share(now.saturating_duration_since(self.since), self.lasting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::{Accepting, Spoken};
    use crate::routes::TargetId;
    use crate::sticky::{Cookies, Seal};
    use model::Timestamp;
    use std::net::{Ipv4Addr, SocketAddr};

    fn target(port: u16) -> Arc<LiveTarget> {
        let id = TargetId::from(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        Arc::new(LiveTarget::new((&"app".into(), id), Spoken::PLAIN, u64::from(port)))
    }

    fn rota(algorithm: Algorithm, targets: &[&Arc<LiveTarget>]) -> Rota {
        let place = |target: &&Arc<LiveTarget>| Place {
            target: Arc::clone(target),
            healthy: true,
            warm_up: None,
        };
        Rota { algorithm, stickiness: None, places: targets.iter().map(place).collect() }
    }

    fn round_robin(targets: &[&Arc<LiveTarget>]) -> LiveGroup {
        LiveGroup::new("app", rota(Algorithm::RoundRobin, targets))
    }

    fn pick_at(group: &LiveGroup, now: Instant) -> Option<Ticket> {
        let seal = Seal::new(&[7; 32]);
        let now_by_clock = Timestamp::from_seconds(0);
        let visitor = Visitor { cookies: Cookies(&[]), seal: &seal, now: now_by_clock };
        group.pick(&visitor, Draw { now, chance: 0 }).map(|pick| pick.ticket)
    }

    fn pick(group: &LiveGroup) -> Option<Ticket> {
        pick_at(group, Instant::now())
    }

    #[test]
    fn a_request_counts_as_in_flight_until_its_ticket_is_dropped() {
        let one = target(1);
        let group = round_robin(&[&one]);
        let (first, second) = (pick(&group), pick(&group));
        assert_eq!(one.in_flight(), 2);
        drop(first);
        assert_eq!(one.in_flight(), 1);
        drop(second);
        assert_eq!(one.in_flight(), 0);
    }

    #[test]
    fn a_published_rota_applies_to_the_next_request() {
        let (one, two) = (target(1), target(2));
        let group = round_robin(&[&one]);
        group.publish(rota(Algorithm::RoundRobin, &[&two]));
        assert_eq!(pick(&group).map(|ticket| ticket.id.port), Some(2));
        group.publish(Rota::empty());
        assert!(pick(&group).is_none());
    }

    #[test]
    fn another_target_is_one_that_was_not_tried() {
        let targets = [target(1), target(2), target(3)];
        let group = round_robin(&targets.each_ref());
        for _ in 0..5 {
            assert_eq!(group.pick_other(&[1, 3]).map(|pick| pick.ticket.id.port), Some(2));
        }
        assert!(group.pick_other(&[1, 2, 3]).is_none());
        targets[1].accept(Accepting::No);
        assert!(group.pick_other(&[1, 3]).is_none(), "it takes no requests any more");
    }

    #[test]
    fn under_fail_open_no_target_is_replaced() {
        let (one, two) = (target(1), target(2));
        let mut rota = rota(Algorithm::RoundRobin, &[&one, &two]);
        rota.places[0].healthy = false;
        assert!(LiveGroup::new("app", rota).pick_other(&[1]).is_none());
    }

    #[test]
    fn the_target_with_the_fewest_requests_is_picked() {
        let (one, two) = (target(1), target(2));
        let group = LiveGroup::new("app", rota(Algorithm::LeastOutstandingRequests, &[&one, &two]));
        let held = pick(&group).unwrap();
        let other = if held.id.port == 1 { 2 } else { 1 };
        for _ in 0..5 {
            assert_eq!(pick(&group).unwrap().id.port, other);
        }
    }

    /// How many of 90 requests the target gets that is in slow start beside two that are not.
    fn check_share(ago: u64, expected: usize) {
        let (one, two, slow) = (target(1), target(2), target(3));
        let mut rota = rota(Algorithm::RoundRobin, &[&one, &two, &slow]);
        let since = Instant::now();
        rota.places[2].warm_up = Some(WarmUp::new(since, Duration::from_secs(100)));
        let group = LiveGroup::new("app", rota);
        let now = since + Duration::from_secs(ago);
        let picks = (0..90).filter(|_| pick_at(&group, now).unwrap().id.port == 3);
        let found = picks.count();
        assert!(found.abs_diff(expected) <= 1, "{found} instead of {expected} after {ago} s");
    }

    #[test]
    fn a_target_in_slow_start_gets_the_share_that_it_has_grown_to() {
        check_share(0, 0);
        // Half a share beside two whole ones is a fifth.
        check_share(50, 18);
        check_share(100, 30);
    }

    #[test]
    fn a_target_in_slow_start_that_is_alone_gets_all_requests() {
        let slow = target(1);
        let mut rota = rota(Algorithm::RoundRobin, &[&slow]);
        let now = Instant::now();
        rota.places[0].warm_up = Some(WarmUp::new(now, Duration::from_secs(100)));
        let group = LiveGroup::new("app", rota);
        assert!((0..5).all(|_| pick_at(&group, now).is_some()));
    }
}
