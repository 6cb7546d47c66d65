//! Service events: what the scheduler says of itself, in AWS's words.

use crate::{Held, ServiceKey};
use model::Timestamp;
use serde::{Deserialize, Serialize};

/// One line of a service's event list. AWS keeps the newest 100 (reference §3.11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceEvent {
    /// The service, and a number that grows with each of its events.
    pub key: EventKey,
    /// A UUID.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What, in AWS's words.
    pub message: String,
}

/// A service and the number of one of its events.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventKey {
    /// Whose.
    pub service: ServiceKey,
    /// Counts from 0.
    pub number: u64,
}

impl ServiceEvent {
    /// How many events of a service AWS keeps.
    pub const KEPT: u64 = 100;
}

impl Held for ServiceEvent {
    type Key = EventKey;

    fn key(&self) -> EventKey {
        self.key.clone()
    }
}
