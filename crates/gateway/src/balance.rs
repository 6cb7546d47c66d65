//! Who gets the next request: which group by weight, which targets at all, which of them in turn.
//!
//! Pure: counters come in as `turn`, decisions go out. It must not know connections or probes.

use crate::routes::{Algorithm, TargetUse};

/// What counts about a target when requests are handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// What it is there for.
    pub(crate) usage: TargetUse,
    /// Whether its checks pass; a target that has not been checked yet is not healthy.
    pub(crate) healthy: bool,
}

/// The targets that may get requests: the healthy ones; when none is healthy all that are
/// registered (fail-open, reference §4.4), those not checked yet among them. Draining ones never.
pub(crate) fn eligible<T>(targets: impl IntoIterator<Item = (T, Standing)>) -> Vec<T> {
    let mut healthy = Vec::new();
    let mut others = Vec::new();
    for (target, standing) in targets {
        match standing {
            Standing { usage: TargetUse::Draining, .. } => {}
            Standing { healthy: true, .. } => healthy.push(target),
            Standing { healthy: false, .. } => others.push(target),
        }
    }
    if healthy.is_empty() { others } else { healthy }
}

/// The place of the target that gets the request with number `turn`; none when there are none.
pub(crate) fn pick(algorithm: Algorithm, eligible: usize, turn: usize) -> Option<usize> {
    match algorithm {
        Algorithm::RoundRobin => turn.checked_rem(eligible),
    }
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
    use super::{Shares, Standing, eligible, pick};
    use crate::routes::{Algorithm, TargetUse};

    const HEALTHY: Standing = Standing { usage: TargetUse::InService, healthy: true };
    const OTHER: Standing = Standing { usage: TargetUse::InService, healthy: false };
    const DRAINING: Standing = Standing { usage: TargetUse::Draining, healthy: true };

    fn check_eligible(targets: &[Standing], expected: &[usize]) {
        assert_eq!(eligible(targets.iter().copied().enumerate()), expected, "{targets:?}");
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
    fn round_robin_goes_around() {
        let picked: Vec<_> = (0..5).map(|turn| pick(Algorithm::RoundRobin, 3, turn)).collect();
        assert_eq!(picked, [Some(0), Some(1), Some(2), Some(0), Some(1)]);
        assert_eq!(pick(Algorithm::RoundRobin, 0, 7), None);
        assert_eq!(pick(Algorithm::RoundRobin, 2, usize::MAX), Some(1));
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
