//! What the kernel's tables say of a container's processes. Pure.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The state of a socket that listens.
const LISTEN: &str = "0A";

/// Where Docker itself answers names inside a container.
const RESOLVER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 11);

/// The addresses that something listens on, of `/proc/net/tcp` and `tcp6`, in order.
pub(super) fn listening(tables: &str) -> Vec<SocketAddr> {
    let mut found: Vec<SocketAddr> = tables.lines().filter_map(line).collect();
    found.retain(|it| it.ip() != IpAddr::V4(RESOLVER));
    found.sort_by_key(|it| (it.port(), it.ip()));
    found.dedup();
    found
}

/// `  0: 0100007F:0BB8 00000000:0000 0A ...`
fn line(line: &str) -> Option<SocketAddr> {
    let mut fields = line.split_whitespace().skip(1);
    let (local, _, state) = (fields.next()?, fields.next()?, fields.next()?);
    let (address, port) = local.split_once(':').filter(|_| state == LISTEN)?;
    Some(SocketAddr::new(ip(address)?, u16::from_str_radix(port, 16).ok()?))
}

/// Words of four bytes, each in the machine's order.
fn ip(hex: &str) -> Option<IpAddr> {
    let word = |at: usize| {
        let word = u32::from_str_radix(hex.get(at * 8..at * 8 + 8)?, 16).ok()?;
        Some(word.to_ne_bytes())
    };
    match hex.len() {
        8 => Some(IpAddr::V4(word(0)?.into())),
        32 => {
            let mut bytes = [0; 16];
            for (at, chunk) in bytes.chunks_mut(4).enumerate() {
                chunk.copy_from_slice(&word(at)?);
            }
            Some(Ipv6Addr::from(bytes).to_canonical())
        }
        _ => None,
    }
}

/// The effective user in `/proc/PID/status`: `Uid: 1000 1000 1000 1000`.
pub(super) fn user(status: &str) -> Option<u32> {
    let line = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_endian = "little")]
    fn listening_sockets_are_read_and_the_engines_own_is_left_out() {
        let tables = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1
   1: 0B00007F:A0F1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2
   2: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3
   3: 0100007F:0BB8 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4
  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 0 0
   1: 00000000000000000000000001000000:0051 00000000000000000000000000000000:0000 0A 0 0
   2: 0000000000000000FFFF00000100007F:0052 00000000000000000000000000000000:0000 0A 0 0
";
        let found: Vec<String> = listening(tables).iter().map(ToString::to_string).collect();
        let expected = ["[::]:80", "[::1]:81", "127.0.0.1:82", "127.0.0.1:3000", "0.0.0.0:8080"];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_effective_user_is_read() {
        assert_eq!(user("Name:\tnode\nUid:\t0\t1000\t0\t0\nGid:\t0\n"), Some(1000));
        assert_eq!(user("Name:\tnode\n"), None);
    }
}
