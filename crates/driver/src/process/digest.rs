//! SHA-256 as hexadecimal text.

use aws_lc_rs::digest::{Context, SHA256, digest};

/// The digest of bytes that are all here.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

/// A digest of bytes that come one after the other.
#[derive(Clone)]
pub(super) struct Sha256(Context);

impl Sha256 {
    pub(super) fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(super) fn finish(self) -> String {
        hex(self.0.finish().as_ref())
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_nothing_is_the_known_one() {
        let known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(b""), known);
        assert_eq!(Sha256::new().finish(), known);
    }

    #[test]
    fn pieces_make_the_same_digest_as_the_whole() {
        let mut digest = Sha256::new();
        digest.add(b"one");
        digest.add(b"two");
        assert_eq!(digest.finish(), sha256(b"onetwo"));
    }
}
