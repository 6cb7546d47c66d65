//! Target groups: who is in them, and how they are checked.

use super::Scheme;
use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

/// A target group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its targets. One that is no longer here is cut off: its requests in flight end with 502
    /// (reference §4.5), so a target stays as [`TargetUse::Draining`] until its delay is over.
    pub targets: BTreeMap<TargetId, TargetUse>,
    /// How much longer than its delay a draining target's requests in flight may take.
    pub linger: Duration,
    /// How they are checked.
    pub check: HealthCheck,
    /// How one of them is picked.
    pub algorithm: Algorithm,
    /// How long a target that turned healthy gets less than its share; zero when it does not.
    pub slow_start: Duration,
    /// How a client stays with a target; absent when it does not.
    pub stickiness: Option<Stickiness>,
    /// When too few targets are healthy, so that all of them get requests.
    pub threshold: Threshold,
    /// How they are spoken to.
    pub scheme: Scheme,
    /// The version of HTTP that they speak.
    pub version: ProtocolVersion,
}

/// A target: where it listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TargetId {
    /// Its address.
    pub ip: IpAddr,
    /// Its port.
    pub port: u16,
}

/// What a target is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetUse {
    /// It is checked, and gets requests as its health allows.
    InService,
    /// It finishes what it has and gets nothing new; it is not checked.
    Draining,
}

/// How a target is picked (reference §4.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// One after the other, request by request.
    RoundRobin,
    /// The one with the fewest requests in flight.
    LeastOutstandingRequests,
    /// By chance, each as likely as the others.
    WeightedRandom,
}

/// How a client stays with a target (reference §4.6). A cookie that is older than `lasting` no
/// longer counts; every answer renews it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stickiness {
    /// `lb_cookie`: by a cookie of the load balancer's own, from the first answer on.
    Balancer {
        /// `stickiness.lb_cookie.duration_seconds`.
        lasting: Duration,
    },
    /// `app_cookie`: from the moment on at which a target sets its own cookie of this name.
    Application {
        /// `stickiness.app_cookie.cookie_name`.
        cookie: String,
        /// `stickiness.app_cookie.duration_seconds`.
        lasting: Duration,
    },
}

/// The fewest healthy targets that get all requests (`unhealthy_state_routing`, reference §4.4).
/// With fewer of them, by either measure, requests go to all registered targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// So many targets.
    pub count: u32,
    /// So many of a hundred registered ones; absent when that does not matter.
    pub percentage: Option<u32>,
}

/// The version of HTTP that targets speak (reference §4.10, §4.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProtocolVersion {
    /// HTTP/1.1: to requests of any version but gRPC's.
    Http1,
    /// HTTP/2, which a target without TLS is expected to know: to requests of HTTP/2 and of gRPC.
    Http2,
    /// gRPC, which is HTTP/2: to `POST` requests of HTTP/2.
    Grpc,
}

/// How targets are checked (reference §4.1, §4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCheck {
    /// How the check speaks.
    pub scheme: Scheme,
    /// The version of HTTP that it speaks: its group's.
    pub version: ProtocolVersion,
    /// A port, or the target's own when absent (`traffic-port`).
    pub port: Option<u16>,
    /// What is asked for, with its slash.
    pub path: String,
    /// From one check to the next.
    pub interval: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
    /// Passes in a row that make an unhealthy target healthy.
    pub healthy_threshold: u32,
    /// Failures in a row that make a target unhealthy.
    pub unhealthy_threshold: u32,
    /// Which status codes pass; gRPC's own where the check speaks that.
    pub matcher: Matcher,
}

/// Status codes that pass a check: `200`, `200,202`, `200-299`; `0-99` for gRPC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matcher(Vec<(u16, u16)>);

/// A text is no list of status codes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a list of status codes: it must be like `200`, `200,202` or `200-299`")]
pub struct ParseMatcherError(String);

// === impl TargetId ===

impl TargetId {
    /// Where it listens.
    #[must_use]
    pub fn address(self) -> SocketAddr {
        SocketAddr::new(self.ip, self.port)
    }
}

impl From<SocketAddr> for TargetId {
    fn from(address: SocketAddr) -> Self {
        Self { ip: address.ip(), port: address.port() }
    }
}

impl fmt::Display for TargetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address().fmt(f)
    }
}

// === impl Threshold ===

impl Default for Threshold {
    /// One target.
    fn default() -> Self {
        Self { count: 1, percentage: None }
    }
}

// === impl HealthCheck ===

impl Default for HealthCheck {
    /// AWS's defaults at AWS's own pace.
    fn default() -> Self {
        Self {
            scheme: Scheme::Http,
            version: ProtocolVersion::Http1,
            port: None,
            path: "/".to_owned(),
            interval: Duration::from_secs(30),
            timeout: Duration::from_secs(5),
            healthy_threshold: 5,
            unhealthy_threshold: 2,
            matcher: Matcher::default(),
        }
    }
}

// === impl Matcher ===

impl Matcher {
    /// Whether an answer with `status` passes.
    #[must_use]
    pub fn accepts(&self, status: u16) -> bool {
        self.0.iter().any(|(first, last)| (*first..=*last).contains(&status))
    }
}

impl Default for Matcher {
    /// `200`.
    fn default() -> Self {
        Self(vec![(200, 200)])
    }
}

impl FromStr for Matcher {
    type Err = ParseMatcherError;

    fn from_str(text: &str) -> Result<Self, ParseMatcherError> {
        let parts: Option<Vec<_>> = text.split(',').map(|part| range(part.trim())).collect();
        parts.map(Self).ok_or_else(|| ParseMatcherError(text.to_owned()))
    }
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (code(first)?, code(last)?);
    (first <= last).then_some((first, last))
}

fn code(text: &str) -> Option<u16> {
    text.parse().ok().filter(|code| *code < 600)
}

#[cfg(test)]
mod tests {
    use super::Matcher;

    #[test]
    fn a_matcher_accepts_what_it_lists() {
        let check = |text: &str, status, expected| {
            let matcher: Matcher = text.parse().unwrap();
            assert_eq!(matcher.accepts(status), expected, "{status} in {text}");
        };
        check("200", 200, true);
        check("200", 204, false);
        check("200,202", 202, true);
        check("200, 301-302", 302, true);
        check("200-299", 299, true);
        check("200-299", 300, false);
        check("0,12", 0, true);
        check("0-99", 200, false);
    }

    #[test]
    fn what_lists_no_codes_is_refused() {
        for text in ["", "ok", "200,", "299-200", "600", "200-"] {
            assert!(text.parse::<Matcher>().is_err(), "{text}");
        }
    }
}
