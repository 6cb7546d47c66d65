//! Cookies' values, sealed: unreadable to clients, and of no use when changed.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// The length of a key in bytes.
pub(crate) const KEY_LENGTH: usize = 32;

/// A key for cookies.
pub(crate) struct Seal(LessSafeKey);

impl Seal {
    /// Seals with this key.
    pub(crate) fn new(key: &[u8; KEY_LENGTH]) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, key).expect("a key of the algorithm's length");
        Self(LessSafeKey::new(key))
    }

    /// A value for a purpose, as text: a nonce, then the ciphertext with its tag.
    ///
    /// Two values are never the same, so that nobody sees which ones mean the same. 96 random bits
    /// are good for 2^32 values a key.
    pub(crate) fn seal(&self, purpose: &str, plain: &[u8]) -> String {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).expect("the kernel gives random bytes");
        let mut sealed = plain.to_vec();
        let seal = Nonce::assume_unique_for_key(nonce);
        let purpose = Aad::from(purpose.as_bytes());
        let done = self.0.seal_in_place_append_tag(seal, purpose, &mut sealed);
        done.expect("a cookie is shorter than the algorithm's limit of 64 GiB");
        STANDARD.encode([&nonce[..], &sealed].concat())
    }

    /// What was sealed for that purpose; none when it was not, or was changed.
    pub(crate) fn open(&self, purpose: &str, value: &[u8]) -> Option<Vec<u8>> {
        let bytes = STANDARD.decode(value).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk()?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let purpose = Aad::from(purpose.as_bytes());
        let length = self.0.open_in_place(nonce, purpose, &mut sealed).ok()?.len();
        sealed.truncate(length);
        Some(sealed)
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal([secret])")
    }
}

#[cfg(test)]
mod tests {
    use super::{KEY_LENGTH, Seal};
    use proptest::prelude::*;

    #[test]
    fn the_same_value_is_never_sealed_alike() {
        let seal = Seal::new(&[7; KEY_LENGTH]);
        assert_ne!(seal.seal("a", b"value"), seal.seal("a", b"value"));
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens_for_its_purpose_only(plain: Vec<u8>, a in "[a-z]{1,9}", b in "[A-Z]{1,9}") {
            let seal = Seal::new(&[7; KEY_LENGTH]);
            let sealed = seal.seal(&a, &plain);
            prop_assert_eq!(seal.open(&a, sealed.as_bytes()), Some(plain));
            prop_assert_eq!(seal.open(&b, sealed.as_bytes()), None);
            prop_assert_eq!(Seal::new(&[8; KEY_LENGTH]).open(&a, sealed.as_bytes()), None);
        }

        #[test]
        fn what_was_not_sealed_does_not_open(value: Vec<u8>) {
            prop_assert_eq!(Seal::new(&[7; KEY_LENGTH]).open("a", &value), None);
        }

        #[test]
        fn a_changed_value_does_not_open(at in 0_usize..32, bit in 0_u8..8) {
            let seal = Seal::new(&[7; KEY_LENGTH]);
            let mut sealed = seal.seal("a", b"a target").into_bytes();
            sealed[at] ^= 1 << bit;
            prop_assert_eq!(seal.open("a", &sealed), None);
        }
    }
}
