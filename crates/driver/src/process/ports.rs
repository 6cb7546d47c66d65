//! Ports of this machine for tasks.
//!
//! Tasks may share an address, and programs like to listen on all addresses, so every port of every
//! task is one that nobody on this machine has.

use crate::{Binding, Port, Protocol};
use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::ops::Range;

/// Below the ports that systems give to outgoing connections (Linux from 32768, macOS from 49152):
/// there, a port that was free a moment ago may be taken before the task listens.
const RANGE: Range<u16> = 20_000..32_000;

/// Whether this machine lets tasks have addresses of their own: Linux has all of 127.0.0.0/8.
pub(super) fn is_ours(address: Ipv4Addr) -> bool {
    address.is_loopback() && UdpSocket::bind((address, 0)).is_ok()
}

/// Gives each wanted port one of this machine, not one of `taken`. `seed` spreads the search, so
/// that two regions of one machine rarely look at the same port.
pub(super) fn assign(
    wanted: &[Port],
    taken: &BTreeSet<u16>,
    seed: &str,
) -> io::Result<Vec<Binding>> {
    let offset =
        seed.bytes().fold(7_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let count = u32::from(RANGE.end - RANGE.start);
    let candidates = (0..count).map(|step| offset.wrapping_add(step) % count);
    let mut free = candidates
        .filter_map(|candidate| u16::try_from(candidate).ok())
        .map(|candidate| RANGE.start + candidate)
        .filter(|port| !taken.contains(port));
    let bind = |port: &Port| {
        let host_port = free.find(|candidate| is_free(*candidate, port.protocol));
        let host_port = host_port.ok_or_else(|| io::Error::other("no port is free"))?;
        Ok(Binding { port: *port, host_port })
    };
    wanted.iter().map(bind).collect()
}

/// Both are asked: some systems let one address listen beside all of them.
fn is_free(port: u16, protocol: Protocol) -> bool {
    [Ipv4Addr::UNSPECIFIED, Ipv4Addr::LOCALHOST].iter().all(|address| match protocol {
        Protocol::Tcp => TcpListener::bind((*address, port)).is_ok(),
        Protocol::Udp => UdpSocket::bind((*address, port)).is_ok(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_port_gets_one_that_nobody_has() {
        let wanted = [Port::tcp(80), Port::tcp(443), Port::udp(53)];
        let first = assign(&wanted, &BTreeSet::new(), "a").unwrap();
        let taken: BTreeSet<u16> = first.iter().map(|binding| binding.host_port).collect();
        assert_eq!(taken.len(), wanted.len(), "{first:?}");
        let second = assign(&wanted, &taken, "a").unwrap();
        assert!(second.iter().all(|binding| !taken.contains(&binding.host_port)), "{second:?}");
    }

    #[test]
    fn a_port_with_a_listener_is_passed_over() {
        let [binding] = assign(&[Port::tcp(80)], &BTreeSet::new(), "b").unwrap()[..] else {
            panic!("one port was wanted");
        };
        let _listener = TcpListener::bind((Ipv4Addr::LOCALHOST, binding.host_port)).unwrap();
        let again = assign(&[Port::tcp(80)], &BTreeSet::new(), "b").unwrap();
        assert_ne!(again, [binding]);
    }
}
