//! Who gets the next request: which group by weight, which targets at all, which of them in turn.
//!
//! Pure: counters, clocks and chance come in as numbers, decisions go out. It must not know
//! connections or probes.

use crate::routes::{TargetUse, Threshold};
use std::time::Duration;

/// What counts about a target when requests are handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// What it is there for.
    pub(crate) usage: TargetUse,
    /// Whether its checks pass; a target that has not been checked yet is not healthy.
    pub(crate) healthy: bool,
}

/// The targets that may get requests: the healthy ones; when there are fewer of them than the
/// threshold asks for all that are registered (fail-open, reference §4.4), those not checked yet
/// among them. Draining ones never.
pub(crate) fn eligible<T>(
    targets: impl IntoIterator<Item = (T, Standing)>,
    threshold: Threshold,
) -> Vec<T> {
    let in_service = targets.into_iter().filter(|(_, it)| it.usage == TargetUse::InService);
    let registered: Vec<(T, Standing)> = in_service.collect();
    let healthy = registered.iter().filter(|(_, standing)| standing.healthy).count();
    let enough = healthy >= threshold.count as usize
        && threshold
            .percentage
            .is_none_or(|least| healthy * 100 >= registered.len() * least as usize);
    let chosen = registered.into_iter().filter(|(_, standing)| standing.healthy || !enough);
    chosen.map(|(target, _)| target).collect()
}

/// The place of the target that is next in turn; none when there are none.
pub(crate) fn in_turn(targets: usize, turn: usize) -> Option<usize> {
    turn.checked_rem(targets)
}

/// The place of the target with the fewest requests; of several the one that is next in turn.
pub(crate) fn least(
    targets: usize,
    turn: usize,
    in_flight: impl Fn(usize) -> usize,
) -> Option<usize> {
    let first = in_turn(targets, turn)?;
    let from_first = (first..targets).chain(0..first);
    from_first.min_by_key(|place| in_flight(*place))
}

/// The place of a target by chance, each as likely as the others.
pub(crate) fn by_chance(targets: usize, chance: u64) -> Option<usize> {
    let place = (u128::from(chance) * targets as u128) >> 64;
    usize::try_from(place).ok().filter(|place| *place < targets)
}

/// A whole share of requests: what a target gets that is not in slow start.
pub(crate) const WHOLE: u32 = 1 << 16;

/// The share of a target that turned healthy so long ago: it grows evenly until it is whole
/// (reference §4.6). Half way through, it is half.
pub(crate) fn share(ago: Duration, slow_start: Duration) -> u32 {
    if ago >= slow_start {
        return WHOLE;
    }
    let share = ago.as_millis() * u128::from(WHOLE) / slow_start.as_millis().max(1);
    u32::try_from(share).unwrap_or(WHOLE).min(WHOLE)
}

/// Whether a target takes its turn: each turn it earns its share of one, and takes those that it
/// has earned in full. With a share of a quarter it takes every fourth turn.
pub(crate) fn takes_turn(earned_before: u32, share: u32) -> bool {
    earned_before % WHOLE + share >= WHOLE
}

/// Whether a target that turns healthy starts slowly: only where another healthy target gets its
/// whole share, so that there is someone to take the rest (reference §4.6).
pub(crate) fn starts_slowly(slow_start: Duration, shares: impl IntoIterator<Item = u32>) -> bool {
    !slow_start.is_zero() && shares.into_iter().any(|share| share == WHOLE)
}

/// Shares of requests by weight (reference §4.7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shares {
    weights: Vec<u32>,
    total: usize,
    stride: usize,
}

impl Shares {
    /// Shares of these weights.
    pub(crate) fn new(weights: Vec<u32>) -> Self {
        let total = weights.iter().map(|weight| *weight as usize).sum();
        Self { stride: stride(total), weights, total }
    }

    /// The place of the group that gets the request with number `turn`; none when all weights are
    /// 0. Any `total` requests in a row are shared exactly, and mixed well on the way: the turns
    /// step through all numbers below `total`, and each group owns as many as it weighs.
    ///
    /// For weights 3 and 1 the total is 4 and the stride 3, so turns 0 to 3 are numbers 0, 3, 2, 1
    /// and the groups are 0, 1, 0, 0.
    pub(crate) fn choose(&self, turn: usize) -> Option<usize> {
        let mut number = turn.checked_rem(self.total)? * self.stride % self.total;
        for (place, weight) in self.weights.iter().enumerate() {
            match number.checked_sub(*weight as usize) {
                Some(rest) => number = rest,
                None => return Some(place),
            }
        }
        None
    }
}

/// A step through the numbers below `total` that visits each once and lands far from where it
/// was: near the golden section of `total`, and without a common divisor.
fn stride(total: usize) -> usize {
    let near = total * 618 / 1000;
    (near..total).find(|step| divisor(*step, total) == 1).unwrap_or(1)
}

