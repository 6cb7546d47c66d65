//! Health of containers and, from it, of tasks.

use crate::definition::HealthCheck;
use model::{Span, Timestamp};
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
    /// When the newest probe was sent; absent once its result is judged.
    pub probing_since: Option<Timestamp>,
    /// When the last probe ended. Not before `probing_since`: the result is to be judged.
    pub probed_at: Option<Timestamp>,
    /// How long the last probe took.
    #[serde(default)]
    pub took: Span,
    /// The last probe's exit code; absent when it timed out.
    pub exit_code: Option<i32>,
    /// The end of what the last probe printed.
    pub output: String,
}

// === impl ContainerHealth ===

impl ContainerHealth {
    /// Takes a probe's result in, to be judged. A result that nobody waits for is a repeated one.
    pub(crate) fn probed(&mut self, code: Option<i32>, output: &str, at: Timestamp) {
        if self.is_probing() {
            self.took = self.probing_since.map_or(Span::ZERO, |sent| at.since(sent));
            self.probed_at = Some(at);
            self.exit_code = code;
            output.clone_into(&mut self.output);
        }
    }

    /// Whether a probe is on its way.
    #[must_use]
    pub fn is_probing(&self) -> bool {
        self.probing_since.is_some_and(|sent| self.probed_at.is_none_or(|ended| ended < sent))
    }

    /// Whether a probe has ended and was not judged yet.
    #[must_use]
    pub fn is_unjudged(&self) -> bool {
        self.probing_since.is_some() && !self.is_probing()
    }

    /// The health after the newest probe's result is judged (reference §1.6).
    ///
    /// Failures within the start period do not count, a success counts at once and ends the
    /// period, and `retries` failures in a row make the container unhealthy: with 3 retries and a
    /// start period of 10 s, failures at 5, 15, 25 and 35 s leave it UNKNOWN until the last.
    #[must_use]
    pub fn judged(&self, check: &HealthCheck, started: Timestamp, at: Timestamp) -> Self {
        let passed = self.exit_code == Some(0);
        let ended = self.probed_at.unwrap_or(at);
        let excused =
            self.status == HealthStatus::Unknown && ended.since(started) < check.start_period;
        let failures = if passed || excused { 0 } else { self.failures.saturating_add(1) };
        let status = match failures {
            0 if passed => HealthStatus::Healthy,
            count if count >= check.retries => HealthStatus::Unhealthy,
            _ => self.status,
        };
        let since = if status == self.status { self.since } else { Some(at) };
        Self { status, since, failures, probing_since: None, ..self.clone() }
    }
}

// === impl HealthStatus ===

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
    use super::*;
    use crate::definition::HealthCommand;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    /// The verdicts after probes that end every 10 s, the first 10 s after the start.
    fn check(start_period: u64, codes: &[Option<i32>], expected: &[HealthStatus]) {
        let check = HealthCheck {
            command: HealthCommand::Shell("true".to_owned()),
            interval: Span::seconds(10),
            timeout: Span::seconds(5),
            retries: 3,
            start_period: Span::seconds(start_period),
        };
        let mut health = ContainerHealth::default();
        let mut verdicts = Vec::new();
        for (code, ended) in codes.iter().zip((10..).step_by(10)) {
            health.probing_since = Some(at(ended - 1));
            health.probed(*code, "", at(ended));
            assert!(health.is_unjudged());
            health = health.judged(&check, at(0), at(ended));
            assert!(!health.is_unjudged() && !health.is_probing());
            verdicts.push(health.status);
        }
        assert_eq!(verdicts, expected, "start period {start_period} s, {codes:?}");
    }

    #[test]
    fn verdicts_follow_the_last_probes() {
        let (pass, fail, late) = (Some(0), Some(1), None);
        check(0, &[pass], &[Healthy]);
        check(0, &[fail, fail, fail], &[Unknown, Unknown, Unhealthy]);
        check(0, &[fail, late, fail], &[Unknown, Unknown, Unhealthy]);
        check(0, &[fail, fail, pass, fail, fail], &[Unknown, Unknown, Healthy, Healthy, Healthy]);
        check(0, &[fail, fail, fail, pass], &[Unknown, Unknown, Unhealthy, Healthy]);
        check(0, &[pass, fail, fail, fail], &[Healthy, Healthy, Healthy, Unhealthy]);
        check(
            25,
            &[fail, fail, fail, fail, fail],
            &[Unknown, Unknown, Unknown, Unknown, Unhealthy],
        );
        // A success ends the start period: what fails after it counts.
        check(60, &[pass, fail, fail, fail], &[Healthy, Healthy, Healthy, Unhealthy]);
    }

    #[test]
    fn a_result_that_nobody_waits_for_changes_nothing() {
        let mut health = ContainerHealth::default();
        health.probed(Some(1), "late", at(3));
        assert_eq!(health, ContainerHealth::default());
    }

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
