//! Ids in AWS's forms, from a seed.
//!
//! Whoever decides gets `&mut Ids` instead of a source of chance, so the same seed gives the same
//! decision. Ids are not secrets: credentials are derived elsewhere, from a key.

use crate::names::{DeploymentId, HookId, ServiceDeploymentId, TaskId};

/// A stream of ids. The same seed gives the same ids in the same order.
#[derive(Debug, Clone)]
pub struct Ids {
    state: u64,
}

const HEX: &[u8] = b"0123456789abcdef";
const DIGITS: &[u8] = b"0123456789";
const URL_SAFE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const WORD: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

impl Ids {
    /// A stream that begins at `seed`.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next number of the stream (SplitMix64: one addition and a mix, full period).
    pub fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; zero when the bound is zero.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        let number = self.number().checked_rem(bound).unwrap_or(0);
        usize::try_from(number).unwrap_or(0)
    }

    /// `count` lower-case hexadecimal digits, as in task ids and ELBv2 ARNs.
    pub fn hex(&mut self, count: usize) -> String {
        self.letters(HEX, count)
    }

    /// `count` decimal digits, the first of them not zero.
    pub fn digits(&mut self, count: usize) -> String {
        let mut text = self.letters(DIGITS, count);
        if text.starts_with('0') {
            text.replace_range(..1, "1");
        }
        text
    }

    /// `count` letters and digits, as in the six characters of a secret's ARN.
    pub fn word(&mut self, count: usize) -> String {
        self.letters(WORD, count)
    }

    /// A version 4 UUID.
    pub fn uuid(&mut self) -> String {
        let mut hex = self.hex(32);
        hex.replace_range(12..13, "4");
        let variant = ["8", "9", "a", "b"][self.below(4)];
        hex.replace_range(16..17, variant);
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    /// A task's id: 32 hexadecimal digits (reference §0.2).
    pub fn task(&mut self) -> TaskId {
        self.hex(32).into()
    }

    /// A deployment's id: `ecs-svc/` and 19 digits (reference §0.2).
    pub fn deployment(&mut self) -> DeploymentId {
        format!("ecs-svc/{}", self.digits(19)).into()
    }

    /// A service deployment's id: 21 characters (reference §0.2).
    pub fn service_deployment(&mut self) -> ServiceDeploymentId {
        self.letters(URL_SAFE, 21).into()
    }

    /// The id of one pause of a service deployment: `ecs-pause-` and 43 characters.
    pub fn pause(&mut self) -> HookId {
        format!("ecs-pause-{}", self.letters(URL_SAFE, 43)).into()
    }

    fn letters(&mut self, alphabet: &[u8], count: usize) -> String {
        (0..count).map(|_| char::from(alphabet[self.below(alphabet.len())])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let (mut one, mut other) = (Ids::seeded(7), Ids::seeded(7));
        assert_eq!(one.task(), other.task());
        assert_eq!(one.uuid(), other.uuid());
        assert_ne!(one.task(), one.task());
    }

    #[test]
    fn ids_have_the_forms_of_aws() {
        let mut ids = Ids::seeded(1);
        assert_eq!(ids.task().as_str().len(), 32);
        assert_eq!(ids.deployment().as_str().len(), "ecs-svc/".len() + 19);
        let uuid = ids.uuid();
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"));
        assert!("89ab".contains(&uuid[19..20]));
        assert_eq!(ids.below(0), 0);
        assert_eq!(ids.service_deployment().as_str().len(), 21);
        assert_eq!(ids.pause().as_str().len(), "ecs-pause-".len() + 43);
    }
}
