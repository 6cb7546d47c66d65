//! A block of addresses.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A block of addresses in CIDR notation: `192.0.2.0/24`, `2001:db8::/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cidr {
    address: IpAddr,
    prefix: u8,
}

/// A text is not a block of addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a block of addresses: it must be like `192.0.2.0/24`")]
pub struct ParseCidrError(String);

// === impl Cidr ===

impl Cidr {
    /// Whether the block holds `address`. An IPv4 address may come as an IPv6 socket sees it.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(block), IpAddr::V4(address)) => {
                let differing = block.to_bits() ^ address.to_bits();
                differing.leading_zeros() >= u32::from(self.prefix)
            }
            (IpAddr::V6(block), IpAddr::V6(address)) => {
                let differing = block.to_bits() ^ address.to_bits();
                differing.leading_zeros() >= u32::from(self.prefix)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl FromStr for Cidr {
    type Err = ParseCidrError;

    fn from_str(text: &str) -> Result<Self, ParseCidrError> {
        let wrong = || ParseCidrError(text.to_owned());
        let (address, prefix) = text.split_once('/').ok_or_else(wrong)?;
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let prefix: u8 = prefix.parse().map_err(|_| wrong())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        if prefix <= longest { Ok(Self { address, prefix }) } else { Err(wrong()) }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::Cidr;

    fn check(block: &str, inside: &[&str], outside: &[&str]) {
        let block: Cidr = block.parse().unwrap();
        for address in inside {
            assert!(block.contains(address.parse().unwrap()), "{address} in {block}");
        }
        for address in outside {
            assert!(!block.contains(address.parse().unwrap()), "{address} in {block}");
        }
    }

    #[test]
    fn a_block_holds_the_addresses_that_share_its_prefix() {
        check("192.0.2.0/24", &["192.0.2.0", "192.0.2.255"], &["192.0.3.0", "192.0.1.255"]);
        check("198.51.100.10/32", &["198.51.100.10"], &["198.51.100.11"]);
        check("0.0.0.0/0", &["203.0.113.9"], &["2001:db8::1"]);
        check("2001:db8::/32", &["2001:db8:ffff::1"], &["2001:db9::1", "192.0.2.1"]);
    }

    #[test]
    fn an_ipv4_address_is_known_in_ipv6_dress() {
        check("192.0.2.0/24", &["::ffff:192.0.2.7"], &["::ffff:192.0.3.7"]);
    }

    #[test]
    fn what_is_not_a_block_is_refused() {
        for text in ["192.0.2.0", "192.0.2.0/33", "2001:db8::/129", "host/8", "192.0.2.0/", "/8"] {
            assert!(text.parse::<Cidr>().is_err(), "{text}");
        }
    }
}
