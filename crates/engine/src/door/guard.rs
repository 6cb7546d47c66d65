//! Who may talk to the region: programs of this machine and its tasks, not pages from elsewhere.
//!
//! A page in a browser can send requests to loopback, and can make its own host name resolve there
//! (DNS rebinding). Browsers say honestly which host they think they talk to and which page asks,
//! so those two are held against what a local client would say.

use http::HeaderMap;
use http::header::{HOST, ORIGIN};
use std::net::IpAddr;

/// The address that tasks know by heart.
const LINK_LOCAL: &str = "169.254.170.2";

/// Refuses a request that was not made by a program of this machine; says why.
pub(crate) fn check(headers: &HeaderMap) -> Result<(), &'static str> {
    let hosts = headers.get_all(HOST).iter().collect::<Vec<_>>();
    let [host] = hosts.as_slice() else { return Err("a request names one host") };
    if !host.to_str().is_ok_and(|host| is_here(without_port(host))) {
        return Err("the Host header names another host than this region: use http://127.0.0.1");
    }
    for origin in headers.get_all(ORIGIN) {
        let host = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        if !host.is_some_and(|(_, host)| is_here(without_port(host))) {
            return Err("a page from another origin may not use the region");
        }
    }
    Ok(())
}

fn is_here(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let loopback = bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    // Names below `.localhost` never leave the machine (RFC 6761).
    let name = host == "localhost" || host.ends_with(".localhost");
    loopback || name || host == LINK_LOCAL || host == "host.docker.internal"
}

/// `127.0.0.1:4566` → `127.0.0.1`, `[::1]:4566` → `[::1]`.
fn without_port(host: &str) -> &str {
    match host.rfind(':') {
        Some(colon) if !host[colon..].contains(']') => &host[..colon],
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_with(headers: &[(http::HeaderName, &'static str)]) -> bool {
        let pairs = headers.iter();
        let headers: HeaderMap = pairs
            .map(|(name, value)| (name.clone(), http::HeaderValue::from_static(value)))
            .collect();
        check(&headers).is_ok()
    }

    #[test]
    fn local_hosts_are_let_in() {
        for host in [
            "127.0.0.1:4566",
            "127.0.0.1",
            "localhost:4566",
            "LOCALHOST",
            "bucket.s3.localhost:4566",
            "[::1]:4566",
            "169.254.170.2",
            "169.254.170.2:4566",
        ] {
            assert!(check_with(&[(HOST, host)]), "{host}");
        }
    }

    #[test]
    fn other_hosts_are_not() {
        for host in [
            "evil.example",
            "evil.example:4566",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "notlocalhost",
            "10.0.0.1",
            "",
        ] {
            assert!(!check_with(&[(HOST, host)]), "{host}");
        }
        assert!(!check_with(&[]));
        assert!(!check_with(&[(HOST, "127.0.0.1"), (HOST, "evil.example")]));
    }

    #[test]
    fn pages_from_elsewhere_are_not() {
        assert!(check_with(&[(HOST, "127.0.0.1:4566"), (ORIGIN, "http://localhost:5173")]));
        assert!(!check_with(&[(HOST, "127.0.0.1:4566"), (ORIGIN, "https://evil.example")]));
        assert!(!check_with(&[(HOST, "127.0.0.1:4566"), (ORIGIN, "null")]));
    }
}
