//! Target groups and their targets.

use crate::{Held, ServiceKey, Tags};
use model::{Span, TargetGroupArn, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A target group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetGroup {
    /// Its ARN.
    pub arn: TargetGroupArn,
    /// Its name, unique in the region.
    pub name: String,
    /// `HTTP` or `HTTPS`; absent for lambda groups.
    pub protocol: String,
    /// `HTTP1`, `HTTP2` or `GRPC`.
    pub protocol_version: String,
    /// The port of targets that name none.
    pub port: u16,
    /// The VPC it is in, as given.
    pub vpc: Option<String>,
    /// `ip` or `instance`.
    pub target_type: String,
    /// `ipv4` or `ipv6`.
    pub ip_address_type: String,
    /// How targets are checked.
    pub check: TargetCheck,
    /// Attributes that a client has set; the others are AWS's defaults.
    pub attributes: BTreeMap<String, String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Tags.
    pub tags: Tags,
}

/// How targets are checked (reference §4.1, §4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetCheck {
    /// `HTTP` or `HTTPS`.
    pub protocol: String,
    /// A port, or the one that traffic goes to when absent (`traffic-port`).
    pub port: Option<u16>,
    /// What is asked for.
    pub path: String,
    /// Between two checks; an AWS-side wait.
    pub interval: Span,
    /// How long an answer may take; the target's own time.
    pub timeout: Span,
    /// Successes in a row that make an unhealthy target healthy.
    pub healthy_threshold: u32,
    /// Failures in a row that make a target unhealthy.
    pub unhealthy_threshold: u32,
    /// Status codes that are successes: `200`, `200,202`, `200-299`.
    pub matcher: String,
}

/// A registered target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Group, id and port.
    pub key: TargetKey,
    /// Its zone, or `all`.
    pub zone: Option<String>,
    /// What its checks say, or that it drains.
    pub state: TargetState,
    /// Since when.
    pub since: Timestamp,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// The service that registered it; absent for `RegisterTargets`.
    pub service: Option<ServiceKey>,
}

/// A target group and one of its targets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TargetKey {
    /// The group.
    pub group: TargetGroupArn,
    /// An IP address, or an instance's id.
    pub id: String,
    /// The port.
    pub port: u16,
}

/// A target's state (reference §4.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TargetState {
    /// Registered, not checked yet.
    Registering,
    /// Being checked for the first time.
    Checking,
    /// Its checks pass.
    Healthy,
    /// Its checks fail.
    Unhealthy(Unhealthy),
    /// Its group gets no traffic, because no listener leads to it.
    NotInUse,
    /// Deregistered; requests in flight may end.
    Draining {
        /// When it is gone.
        until: Timestamp,
    },
}

/// Why a target is unhealthy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unhealthy {
    /// It answered, with these status codes.
    Codes(String),
    /// It did not answer in time.
    Timeout,
    /// The connection was refused, or closed before an answer.
    Failed,
}

/// What a load balancer's health checks say of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetHealth {
    /// They pass.
    Healthy,
    /// They fail.
    Unhealthy(Unhealthy),
}

// === impl Target ===

impl Target {
    /// A target that is registered just now.
    #[must_use]
    pub fn registered(
        key: TargetKey,
        zone: Option<String>,
        service: Option<ServiceKey>,
        now: Timestamp,
    ) -> Self {
        let state = TargetState::Registering;
        Self { key, zone, state, since: now, registered_at: now, service }
    }

    /// The target in another state; unchanged when it is in that state already.
    #[must_use]
    pub fn turned(&self, state: TargetState, at: Timestamp) -> Self {
        let since = if state == self.state { self.since } else { at };
        Self { state, since, ..self.clone() }
    }

    /// The target as it is after a report of its health; absent when the report changes nothing.
    /// A target that drains, or whose group is not in use, is not checked: what is said of it is
    /// late.
    #[must_use]
    pub fn observe(&self, health: &TargetHealth, at: Timestamp) -> Option<Self> {
        match self.state {
            TargetState::Registering
            | TargetState::Checking
            | TargetState::Healthy
            | TargetState::Unhealthy(_) => {}
            TargetState::NotInUse | TargetState::Draining { .. } => return None,
        }
        let state = match health {
            TargetHealth::Healthy => TargetState::Healthy,
            TargetHealth::Unhealthy(why) => TargetState::Unhealthy(why.clone()),
        };
        (state != self.state).then(|| self.turned(state, at))
    }
}

// === impl TargetState ===

