//! `Host`, whose port follows the listener's.

use super::Hop;
use std::io::Write as _;

/// Appends the `Host` header: on ports 80 and 443 without any port, elsewhere with the listener's
/// when the client names none (reference §4.9).
pub(super) fn write(out: &mut Vec<u8>, host: &str, hop: &Hop<'_>) {
    out.extend_from_slice(b"Host: ");
    let name = without_port(host);
    if name.is_empty() {
        // Only a 1.0 client may name no host; then it meant where it connected to.
        write!(out, "{}", hop.came_to.ip().to_canonical()).expect("a vector takes all bytes");
    } else {
        out.extend_from_slice(name.as_bytes());
    }
    if !matches!(hop.port.0, 80 | 443) {
        match host.strip_prefix(name) {
            Some(port) if port.len() > 1 => out.extend_from_slice(port.as_bytes()),
            _ => {
                out.push(b':');
                out.extend_from_slice(hop.port.1.as_bytes());
            }
        }
    }
    out.extend_from_slice(b"\r\n");
}

/// A host without its port; the colons within an IPv6 address are not one's.
pub(crate) fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => name,
        _ => host,
    }
}
