//! `Fn::Cidr`: a range of IPv4 addresses, cut into smaller ones.

use std::net::Ipv4Addr;

/// `count` ranges of `bits` host bits each, from the beginning of `range`.
#[must_use]
pub fn split(range: &str, count: &str, bits: &str) -> Option<Vec<String>> {
    let (address, prefix) = range.split_once('/')?;
    let address: Ipv4Addr = address.parse().ok()?;
    let prefix: u32 = prefix.parse().ok().filter(|prefix| *prefix <= 32)?;
    let count: u32 = count.parse().ok().filter(|count| (1..=256).contains(count))?;
    let bits: u32 = bits.parse().ok().filter(|bits| *bits < 32)?;
    let size = 1u64 << bits;
    if u64::from(count) * size > 1u64 << (32 - prefix) {
        return None;
    }
    let first = u64::from(u32::from(address));
    let cut = |index: u32| {
        let at = u32::try_from(first + u64::from(index) * size).ok()?;
        Some(format!("{}/{}", Ipv4Addr::from(at), 32 - bits))
    };
    (0..count).map(cut).collect()
}
