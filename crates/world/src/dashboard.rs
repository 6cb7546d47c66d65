//! CloudWatch dashboards: what somebody wants to see of metrics, which are not collected here.

use crate::{Held, Tags};
use model::{DashboardName, Timestamp};
use serde::{Deserialize, Serialize};

/// A dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// Its name.
    pub name: DashboardName,
    /// What it shows: JSON, as it was given.
    pub body: String,
    /// When that was given.
    pub modified_at: Timestamp,
    /// Tags.
    pub tags: Tags,
}

impl Held for Dashboard {
    type Key = DashboardName;

    fn key(&self) -> DashboardName {
        self.name.clone()
    }
}
