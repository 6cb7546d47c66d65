//! Chance that can be had again: the same seed gives the same numbers.

use std::time::Duration;

/// A source of numbers (xorshift).
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    /// The numbers of this seed; `of` tells apart those who share it.
    pub(super) fn new(seed: u64, of: u64) -> Self {
        // Seeds that are near each other must not begin alike, and zero would stay zero.
        let mixed = (seed ^ of.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(1);
        let mut chance = Self(mixed.wrapping_mul(0xbf58_476d_1ce4_e5b9) | 1);
        for _ in 0..8 {
            chance.next();
        }
        chance
    }

    /// A number below `most`, which is not zero.
    pub(super) fn below(&mut self, most: u64) -> u64 {
        self.next() % most.max(1)
    }

    /// Whether it is the one time of so many.
    pub(super) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// A length of time, shorter than `most`, to the microsecond.
    pub(super) fn shorter_than(&mut self, most: Duration) -> Duration {
        let most = u64::try_from(most.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(self.below(most))
    }

    /// One of these; none of nothing.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let at = self.below(u64::try_from(from.len()).unwrap_or(u64::MAX));
        from.get(usize::try_from(at).unwrap_or_default())
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_numbers_again_and_others_to_others() {
        let numbers = |seed, of| {
            let mut chance = Chance::new(seed, of);
            (0..20).map(|_| chance.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(numbers(7, 0), numbers(7, 0));
        assert_ne!(numbers(7, 0), numbers(7, 1));
        assert_ne!(numbers(7, 0), numbers(8, 0));
    }

    #[test]
    fn every_choice_is_taken_some_time() {
        let mut chance = Chance::new(1, 1);
        let picked: std::collections::BTreeSet<_> =
            (0..200).filter_map(|_| chance.pick(&[1, 2, 3, 4]).copied()).collect();
        assert_eq!(picked.len(), 4);
        assert_eq!(chance.pick::<u8>(&[]), None);
    }
}
