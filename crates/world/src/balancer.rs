//! Application Load Balancers, their listeners and rules.

use crate::snapshot::Use;
use crate::{Held, Row, Tags, World};
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
    /// Attributes that a client has set; the others are AWS's defaults.
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
    /// The `Order` that its action was given, echoed; with one action it means nothing.
    #[serde(default)]
    pub order: Option<u32>,
    /// The default rule's ARN.
    pub default_rule: RuleArn,
    /// A security policy's name, for HTTPS.
    pub ssl_policy: Option<String>,
    /// ARNs of certificates, the default one first, for HTTPS.
    pub certificates: Vec<String>,
    /// Attributes that a client has set; the others are AWS's defaults.
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
    /// The `Order` that its action was given, echoed; with one action it means nothing.
    #[serde(default)]
    pub order: Option<u32>,
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

// === impl World ===

impl World {
    /// The load balancer that leads to a target group, if one does. AWS lets only one do so.
    #[must_use]
    pub fn balancer_of(&self, group: &TargetGroupArn) -> Option<&LoadBalancerArn> {
        let first = (group.clone(), Use::Listener("".into()));
        let (_, by) = self.uses.range(first..).next().filter(|(used, _)| used == group)?;
        let listener = match by {
            Use::Listener(listener) => listener,
            Use::Rule(rule) => &rule.listener,
        };
        self.listeners.get(listener).map(|listener| &listener.load_balancer)
    }
}

/// What a rule's ARN stands for.
#[derive(Debug, Clone, Copy)]
pub enum RuleRef<'a> {
    /// A rule.
    Rule(&'a Rule),
    /// A listener's default rule.
    Default(&'a Listener),
}

impl World {
    /// The rule with this ARN. It begins like its listener's:
    /// `…:listener-rule/app/<name>/<id>/<listener id>/<rule id>`.
    #[must_use]
    pub fn rule_with(&self, arn: &RuleArn) -> Option<RuleRef<'_>> {
        let (listener, _) = arn.as_str().rsplit_once('/')?;
        let listener = listener.replacen(":listener-rule/", ":listener/", 1);
        let listener = self.listeners.get(&ListenerArn::from(listener.as_str()))?;
        if listener.default_rule == *arn {
            return Some(RuleRef::Default(listener));
        }
        self.rules_of(&listener.arn).find(|rule| rule.arn == *arn).map(RuleRef::Rule)
    }
}

// === impl RuleRef ===

impl<'a> RuleRef<'a> {
    /// What it does.
    #[must_use]
    pub fn actions(self) -> &'a [Action] {
        match self {
            Self::Rule(rule) => &rule.actions,
            Self::Default(listener) => &listener.default_actions,
        }
    }

    /// The groups that it forwards to, with their weights; none when it does something else.
    #[must_use]
    pub fn forwards(self) -> &'a [WeightedGroup] {
        match self.actions() {
            [Action::Forward(forward)] => &forward.groups,
            _ => &[],
        }
    }

    /// The row as it is when its groups of a pair have these weights; the others stay. Absent when
    /// it is like that already, or does not forward.
    #[must_use]
    pub fn weighted(self, weights: &[(&TargetGroupArn, u32)]) -> Option<Row> {
        let [Action::Forward(forward)] = self.actions() else { return None };
        let mut changed = forward.clone();
        for (group, weight) in weights {
            match changed.groups.iter_mut().find(|held| held.group == **group) {
                Some(held) => held.weight = *weight,
                None if *weight > 0 => {
                    let group = (*group).clone();
                    changed.groups.push(WeightedGroup { group, weight: *weight });
                }
                None => {}
            }
        }
        if changed == *forward {
            return None;
        }
        let actions = vec![Action::Forward(changed)];
        Some(match self {
            Self::Rule(rule) => Row::from(Rule { actions, ..rule.clone() }),
            Self::Default(listener) => {
                Row::from(Listener { default_actions: actions, ..listener.clone() })
            }
        })
    }
}

// === impl Action ===

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

// === impl Held ===

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Draft, Vpc};
    use model::Place;
    use std::collections::BTreeMap;

    fn forward(group: &str) -> Vec<Action> {
        let groups = vec![WeightedGroup { group: group.into(), weight: 1 }];
        vec![Action::Forward(Forward { groups, stickiness_seconds: None })]
    }

    fn listener() -> Listener {
        Listener {
            arn: "listener".into(),
            load_balancer: "balancer".into(),
            protocol: "HTTP".to_owned(),
            port: 80,
            default_actions: forward("by-default"),
            order: None,
            default_rule: "default".into(),
            ssl_policy: None,
            certificates: Vec::new(),
            attributes: BTreeMap::new(),
            local_port: None,
            tags: Tags::new(),
        }
    }

    fn rule() -> Rule {
        Rule {
            key: RuleKey { listener: "listener".into(), priority: 1 },
            arn: "rule".into(),
            conditions: Vec::new(),
            actions: forward("by-rule"),
            order: None,
            tags: Tags::new(),
        }
    }

    #[test]
    fn a_group_is_led_to_by_default_actions_and_by_rules() {
        let place = Place { region: "eu-west-1".into(), account: "000000000000".into() };
        let vpc = Vpc::default_of(&place, [172, 31]);
        let world = World::empty(place, vpc);
        let mut draft = Draft::of(&world);
        draft.put(listener());
        draft.put(rule());
        let world = draft.commit().world;
        for (group, expected) in
            [("by-default", Some("balancer")), ("by-rule", Some("balancer")), ("free", None)]
        {
            let found = world.balancer_of(&group.into()).map(LoadBalancerArn::as_str);
            assert_eq!(found, expected, "{group}");
        }
    }
}
