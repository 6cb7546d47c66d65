//! What a decision is made of.

use crate::{Action, StackStep, Subject};
use model::{AlarmName, Pace, Timestamp};
use std::collections::BTreeSet;
use std::fmt;
use world::service::Stage;
use world::{Row, RowKey};

/// When a decision is made, and how fast AWS's waits pass here.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// Now.
    pub now: Timestamp,
    /// The region's speed.
    pub pace: Pace,
}

/// What should happen next, and why nothing else does.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Decision {
    /// Rows to put in the place of the ones with their keys.
    pub rows: Vec<Row>,
    /// Rows to take out.
    pub gone: Vec<RowKey>,
    /// Work for the hands. An action leaves no choice to whoever carries it out, and carrying it
    /// out twice is the same as once.
    pub actions: Vec<Action>,
    /// Operations that stacks ask of the region, in this order, on the World with the rows above.
    pub steps: Vec<StackStep>,
    /// What people are told.
    pub notes: Vec<Note>,
    /// When to ask again, should the World not change before.
    pub wake_at: Option<Timestamp>,
}

/// A reason, for whom it concerns.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Whom it concerns.
    pub subject: Subject,
    /// What is waited for.
    pub waiting: Waiting,
}

/// What is waited for.
#[derive(Debug, Clone, PartialEq)]
pub enum Waiting {
    /// No old task may be stopped before more are healthy.
    HealthyFloor {
        /// Healthy tasks of all deployments.
        healthy: u32,
        /// How many there must be.
        floor: u32,
    },
    /// No task may be started before one has gone.
    SurgeCeiling {
        /// Tasks of all deployments that are not stopping.
        running: u32,
        /// How many there may be.
        ceiling: u32,
    },
    /// New tasks are there and not healthy yet.
    Health {
        /// Healthy tasks of the newest deployment.
        healthy: u32,
        /// How many it should have.
        desired: u32,
    },
    /// Targets drain before their tasks stop.
    Draining {
        /// When the last of them is gone.
        until: Timestamp,
    },
    /// Tasks failed to start, and the next start is held back.
    Throttled {
        /// When it is allowed.
        until: Timestamp,
        /// Failed starts in a row.
        failures: u32,
    },
    /// All is as it should be; the deployment is watched a little longer before it is complete.
    Settling {
        /// Until when.
        until: Timestamp,
    },
    /// The deployment is at a stage of its strategy.
    Stage {
        /// The stage.
        stage: Stage,
    },
    /// The deployment has stopped at a stage until somebody lets it go on.
    Consent {
        /// The stage.
        stage: Stage,
        /// Until when.
        until: Timestamp,
    },
    /// Alarms that were there when the deployment began can't fail it.
    IgnoredAlarms {
        /// Which.
        alarms: BTreeSet<AlarmName>,
    },
    /// The scheduler has not looked yet.
    NextPass {
        /// When it will.
        at: Timestamp,
    },
}

impl Waiting {
    /// When the wait is over, where that is known.
    #[must_use]
    pub fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Draining { until }
            | Self::Throttled { until, .. }
            | Self::Consent { until, .. }
            | Self::Settling { until } => Some(*until),
            Self::NextPass { at } => Some(*at),
            Self::HealthyFloor { .. }
            | Self::SurgeCeiling { .. }
            | Self::Stage { .. }
            | Self::IgnoredAlarms { .. }
            | Self::Health { .. } => None,
        }
    }
}

/// As people are told, after "waiting: ".
impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HealthyFloor { healthy, floor } => {
                write!(f, "old tasks stay: {healthy} tasks are healthy, {floor} have to be")
            }
            Self::SurgeCeiling { running, ceiling } => {
                write!(f, "no task is started: {running} tasks are there, {ceiling} may be")
            }
            Self::Health { healthy, desired } => {
                write!(f, "{healthy} of {desired} new tasks are healthy")
            }
            Self::Draining { until } => write!(f, "targets drain until {until}"),
            Self::Throttled { until, failures } => {
                write!(f, "the next start is held back until {until}, after {failures} failed ones")
            }
            Self::Settling { until } => write!(f, "all is well; watched until {until}"),
            Self::Stage { stage } => write!(f, "the deployment is at stage {}", stage.as_str()),
            Self::Consent { stage, until } => {
                let stage = stage.as_str();
                write!(f, "ContinueServiceDeployment at stage {stage}, for {until} at most")
            }
            Self::IgnoredAlarms { alarms } => {
                let alarms: Vec<&str> = alarms.iter().map(|name| name.as_str()).collect();
                let alarms = alarms.join(", ");
                write!(f, "alarms that were there before the deployment can't fail it: {alarms}")
            }
            Self::NextPass { at } => write!(f, "the scheduler looks again at {at}"),
        }
    }
}

impl Decision {
    /// A decision to do nothing.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Asks to be called again at `at`, or earlier if that was asked before.
    pub fn wake(&mut self, at: Timestamp) {
        self.wake_at = Some(self.wake_at.map_or(at, |earlier| earlier.min(at)));
    }

    /// Whether nothing is to be done now.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.rows.is_empty()
            && self.gone.is_empty()
            && self.actions.is_empty()
            && self.steps.is_empty()
    }
}
