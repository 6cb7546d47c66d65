//! What the gateway is told: listeners with their rules, and target groups with their targets.
//!
//! Plain values, compared and cloned freely. They must not know the region's rows, ARNs or AWS's
//! texts: ids are whatever the caller uses, and every duration is a real one, already divided by
//! the region's speed where that applies.

mod cidr;
mod group;
mod rule;

pub use cidr::{Cidr, ParseCidrError};
pub use group::{
    Algorithm, Group, HealthCheck, Matcher, ParseMatcherError, ProtocolVersion, TargetId, TargetUse,
};
pub use rule::{Action, Condition, FixedResponse, Forward, QueryPair, Redirect, Rule};

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

/// Everything the gateway serves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Routes {
    /// Listeners by the caller's ids.
    pub listeners: BTreeMap<String, Listener>,
    /// Target groups by the caller's ids. Their targets are checked as long as they are here, so a
    /// group that no listener leads to is best left out: AWS does not check those (`unused`).
    pub groups: BTreeMap<String, Group>,
}

/// A listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Addresses to listen on, in order of preference; the first that can be bound is used.
    pub candidates: Vec<SocketAddr>,
    /// The port that clients believe in, whichever was bound: `X-Forwarded-Port`, `#{port}`.
    pub port: u16,
    /// How clients speak to it.
    pub scheme: Scheme,
    /// Rules, tried by priority whatever their order here.
    pub rules: Vec<Rule>,
    /// What happens when no rule matches.
    pub default: Action,
    /// How it treats connections and headers.
    pub attributes: Attributes,
}

/// How a connection is spoken on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Plain HTTP. TLS gets its place here.
    Http,
}

/// A load balancer's attributes, as far as they concern its traffic (reference §4.8).
///
/// Those that are not here have AWS's defaults and no other value: `defensive` as the mode of
/// desync mitigation, the `Server` header on the load balancer's own answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributes {
    /// `idle_timeout.timeout_seconds`: how long a connection may be silent.
    pub idle_timeout: Duration,
    /// `client_keep_alive.seconds`: how long a client's connection may last; it is closed after
    /// the answer that exceeds it.
    pub client_keep_alive: Duration,
    /// `routing.http.xff_header_processing.mode` and `routing.http.xff_client_port.enabled`.
    pub forwarded_for: ForwardedFor,
    /// `routing.http.preserve_host_header.enabled`.
    pub host_header: HostHeader,
    /// `routing.http.drop_invalid_header_fields.enabled`.
    pub invalid_headers: InvalidHeaders,
}

/// What happens to `X-Forwarded-For` (reference §4.9). The client's port counts in append mode only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForwardedFor {
    /// The client's address is appended.
    Append,
    /// The client's address and port are appended.
    AppendWithPort,
    /// It is passed on untouched, and not added when missing.
    Preserve,
    /// It is taken away.
    Remove,
}

/// What happens to `Host` (reference §4.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostHeader {
    /// Its port follows the listener's: left out on 80 and 443, added elsewhere when missing.
    Rewrite,
    /// It is passed on untouched.
    Preserve,
}

/// What happens to headers whose names are not of `[-A-Za-z0-9]+`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidHeaders {
    /// They are passed on.
    Route,
    /// They are taken away.
    Drop,
}

// === impl Scheme ===

impl Scheme {
    /// `http`, as in `X-Forwarded-Proto`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
        }
    }
}

// === impl Attributes ===

impl Default for Attributes {
    /// AWS's defaults at AWS's own pace.
    fn default() -> Self {
        Self {
            idle_timeout: Duration::from_secs(60),
            client_keep_alive: Duration::from_secs(3600),
            forwarded_for: ForwardedFor::Append,
            host_header: HostHeader::Rewrite,
            invalid_headers: InvalidHeaders::Route,
        }
    }
}
