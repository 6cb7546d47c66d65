//! Application Load Balancers, their listeners and rules.

use crate::{Held, Tags};
use model::{
    ListenerArn, LoadBalancerArn, RuleArn, SecurityGroupId, SubnetId, TargetGroupArn, Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An Application Load Balancer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadBalancer {
    /// Its ARN.
    pub arn: LoadBalancerArn,
    /// Its name, unique in the region.
    pub name: String,
    /// The name that clients reach it by.
    pub dns_name: String,
    /// `internet-facing` or `internal`.
    pub scheme: String,
    /// Its subnets, one a zone.
    pub subnets: Vec<SubnetId>,
    /// Its security groups, shown and without effect locally.
    pub security_groups: Vec<SecurityGroupId>,
    /// `ipv4` and the like.
    pub ip_address_type: String,
    /// When it became or becomes `active`.
    pub active_at: Timestamp,
    /// Attributes that differ from AWS's defaults.
    pub attributes: BTreeMap<String, String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Tags.
    pub tags: Tags,
}

/// A listener.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listener {
    /// Its ARN.
    pub arn: ListenerArn,
    /// Its load balancer.
    pub load_balancer: LoadBalancerArn,
    /// `HTTP` or `HTTPS`.
    pub protocol: String,
    /// The port that clients name.
    pub port: u16,
    /// What happens when no rule matches.
    pub default_actions: Vec<Action>,
    /// The default rule's ARN.
    pub default_rule: RuleArn,
    /// A security policy's name, for HTTPS.
    pub ssl_policy: Option<String>,
    /// ARNs of certificates, the default one first, for HTTPS.
    pub certificates: Vec<String>,
    /// Attributes that differ from AWS's defaults.
    pub attributes: BTreeMap<String, String>,
    /// The local port it really listens on, once bound: its own where that is permitted and free.
    pub local_port: Option<u16>,
    /// Tags.
    pub tags: Tags,
}

/// A listener's rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Listener and priority: the order of keys is the order in which rules are tried.
    pub key: RuleKey,
    /// Its ARN.
    pub arn: RuleArn,
    /// All of them must hold.
    pub conditions: Vec<Condition>,
    /// What happens then.
    pub actions: Vec<Action>,
    /// Tags.
    pub tags: Tags,
}

/// A listener and the priority of one of its rules.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RuleKey {
    /// The listener.
    pub listener: ListenerArn,
    /// 1 to 50 000; the lowest is tried first.
    pub priority: u32,
}

/// A rule's condition (reference §4.7). Any of its values may hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    /// The host, ignoring case, with `*` and `?`.
    Host(Vec<String>),
    /// The path, minding case, with `*` and `?`.
    Path(Vec<String>),
    /// A header, ignoring case, with `*` and `?`.
    Header {
        /// The header's name.
        name: String,
        /// Its values.
        values: Vec<String>,
    },
    /// The method, exactly.
    Method(Vec<String>),
    /// A parameter of the query: key, when given, and value, ignoring case, with `*` and `?`.
    Query(Vec<(Option<String>, String)>),
    /// The client's address, in CIDR notation.
    SourceIp(Vec<String>),
}

/// What a rule does (reference §4.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Sends the request to a target.
    Forward(Forward),
    /// Sends the client elsewhere.
    Redirect(Redirect),
    /// Answers itself.
    Fixed(FixedResponse),
}

/// Target groups by weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward {
    /// The groups, in the order given.
    pub groups: Vec<WeightedGroup>,
    /// How long a client stays with a group, in seconds; absent when it does not.
    pub stickiness_seconds: Option<u32>,
}

/// A target group and its share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeightedGroup {
    /// The group.
    pub group: TargetGroupArn,
    /// 0 to 999; 0 gets nothing.
    pub weight: u32,
}

/// A redirect; each part may hold `#{protocol}` and the like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// `HTTP`, `HTTPS` or `#{protocol}`.
    pub protocol: String,
    /// A port or `#{port}`.
    pub port: String,
    /// A host or `#{host}`.
    pub host: String,
    /// A path, with its slash.
    pub path: String,
    /// A query, without its question mark.
    pub query: String,
    /// Whether it is for good (301) or for now (302).
    pub permanent: bool,
}

/// An answer that the load balancer gives itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedResponse {
    /// A status of 2xx, 4xx or 5xx.
    pub status: u16,
    /// The content type, when given.
    pub content_type: Option<String>,
    /// The body; empty when not given.
    pub body: String,
}

impl Action {
    /// The target groups that it leads to.
    pub fn groups(&self) -> impl Iterator<Item = &TargetGroupArn> {
        let groups = match self {
            Self::Forward(forward) => forward.groups.as_slice(),
            Self::Redirect(_) | Self::Fixed(_) => &[],
        };
        groups.iter().map(|weighted| &weighted.group)
    }
}

impl Held for LoadBalancer {
    type Key = LoadBalancerArn;

    fn key(&self) -> LoadBalancerArn {
        self.arn.clone()
    }
}

impl Held for Listener {
    type Key = ListenerArn;

    fn key(&self) -> ListenerArn {
        self.arn.clone()
    }
}

impl Held for Rule {
    type Key = RuleKey;

    fn key(&self) -> RuleKey {
        self.key.clone()
    }
}
