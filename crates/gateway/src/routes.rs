//! What the gateway is told: listeners with their rules, and target groups with their targets.
//!
//! Plain values, compared and cloned freely. They must not know the region's rows, ARNs or AWS's
//! texts: ids are whatever the caller uses, and every duration is a real one, already divided by
//! the region's speed where that applies.

mod cidr;
mod group;
mod rule;
mod tls;

pub use cidr::{Cidr, ParseCidrError};
pub use group::{
    Algorithm, Group, HealthCheck, Matcher, ParseMatcherError, ProtocolVersion, Stickiness,
    TargetId, TargetUse, Threshold,
};
pub use rule::{Action, Condition, FixedResponse, Forward, QueryPair, Redirect, Rule};
pub use tls::{Certificate, Tls};

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
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

/// What is other than before in [`Routes`]: each entry as it is now, or absent when it is gone.
/// What is not named stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// Listeners by the caller's ids.
    pub listeners: BTreeMap<String, Option<Listener>>,
    /// Target groups by the caller's ids.
    pub groups: BTreeMap<String, Option<Group>>,
}

/// A listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Addresses to listen on, in order of preference; the first that can be bound is used.
    pub candidates: Vec<SocketAddr>,
    /// The port that clients believe in, whichever was bound: `X-Forwarded-Port`, `#{port}`.
    pub port: u16,
    /// Its side of TLS; absent when clients speak to it without.
    pub tls: Option<Tls>,
    /// Rules, tried by priority whatever their order here.
    pub rules: Vec<Rule>,
    /// What happens when no rule matches.
    pub default: Action,
    /// How it treats connections and headers.
    pub attributes: Attributes,
    /// What it changes in the heads of answers.
    pub retouch: Retouch,
}

/// How a connection is spoken on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Plain HTTP.
    Http,
    /// HTTP over TLS.
    Https,
}

/// A load balancer's attributes, as far as they concern its traffic (reference §4.8).
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
    /// `routing.http.desync_mitigation_mode`.
    pub desync: Desync,
    /// `routing.http.x_amzn_tls_version_and_cipher_suite.enabled`.
    pub tls_headers: TlsHeaders,
    /// The name that the load balancer has in its access log; absent when it keeps none.
    pub access_log: Option<Arc<str>>,
}

/// Whether targets are told what a client and the load balancer agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsHeaders {
    /// They are not.
    Absent,
    /// In two headers, whose names a listener may change. A client can't say them itself.
    Present,
}

/// A listener's attributes about headers of answers, those of targets and the load balancer's own,
/// and names of headers of requests (reference §4.8, listener attributes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retouch {
    /// `routing.http.response.server.enabled`.
    pub server: ServerHeader,
    /// `routing.http.response.<header>.header_value`: headers that every answer has, whatever the
    /// target says.
    pub headers: Vec<(String, String)>,
    /// `routing.http.request.x_amzn_tls_version.header_name`.
    pub tls_version_name: String,
    /// `routing.http.request.x_amzn_tls_cipher_suite.header_name`.
    pub tls_cipher_name: String,
}

/// Whether answers say which server they come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ServerHeader {
    /// `Server` is passed on, and the load balancer's own answers have it.
    #[default]
    Kept,
    /// No answer has it.
    Removed,
}

/// What is done with requests that servers could read differently (reference §4.12,
/// classifications). One that can't be read at all is refused in every mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desync {
    /// They are routed.
    Monitor,
    /// They are routed; ambiguous ones on connections that are closed behind them.
    Defensive,
    /// Only requests that comply with the standard are routed.
    Strictest,
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

// === impl Change ===

impl Change {
    /// Whether nothing is other than before.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.listeners.is_empty() && self.groups.is_empty()
    }
}

// === impl Listener ===

impl Listener {
    /// The groups that it leads to, by its rules and by default.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &str> {
        let actions = self.rules.iter().map(|rule| &rule.action).chain([&self.default]);
        actions
            .flat_map(|action| match action {
                Action::Forward(forward) => forward.groups.as_slice(),
                Action::Redirect(_) | Action::Fixed(_) => &[],
            })
            .map(|(id, _)| id.as_str())
    }
}

// === impl Scheme ===

impl Scheme {
    /// `http` or `https`, as in `X-Forwarded-Proto`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

// === impl Retouch ===

impl Default for Retouch {
    /// AWS's defaults.
    fn default() -> Self {
        Self {
            server: ServerHeader::Kept,
            headers: Vec::new(),
            tls_version_name: "X-Amzn-Tls-Version".to_owned(),
            tls_cipher_name: "X-Amzn-Tls-Cipher-Suite".to_owned(),
        }
    }
}

impl Retouch {
    /// Whether answers are left as they are.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.server == ServerHeader::Kept && self.headers.is_empty()
    }

    /// Whether a header of that name is taken out, whatever may take its place.
    #[must_use]
    pub fn takes_out(&self, name: &str) -> bool {
        let removed = self.server == ServerHeader::Removed && name.eq_ignore_ascii_case("server");
        removed || self.headers.iter().any(|(set, _)| set.eq_ignore_ascii_case(name))
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
            desync: Desync::Defensive,
            tls_headers: TlsHeaders::Absent,
            access_log: None,
        }
    }
}
