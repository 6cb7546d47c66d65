//! How a service's deployments go: `deploymentConfiguration` (reference §3.1, §3.5, §3.6, §3.8).

use super::stage::Stage;
use model::AlarmName;
use serde::{Deserialize, Serialize};

/// How deployments go.
///
/// A service deployment keeps the configuration that it began with; percentages and circuit breaker
/// are always the service's of the moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeploymentConfiguration {
    /// `minimumHealthyPercent`.
    pub minimum_percent: u32,
    /// `maximumPercent`.
    pub maximum_percent: u32,
    /// The circuit breaker.
    pub breaker: CircuitBreaker,
    /// Alarms that fail a deployment.
    #[serde(default)]
    pub alarms: DeploymentAlarms,
    /// How the new revision takes the old one's place.
    #[serde(default)]
    pub strategy: Strategy,
    /// Minutes between success and `COMPLETED`.
    pub bake_minutes: u32,
    /// Where deployments stop until somebody lets them go on.
    #[serde(default)]
    pub pauses: Vec<PauseHook>,
}

/// How a new revision takes the old one's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Strategy {
    /// Task by task, within the percentages.
    #[default]
    Rolling,
    /// Beside it, then all requests at once.
    BlueGreen,
    /// Beside it, then requests in equal steps.
    Linear {
        /// How much more of the requests each step moves.
        step: TrafficShare,
        /// Minutes between two steps.
        bake_minutes: u32,
    },
    /// Beside it, then a few requests, then all.
    Canary {
        /// How much of the requests comes first.
        first: TrafficShare,
        /// Minutes until the rest follows.
        bake_minutes: u32,
    },
}

/// A share of all requests, in tenths of a percent: what AWS's strategies are precise to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrafficShare(u16);

/// A deployment's circuit breaker (reference §3.5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CircuitBreaker {
    /// Whether it is on.
    pub enable: bool,
    /// Whether a failed deployment goes back to the last completed one.
    pub rollback: bool,
    /// Whether a healthy task sets the count to zero.
    pub reset_on_healthy: bool,
    /// When it trips.
    pub threshold: BreakerThreshold,
}

/// How many failed tasks trip a circuit breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BreakerThreshold {
    /// This many.
    Count(u32),
    /// This percentage of the desired count, at least 3 and at most 200.
    BoundedPercent(u32),
    /// This percentage of the desired count.
    UnboundedPercent(u32),
}

/// Alarms that fail a deployment (reference §3.6).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DeploymentAlarms {
    /// The alarms, in the order given.
    pub names: Vec<AlarmName>,
    /// Whether they are watched.
    pub enable: bool,
    /// Whether a failed deployment goes back to the last completed one.
    pub rollback: bool,
}

/// A lifecycle hook of type `PAUSE` (reference §3.8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseHook {
    /// Where deployments stop, in the order given.
    pub stages: Vec<Stage>,
    /// How many minutes they wait for somebody.
    pub timeout_minutes: u32,
    /// What happens then.
    pub action: HookAction,
}

/// What a deployment that has stopped at a hook does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum HookAction {
    /// It goes on.
    Continue,
    /// It goes back to the revision before.
    Rollback,
}

// === impl DeploymentAlarms ===

impl DeploymentAlarms {
    /// The alarms that are watched.
    pub fn watched(&self) -> impl Iterator<Item = &AlarmName> {
        self.names.iter().filter(|_| self.enable)
    }
}

// === impl Strategy ===

impl Strategy {
    /// Whether the new revision runs beside the old one, and requests move from one to the other.
    #[must_use]
    pub fn has_stages(self) -> bool {
        self != Self::Rolling
    }

    /// The share of production requests that the new revision gets after a number of steps. In
    /// steps of 30 % these are 30, 60, 90 and 100 %.
    #[must_use]
    pub fn share_after(self, steps: u16) -> TrafficShare {
        match self {
            _ if steps == 0 => TrafficShare::NONE,
            Self::Linear { step, .. } => (1..steps).fold(step, |share, _| share.and(step)),
            Self::Canary { first, .. } if steps == 1 => first,
            Self::Rolling | Self::BlueGreen | Self::Canary { .. } => TrafficShare::ALL,
        }
    }

    /// Minutes between two steps.
    #[must_use]
    pub fn step_minutes(self) -> u32 {
        match self {
            Self::Linear { bake_minutes, .. } | Self::Canary { bake_minutes, .. } => bake_minutes,
            Self::Rolling | Self::BlueGreen => 0,
        }
    }
}

// === impl BreakerThreshold ===

impl BreakerThreshold {
    /// How many failures trip the breaker of a service that should have `desired` tasks. At AWS's
    /// default of 50 %, bounded to 3 to 200: 3 for one task and for 6, 13 for 25, 200 for 400 and
    /// for 800.
    #[must_use]
    pub fn limit(self, desired: u32) -> u32 {
        let share = |percent: u32| {
            let share = (u64::from(desired) * u64::from(percent)).div_ceil(100);
            u32::try_from(share).unwrap_or(u32::MAX)
        };
        match self {
            Self::Count(count) => count.max(1),
            Self::BoundedPercent(percent) => share(percent).clamp(3, 200),
            Self::UnboundedPercent(percent) => share(percent).max(1),
        }
    }
}