impl TargetState {
    /// AWS's word for the state.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Registering | Self::Checking => "initial",
            Self::Healthy => "healthy",
            Self::Unhealthy(_) => "unhealthy",
            Self::NotInUse => "unused",
            Self::Draining { .. } => "draining",
        }
    }

    /// AWS's reason code.
    #[must_use]
    pub fn reason(&self) -> Option<&'static str> {
        Some(match self {
            Self::Registering => "Elb.RegistrationInProgress",
            Self::Checking => "Elb.InitialHealthChecking",
            Self::Healthy => return None,
            Self::Unhealthy(Unhealthy::Codes(_)) => "Target.ResponseCodeMismatch",
            Self::Unhealthy(Unhealthy::Timeout) => "Target.Timeout",
            Self::Unhealthy(Unhealthy::Failed) => "Target.FailedHealthChecks",
            Self::NotInUse => "Target.NotInUse",
            Self::Draining { .. } => "Target.DeregistrationInProgress",
        })
    }

    /// AWS's text for the reason.
    #[must_use]
    pub fn description(&self) -> Option<String> {
        Some(match self {
            Self::Registering => "Target registration is in progress".to_owned(),
            Self::Checking => "Initial health checks in progress".to_owned(),
            Self::Healthy => return None,
            Self::Unhealthy(why) => why.to_string(),
            Self::NotInUse => {
                "Target group is not configured to receive traffic from the load balancer"
                    .to_owned()
            }
            Self::Draining { .. } => "Target deregistration is in progress".to_owned(),
        })
    }

    /// Whether the target is registered, that is, not on its way out.
    #[must_use]
    pub fn is_registered(&self) -> bool {
        !matches!(self, Self::Draining { .. })
    }
}

impl std::fmt::Display for Unhealthy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Codes(codes) => write!(f, "Health checks failed with these codes: [{codes}]"),
            Self::Timeout => f.write_str("Request timed out"),
            Self::Failed => f.write_str("Health checks failed"),
        }
    }
}

// === impl Held ===

impl Held for TargetGroup {
    type Key = TargetGroupArn;

    fn key(&self) -> TargetGroupArn {
        self.arn.clone()
    }
}

impl Held for Target {
    type Key = TargetKey;

    fn key(&self) -> TargetKey {
        self.key.clone()
    }
}

impl TargetKey {
    /// The key before every other, where ranges begin.
    #[must_use]
    pub fn least() -> Self {
        Self { group: "".into(), id: String::new(), port: 0 }
    }
}

impl TargetGroup {
    /// `deregistration_delay.timeout_seconds`; 300 s unless set.
    #[must_use]
    pub fn deregistration_delay(&self) -> Span {
        let set = self.attributes.get("deregistration_delay.timeout_seconds");
        Span::seconds(set.and_then(|seconds| seconds.parse().ok()).unwrap_or(300))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn target(state: TargetState) -> Target {
        let key = TargetKey { group: "group".into(), id: "172.31.0.9".to_owned(), port: 80 };
        Target { state, ..Target::registered(key, None, None, at(0)) }
    }

    /// What a target's state is after a report of health, and after one of its absence.
    fn check(state: &TargetState, healthy: &str, unhealthy: &str) {
        let failed = TargetHealth::Unhealthy(Unhealthy::Failed);
        for (report, expected) in [(TargetHealth::Healthy, healthy), (failed, unhealthy)] {
            let observed = target(state.clone()).observe(&report, at(9));
            let said = observed.as_ref().map_or("-", |target| target.state.as_str());
            assert_eq!(said, expected, "{report:?} in {state:?}");
            assert!(observed.is_none_or(|target| target.since == at(9)));
        }
    }

    #[test]
    fn only_targets_that_are_checked_take_reports() {
        check(&TargetState::Registering, "healthy", "unhealthy");
        check(&TargetState::Checking, "healthy", "unhealthy");
        check(&TargetState::Healthy, "-", "unhealthy");
        check(&TargetState::Unhealthy(Unhealthy::Failed), "healthy", "-");
        check(&TargetState::Unhealthy(Unhealthy::Timeout), "healthy", "unhealthy");
        check(&TargetState::NotInUse, "-", "-");
        check(&TargetState::Draining { until: at(30) }, "-", "-");
    }

    #[test]
    fn a_target_in_the_same_state_keeps_its_time() {
        let healthy = target(TargetState::Healthy);
        assert_eq!(healthy.turned(TargetState::Healthy, at(9)), healthy);
        assert_eq!(healthy.turned(TargetState::Checking, at(9)).since, at(9));
    }
}
