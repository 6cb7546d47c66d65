//! Application Auto Scaling: between which bounds a service's count moves, by what, and how it moved.

use crate::{Held, ServiceKey, Stored, Tags};
use model::{AlarmName, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// How many activities of a target are kept. AWS keeps those of six weeks (reference §5.5).
const ACTIVITIES: usize = 100;

/// A service whose count has bounds: a scalable target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScalableTarget {
    /// The service.
    pub service: ServiceKey,
    /// What its ARN ends in.
    pub id: String,
    /// The least tasks.
    pub min: u32,
    /// The most tasks.
    pub max: u32,
    /// What is suspended.
    pub suspended: Stored<api::autoscaling::SuspendedState>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// How its count was moved, newest last.
    pub activities: VecDeque<ScalingActivity>,
    /// Tags.
    pub tags: Tags,
}

/// What moves a service's count within its bounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScalingPolicy {
    /// The service, and the policy's name.
    pub key: ScalingKey,
    /// What stands in the middle of its ARN.
    pub id: String,
    /// What it was given: its type and that type's configuration.
    pub settings: Stored<api::autoscaling::PutScalingPolicyRequest>,
    /// The alarms that were made for it.
    pub alarms: Vec<AlarmName>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Bounds that change by the clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScheduledAction {
    /// The service, and the action's name.
    pub key: ScalingKey,
    /// What stands in the middle of its ARN.
    pub id: String,
    /// What it was given.
    pub settings: Stored<api::autoscaling::PutScheduledActionRequest>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A service, and a name that is unique among its policies, or among its scheduled actions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ScalingKey {
    /// The service.
    pub service: ServiceKey,
    /// The name.
    pub name: String,
}

/// A count that was set, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScalingActivity {
    /// A UUID.
    pub id: String,
    /// Why, in AWS's words.
    pub cause: String,
    /// The count.
    pub count: u32,
    /// When it was set.
    pub at: Timestamp,
}

// === impl ScalableTarget ===

impl ScalableTarget {
    /// Keeps an activity, and forgets the oldest when there are too many.
    pub fn note(&mut self, activity: ScalingActivity) {
        self.activities.push_back(activity);
        if self.activities.len() > ACTIVITIES {
            self.activities.pop_front();
        }
    }
}

impl Held for ScalableTarget {
    type Key = ServiceKey;

    fn key(&self) -> ServiceKey {
        self.service.clone()
    }
}

impl Held for ScalingPolicy {
    type Key = ScalingKey;

    fn key(&self) -> ScalingKey {
        self.key.clone()
    }
}

impl Held for ScheduledAction {
    type Key = ScalingKey;

    fn key(&self) -> ScalingKey {
        self.key.clone()
    }
}
