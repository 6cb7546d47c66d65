//! CRC-32 (IEEE 802.3), which tells a whole frame from a torn one.

/// The remainders of all bytes.
const TABLE: [u32; 256] = table();

/// A checksum in the making.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Checksum(u32);

// === impl Checksum ===

impl Checksum {
    /// The checksum of nothing.
    pub(crate) fn new() -> Self {
        Self(u32::MAX)
    }

    /// The checksum of what was there and these bytes.
    #[must_use]
    pub(crate) fn with(self, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(self.0, |crc, byte| {
            TABLE[usize::from((crc ^ u32::from(*byte)).to_le_bytes()[0])] ^ (crc >> 8)
        }))
    }

    /// The number.
    pub(crate) fn value(self) -> u32 {
        !self.0
    }
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        // The index is below 256: nothing is cut off.
        #[expect(clippy::cast_possible_truncation, reason = "the index is below 256")]
        let mut remainder = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            let odd = remainder & 1 == 1;
            remainder >>= 1;
            if odd {
                remainder ^= 0xedb8_8320;
            }
            bit += 1;
        }
        table[byte] = remainder;
        byte += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_the_standard_comes_out() {
        let whole = Checksum::new().with(b"123456789");
        let parts = Checksum::new().with(b"1234").with(b"56789");
        assert_eq!((whole.value(), parts.value()), (0xcbf4_3926, 0xcbf4_3926));
    }
}
