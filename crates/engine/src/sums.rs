//! Checksums that S3's clients send with bytes, or behind them.

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// A checksum under way.
pub(crate) enum Sum {
    Crc(Box<Crc>),
    Sha(Context),
}

/// A cyclic redundancy check whose bits are mirrored and which begins and ends with ones: all three
/// of S3's are such.
#[derive(Debug)]
pub(crate) struct Crc {
    table: [u64; 256],
    state: u64,
    bytes: usize,
}

// === impl Sum ===

impl fmt::Debug for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sum")
    }
}

impl Sum {
    /// The checksum that the end of a header's name means, `crc32`, if the region knows it.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let crc = |polynomial, bytes| Self::Crc(Box::new(Crc::new(polynomial, bytes)));
        Some(match name {
            "crc32" => crc(0xedb8_8320, 4),
            "crc32c" => crc(0x82f6_3b78, 4),
            "crc64nvme" => crc(0x9a6c_9329_ac4b_c9b5, 8),
            "sha1" => Self::Sha(Context::new(&SHA1_FOR_LEGACY_USE_ONLY)),
            "sha256" => Self::Sha(Context::new(&SHA256)),
            _ => return None,
        })
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc(crc) => crc.update(bytes),
            Self::Sha(context) => context.update(bytes),
        }
    }

    /// The checksum as headers have it.
    pub(crate) fn finish(self) -> String {
        match self {
            Self::Crc(crc) => crc.finish(),
            Self::Sha(context) => STANDARD.encode(context.finish()),
        }
    }
}

// === impl Crc ===

impl Crc {
    fn new(polynomial: u64, bytes: usize) -> Self {
        let mut table = [0; 256];
        for (place, byte) in table.iter_mut().zip(0u64..) {
            *place = (0..8)
                .fold(byte, |sum, _| if sum & 1 == 1 { (sum >> 1) ^ polynomial } else { sum >> 1 });
        }
        Self { table, state: ones(bytes), bytes }
    }

    fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let at = self.state.to_le_bytes()[0] ^ byte;
            self.state = (self.state >> 8) ^ self.table[usize::from(at)];
        }
    }

    fn finish(&self) -> String {
        let sum = self.state ^ ones(self.bytes);
        STANDARD.encode(&sum.to_be_bytes()[8 - self.bytes..])
    }
}

fn ones(bytes: usize) -> u64 {
    u64::MAX >> (64 - 8 * bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The checks that the catalogue of such checksums names, and RFC 3174's and FIPS 180's of `abc`.
    #[test]
    fn checksums_are_those_of_their_standards() {
        for (name, text, expected) in [
            ("crc32", "123456789", vec![0xcb, 0xf4, 0x39, 0x26]),
            ("crc32c", "123456789", vec![0xe3, 0x06, 0x92, 0x83]),
            ("crc64nvme", "123456789", vec![0xae, 0x8b, 0x14, 0x86, 0x0a, 0x79, 0x98, 0x88]),
            (
                "sha1",
                "abc",
                vec![
                    0xa9, 0x99, 0x3e, 0x36, 0x47, 0x06, 0x81, 0x6a, 0xba, 0x3e, 0x25, 0x71, 0x78,
                    0x50, 0xc2, 0x6c, 0x9c, 0xd0, 0xd8, 0x9d,
                ],
            ),
        ] {
            let mut sum = Sum::of(name).unwrap();
            text.as_bytes().chunks(2).for_each(|bytes| sum.update(bytes));
            assert_eq!(sum.finish(), STANDARD.encode(expected), "{name}");
        }
        assert!(Sum::of("md4").is_none());
    }
}
