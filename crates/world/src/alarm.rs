//! CloudWatch alarms: what they watch, their states, and what became of them.

use crate::{Held, Stored, Tags};
use model::{AlarmName, Span, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// How many entries an alarm's history keeps. AWS keeps 30 days of it.
const HISTORY: usize = 100;

/// An alarm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// Its name, unique in the region.
    pub name: AlarmName,
    /// What it says.
    pub state: AlarmState,
    /// Since when it says so.
    pub since: Timestamp,
    /// When it was last said, be it the same.
    pub said_at: Timestamp,
    /// Why.
    pub reason: String,
    /// Why, as JSON.
    pub reason_data: Option<String>,
    /// What it watches, and what it would do, as a client gave it: the members that an alarm shows
    /// besides its state.
    pub settings: Stored<api::cloudwatch::MetricAlarm>,
    /// What it is made of, if it is a composite alarm; it watches no metric then.
    pub composition: Option<Composition>,
    /// When its settings were last given.
    pub configured_at: Timestamp,
    /// Tags.
    pub tags: Tags,
    /// What became of it, newest last.
    pub history: VecDeque<AlarmEntry>,
}

/// What a composite alarm is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composition {
    /// Which states of other alarms put it in ALARM, as a client wrote it.
    pub rule: String,
    /// The ARN of an alarm that keeps it from taking its actions.
    pub suppressor: Option<String>,
    /// How many seconds it waits for that alarm.
    pub wait: Option<i32>,
    /// How many seconds longer than that alarm it waits.
    pub extension: Option<i32>,
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

/// An entry of an alarm's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmEntry {
    /// When.
    pub at: Timestamp,
    /// AWS's word for what happened: `StateUpdate`, `ConfigurationUpdate`.
    pub kind: String,
    /// What happened, in a sentence.
    pub summary: String,
    /// What happened, as JSON.
    pub data: String,
}

// === impl Alarm ===

impl Alarm {
    /// A new alarm: nothing is known of its metric yet.
    #[must_use]
    pub fn new(name: AlarmName, now: Timestamp) -> Self {
        Self {
            name,
            state: AlarmState::InsufficientData,
            since: now,
            said_at: now,
            reason: "Unchecked: Initial alarm creation".to_owned(),
            reason_data: None,
            settings: Stored::default(),
            composition: None,
            configured_at: now,
            tags: Tags::new(),
            history: VecDeque::new(),
        }
    }

    /// How long its metric is looked back on: three periods of 60 s are three minutes. Nothing where
    /// each part of an expression has a period of its own.
    #[must_use]
    pub fn look_back(&self) -> Span {
        let number = |given: Option<i32>| given.and_then(|given| u64::try_from(given).ok());
        let period = number(self.settings.period).unwrap_or(0);
        Span::seconds(period.saturating_mul(number(self.settings.evaluation_periods).unwrap_or(1)))
    }

    /// Notes what became of it; what is oldest is forgotten.
    pub fn note(&mut self, entry: AlarmEntry) {
        self.history.push_back(entry);
        while self.history.len() > HISTORY {
            self.history.pop_front();
        }
    }
}

// === impl AlarmState ===

impl AlarmState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ok, Self::Alarm, Self::InsufficientData];

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
