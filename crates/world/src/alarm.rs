//! CloudWatch alarms, as far as others act on them: their names and states.

use crate::Held;
use model::{AlarmName, Timestamp};
use serde::{Deserialize, Serialize};

/// An alarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// Its name, unique in the region.
    pub name: AlarmName,
    /// What its metric last said.
    pub state: AlarmState,
    /// Since when.
    pub since: Timestamp,
}

/// An alarm's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AlarmState {
    /// Its metric is within its threshold.
    Ok,
    /// Its metric has left its threshold.
    Alarm,
    /// Too little is known.
    InsufficientData,
}

// === impl AlarmState ===

impl AlarmState {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Alarm => "ALARM",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

impl Held for Alarm {
    type Key = AlarmName;

    fn key(&self) -> AlarmName {
        self.name.clone()
    }
}
