//! Ranges of IPv4 addresses in CIDR notation.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

/// A range: its first address and how many leading bits all its addresses share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cidr {
    first: Ipv4Addr,
    length: u8,
}

/// The text is no `address/length`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseCidrError;

impl Cidr {
    /// Every address.
    pub const ALL: Self = Self { first: Ipv4Addr::UNSPECIFIED, length: 0 };

    /// The first address.
    #[must_use]
    pub fn first(self) -> Ipv4Addr {
        self.first
    }

    /// The length of the prefix, 0 to 32.
    #[must_use]
    pub fn length(self) -> u8 {
        self.length
    }

    /// How many addresses are in it.
    #[must_use]
    pub fn size(self) -> u64 {
        1 << (32 - u32::from(self.length))
    }

    /// The `n`th address, the first one being number 0.
    #[must_use]
    pub fn nth(self, n: u32) -> Option<Ipv4Addr> {
        let inside = u64::from(n) < self.size();
        inside.then(|| Ipv4Addr::from_bits(self.first.to_bits() + n))
    }

    /// Whether all of `other` is in it.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        other.length >= self.length && Self::starting(other.first, self.length) == self.first
    }

    /// Whether an address is in both.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.contains(other) || other.contains(self)
    }

    /// The first address of the range of that length that an address is in.
    fn starting(address: Ipv4Addr, length: u8) -> Ipv4Addr {
        let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
        Ipv4Addr::from_bits(address.to_bits() & mask)
    }
}

// === Conversions ===

impl FromStr for Cidr {
    type Err = ParseCidrError;

    /// Bits beyond the length are dropped, as AWS does: `10.0.0.5/16` is `10.0.0.0/16`.
    fn from_str(text: &str) -> Result<Self, ParseCidrError> {
        let (address, length) = text.split_once('/').ok_or(ParseCidrError)?;
        let address = address.parse().map_err(|_| ParseCidrError)?;
        let length: u8 = length.parse().map_err(|_| ParseCidrError)?;
        if length > 32 {
            return Err(ParseCidrError);
        }
        Ok(Self { first: Self::starting(address, length), length })
    }
}

impl TryFrom<String> for Cidr {
    type Error = ParseCidrError;

    fn try_from(text: String) -> Result<Self, ParseCidrError> {
        text.parse()
    }
}

impl From<Cidr> for String {
    fn from(cidr: Cidr) -> Self {
        cidr.to_string()
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.length)
    }
}

impl fmt::Display for ParseCidrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a range of IPv4 addresses: expected `address/length`")
    }
}

impl std::error::Error for ParseCidrError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn cidr(text: &str) -> Cidr {
        text.parse().unwrap()
    }

    #[test]
    fn bits_beyond_the_length_are_dropped() {
        for (text, expected) in [
            ("10.0.0.5/16", "10.0.0.0/16"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("203.0.113.9/32", "203.0.113.9/32"),
        ] {
            assert_eq!(cidr(text).to_string(), expected);
        }
        for text in ["10.0.0.0", "10.0.0/8", "10.0.0.0/33", "::/0", ""] {
            assert_eq!(text.parse::<Cidr>(), Err(ParseCidrError), "{text}");
        }
    }

    #[test]
    fn ranges_contain_their_parts() {
        for (one, other, contains, overlaps) in [
            ("10.0.0.0/16", "10.0.16.0/20", true, true),
            ("10.0.16.0/20", "10.0.0.0/16", false, true),
            ("10.0.0.0/20", "10.0.16.0/20", false, false),
            ("0.0.0.0/0", "10.0.0.0/8", true, true),
        ] {
            let (one, other) = (cidr(one), cidr(other));
            assert_eq!((one.contains(other), one.overlaps(other)), (contains, overlaps));
        }
        assert_eq!(cidr("10.0.0.0/28").size(), 16);
        assert_eq!(cidr("10.0.0.0/28").nth(15), Some(Ipv4Addr::new(10, 0, 0, 15)));
        assert_eq!(cidr("10.0.0.0/28").nth(16), None);
    }
}