/// The greatest common divisor.
fn divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEALTHY: Standing = Standing { usage: TargetUse::InService, healthy: true };
    const OTHER: Standing = Standing { usage: TargetUse::InService, healthy: false };
    const DRAINING: Standing = Standing { usage: TargetUse::Draining, healthy: true };

    fn check_eligible(targets: &[Standing], expected: &[usize]) {
        check_threshold(targets, Threshold::default(), expected);
    }

    fn check_threshold(targets: &[Standing], threshold: Threshold, expected: &[usize]) {
        let found = eligible(targets.iter().copied().enumerate(), threshold);
        assert_eq!(found, expected, "{targets:?} {threshold:?}");
    }

    #[test]
    fn healthy_targets_get_the_requests() {
        check_eligible(&[HEALTHY, OTHER, HEALTHY], &[0, 2]);
    }

    #[test]
    fn without_a_healthy_target_all_registered_ones_get_them() {
        check_eligible(&[OTHER, OTHER], &[0, 1]);
        check_eligible(&[OTHER, DRAINING], &[0]);
    }

    #[test]
    fn draining_targets_never_get_any() {
        check_eligible(&[DRAINING, HEALTHY], &[1]);
        check_eligible(&[DRAINING, DRAINING], &[]);
        check_eligible(&[], &[]);
    }

    #[test]
    fn with_fewer_healthy_targets_than_asked_for_all_get_requests() {
        let by_count = |count| Threshold { count, percentage: None };
        check_threshold(&[HEALTHY, HEALTHY, OTHER], by_count(2), &[0, 1]);
        check_threshold(&[HEALTHY, HEALTHY, OTHER], by_count(3), &[0, 1, 2]);
        check_threshold(&[HEALTHY, DRAINING, OTHER], by_count(2), &[0, 2]);
        let by_part = |percentage| Threshold { count: 1, percentage: Some(percentage) };
        check_threshold(&[HEALTHY, OTHER], by_part(50), &[0]);
        check_threshold(&[HEALTHY, OTHER], by_part(51), &[0, 1]);
        // Draining targets are not registered any more.
        check_threshold(&[HEALTHY, DRAINING, DRAINING], by_part(100), &[0]);
    }

    #[test]
    fn round_robin_goes_around() {
        let picked: Vec<_> = (0..5).map(|turn| in_turn(3, turn)).collect();
        assert_eq!(picked, [Some(0), Some(1), Some(2), Some(0), Some(1)]);
        assert_eq!(in_turn(0, 7), None);
        assert_eq!(in_turn(2, usize::MAX), Some(1));
    }

    #[test]
    fn the_target_with_the_fewest_requests_is_picked() {
        let check = |loads: &[usize], turn, expected| {
            let found = least(loads.len(), turn, |place| loads[place]);
            assert_eq!(found, expected, "{loads:?} at {turn}");
        };
        check(&[3, 1, 2], 0, Some(1));
        check(&[3, 1, 2], 2, Some(1));
        check(&[], 0, None);
        // Among equals it goes around.
        check(&[1, 1, 9], 0, Some(0));
        check(&[1, 1, 9], 1, Some(1));
        check(&[1, 1, 9], 2, Some(0));
    }

    #[test]
    fn chance_is_even() {
        let picks = (0..=255_u64).map(|chance| by_chance(4, chance << 56).unwrap());
        let mut counts = [0; 4];
        picks.for_each(|place| counts[place] += 1);
        assert_eq!(by_chance(0, 9), None);
        assert_eq!(counts, [64; 4]);
    }

    #[test]
    fn a_share_grows_evenly_until_it_is_whole() {
        let after = |seconds| share(Duration::from_secs(seconds), Duration::from_secs(30));
        assert_eq!(after(0), 0);
        assert_eq!(after(15), WHOLE / 2);
        assert_eq!(after(30), WHOLE);
        assert_eq!(after(500), WHOLE);
        assert_eq!(share(Duration::ZERO, Duration::ZERO), WHOLE);
    }

    #[test]
    fn turns_are_taken_as_they_are_earned() {
        let taken = |share: u32, turns: u32| {
            (0..turns).filter(|turn| takes_turn(turn.wrapping_mul(share), share)).count()
        };
        assert_eq!(taken(WHOLE, 100), 100);
        assert_eq!(taken(WHOLE / 4, 100), 25);
        assert_eq!(taken(WHOLE / 10, 100), 9);
        assert_eq!(taken(0, 100), 0);
    }

    #[test]
    fn a_target_starts_slowly_only_beside_one_that_does_not() {
        let slow = Duration::from_secs(30);
        assert!(starts_slowly(slow, [WHOLE]));
        assert!(starts_slowly(slow, [5, WHOLE]));
        assert!(!starts_slowly(slow, [5]));
        assert!(!starts_slowly(slow, []));
        assert!(!starts_slowly(Duration::ZERO, [WHOLE]));
    }

    fn counts(weights: &[u32], requests: usize) -> Vec<usize> {
        let shares = Shares::new(weights.to_vec());
        let mut counts = vec![0; weights.len()];
        for turn in 0..requests {
            counts[shares.choose(turn).unwrap()] += 1;
        }
        counts
    }

    #[test]
    fn weights_are_ratios_and_kept_exactly() {
        assert_eq!(counts(&[1], 10), [10]);
        assert_eq!(counts(&[50, 50], 100), [50, 50]);
        assert_eq!(counts(&[10, 20], 300), [100, 200]);
        assert_eq!(counts(&[90, 10], 1000), [900, 100]);
        assert_eq!(counts(&[999, 1], 1000), [999, 1]);
        assert_eq!(counts(&[999; 5], 4995), [999; 5]);
    }

    #[test]
    fn a_weight_of_zero_gets_nothing() {
        assert_eq!(counts(&[0, 5, 0], 10), [0, 10, 0]);
        assert_eq!(Shares::new(vec![0, 0]).choose(3), None);
        assert_eq!(Shares::new(vec![]).choose(0), None);
    }

    #[test]
    fn shares_are_mixed_on_the_way() {
        // A tenth of the requests are shared to within one of what the weights say.
        for (weights, expected) in [([90, 10], [9, 1]), ([50, 50], [5, 5]), ([70, 30], [7, 3])] {
            for (count, expected) in counts(&weights, 10).into_iter().zip(expected) {
                assert!(count.abs_diff(expected) <= 1, "{weights:?}: {count}");
            }
        }
    }
}
