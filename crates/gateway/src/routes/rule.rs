//! Rules of a listener: conditions and what they lead to.

use super::Cidr;
use std::time::Duration;

/// A listener's rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// 1 to 50 000; the lowest is tried first.
    pub priority: u32,
    /// All of them must hold.
    pub conditions: Vec<Condition>,
    /// What happens then.
    pub action: Action,
}

/// A rule's condition (reference §4.7). Any of its values may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// `host-header`: the host without its port, ignoring case, with `*` and `?`.
    Host(Vec<String>),
    /// `path-pattern`: the path without its query, minding case, with `*` and `?`.
    Path(Vec<String>),
    /// `http-header`: any header of that name, ignoring case, with `*` and `?`.
    Header {
        /// The header's name.
        name: String,
        /// Its values.
        values: Vec<String>,
    },
    /// `http-request-method`: the method, exactly.
    Method(Vec<String>),
    /// `query-string`: a parameter, ignoring case, with `*`, `?` and the escapes `\*`, `\?`, `\\`.
    Query(Vec<QueryPair>),
    /// `source-ip`: the address that the connection comes from.
    SourceIp(Vec<Cidr>),
}

/// A parameter of the query that a condition looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryPair {
    /// Its key; any when absent.
    pub key: Option<String>,
    /// Its value.
    pub value: String,
}

/// What a rule leads to: AWS allows exactly one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Sends the request to a target.
    Forward(Forward),
    /// Sends the client elsewhere.
    Redirect(Redirect),
    /// Answers itself.
    Fixed(FixedResponse),
}

/// Target groups by weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// Ids of groups with their weights, 0 to 999. A group gets its share even when it has no
    /// target, or is not among the routes' groups: those requests are answered 503. So are all
    /// requests when every weight is 0.
    pub groups: Vec<(String, u32)>,
    /// How long a client stays with a group after its last request; absent when it does not.
    pub stickiness: Option<Duration>,
}

/// A redirect. Each part may hold `#{protocol}`, `#{host}`, `#{port}`, `#{path}` and `#{query}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// `HTTP`, `HTTPS` or `#{protocol}`.
    pub protocol: String,
    /// A host or `#{host}`.
    pub host: String,
    /// A port or `#{port}`.
    pub port: String,
    /// A path with its slash: `/#{path}`.
    pub path: String,
    /// A query without its question mark: `#{query}`.
    pub query: String,
    /// Whether it is for good (301) or for now (302).
    pub permanent: bool,
}

/// An answer that the load balancer gives itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedResponse {
    /// A status of 2xx, 4xx or 5xx.
    pub status: u16,
    /// Its content type; `text/plain` when absent.
    pub content_type: Option<String>,
    /// Its body.
    pub body: String,
}
