//! Health of containers and, from it, of tasks.

use model::Timestamp;
use serde::{Deserialize, Serialize};

/// AWS's three words for health.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum HealthStatus {
    /// Not known (yet), or there is no check.
    #[default]
    Unknown,
    /// The check passes.
    Healthy,
    /// The check failed as often in a row as it may.
    Unhealthy,
}

/// What a container's health check has said so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ContainerHealth {
    /// The verdict.
    pub status: HealthStatus,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Failures in a row that count.
    pub failures: u32,
    /// When the running probe was sent, if one is running.
    pub probing_since: Option<Timestamp>,
    /// When the last probe ended.
    pub probed_at: Option<Timestamp>,
    /// The last probe's exit code; absent when it timed out.
    pub exit_code: Option<i32>,
    /// The end of what the last probe printed.
    pub output: String,
}

impl HealthStatus {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "UNKNOWN",
            Self::Healthy => "HEALTHY",
            Self::Unhealthy => "UNHEALTHY",
        }
    }

    /// A task's health from that of its essential containers with a check (reference §1.6): any
    /// unhealthy one decides, then any unknown one; without any check it is unknown.
    #[must_use]
    pub fn of_task(containers: impl IntoIterator<Item = Self>) -> Self {
        containers.into_iter().reduce(Self::worse).unwrap_or_default()
    }

    fn worse(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unhealthy, _) | (_, Self::Unhealthy) => Self::Unhealthy,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Healthy, Self::Healthy) => Self::Healthy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::HealthStatus::{self, Healthy, Unhealthy, Unknown};

    #[test]
    fn the_worst_container_decides() {
        for (containers, task) in [
            (vec![], Unknown),
            (vec![Healthy, Healthy], Healthy),
            (vec![Healthy, Unknown], Unknown),
            (vec![Unknown, Unhealthy, Healthy], Unhealthy),
        ] {
            assert_eq!(HealthStatus::of_task(containers), task);
        }
    }
}