// === impl TrafficShare ===

impl TrafficShare {
    /// No request.
    pub const NONE: Self = Self(0);
    /// All requests.
    pub const ALL: Self = Self(1000);

    /// A number of tenths of a percent; more than all are all.
    #[must_use]
    pub fn tenths(tenths: u16) -> Self {
        Self(tenths.min(Self::ALL.0))
    }

    /// A percentage, if it is one of 0 to 100 in steps of 0.1.
    #[must_use]
    pub fn from_percent(percent: f64) -> Option<Self> {
        let all = 0..=Self::ALL.0;
        all.map(Self).find(|share| (share.percent() - percent).abs() < 1e-6)
    }

    /// The percentage.
    #[must_use]
    pub fn percent(self) -> f64 {
        f64::from(self.0) / 10.0
    }

    /// What is left of all requests.
    #[must_use]
    pub fn rest(self) -> Self {
        Self(Self::ALL.0.saturating_sub(self.0))
    }

    /// This and as much again as `more`; never more than all.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        Self::tenths(self.0.saturating_add(more.0))
    }

    /// The weights of two target groups of which the first gets this share. A load balancer takes
    /// whole weights up to 999, so whole percentages are weights of 100 together, as AWS sets them,
    /// and others of 1000: 5 % is 5 to 95, 0.1 % is 1 to 999.
    #[must_use]
    pub fn weights(self) -> (u32, u32) {
        let unit = if self.0.is_multiple_of(10) { 10 } else { 1 };
        (u32::from(self.0 / unit), u32::from(self.rest().0 / unit))
    }
}

// === AWS's words ===

impl Strategy {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rolling => "ROLLING",
            Self::BlueGreen => "BLUE_GREEN",
            Self::Linear { .. } => "LINEAR",
            Self::Canary { .. } => "CANARY",
        }
    }
}

impl HookAction {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Continue => "CONTINUE",
            Self::Rollback => "ROLLBACK",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_those_of_aws() {
        let bounded = BreakerThreshold::BoundedPercent(50);
        for (threshold, desired, expected) in [
            (bounded, 0, 3),
            (bounded, 1, 3),
            (bounded, 6, 3),
            (bounded, 25, 13),
            (bounded, 400, 200),
            (bounded, 800, 200),
            (BreakerThreshold::BoundedPercent(1), 100, 3),
            (BreakerThreshold::BoundedPercent(100), 100, 100),
            (BreakerThreshold::UnboundedPercent(10), 5000, 500),
            (BreakerThreshold::UnboundedPercent(10), 1, 1),
            (BreakerThreshold::UnboundedPercent(50), 3, 2),
            (BreakerThreshold::UnboundedPercent(100), 0, 1),
            (BreakerThreshold::Count(7), 1, 7),
            (BreakerThreshold::Count(1), 800, 1),
        ] {
            assert_eq!(threshold.limit(desired), expected, "{threshold:?} of {desired}");
        }
    }

    #[test]
    fn each_strategy_moves_requests_in_its_steps() {
        let of = TrafficShare::tenths;
        let linear = Strategy::Linear { step: of(300), bake_minutes: 6 };
        let canary = Strategy::Canary { first: of(50), bake_minutes: 10 };
        for (strategy, shares) in [
            (Strategy::BlueGreen, vec![0, 1000, 1000]),
            (linear, vec![0, 300, 600, 900, 1000, 1000]),
            (canary, vec![0, 50, 1000, 1000]),
        ] {
            for (steps, share) in (0..).zip(shares) {
                assert_eq!(strategy.share_after(steps), of(share), "{strategy:?}, {steps}");
            }
        }
    }

    #[test]
    fn shares_are_tenths_of_a_percent() {
        for (percent, weights) in [
            (0.0, (0, 100)),
            (0.1, (1, 999)),
            (5.0, (5, 95)),
            (33.3, (333, 667)),
            (99.9, (999, 1)),
            (100.0, (100, 0)),
        ] {
            let share = TrafficShare::from_percent(percent).expect("it is a share");
            assert_eq!(share.weights(), weights, "{percent}");
            assert!((share.percent() - percent).abs() < 1e-9, "{percent}");
        }
        for percent in [-1.0, 0.05, 100.1, f64::NAN, f64::INFINITY] {
            assert_eq!(TrafficShare::from_percent(percent), None, "{percent}");
        }
        let third = TrafficShare::tenths(333);
        assert_eq!(third.and(third).and(third).and(third), TrafficShare::ALL);
        assert_eq!(TrafficShare::ALL.rest(), TrafficShare::NONE);
    }
}
