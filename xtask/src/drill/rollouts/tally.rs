//! What clients saw.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// How a client uses connections, and what it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// One connection as long as it lasts.
    Kept,
    /// A new connection for each request.
    New,
    /// A kept connection, and requests that take their time at the target.
    Slow,
}

/// Which requests: those that began while the service rolled to a version, and those that began
/// when it had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Epoch(pub(super) usize);

/// A span of the drill, from its beginning on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) from: Duration,
    pub(super) to: Duration,
}

/// A request that failed.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    /// The request, and the status or error that was its answer.
    pub(super) what: String,
    /// Its life.
    pub(super) life: Window,
    pub(super) epoch: Epoch,
}

/// What one client saw, or several.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// How many requests came to an end, by kind.
    pub(super) asked: BTreeMap<Kind, usize>,
    /// The slowest of each kind.
    pub(super) slowest: BTreeMap<Kind, Duration>,
    /// How often each version answered.
    pub(super) versions: BTreeMap<(Epoch, String), usize>,
    pub(super) failures: Vec<Failure>,
}

// === impl Kind ===

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::Kept, Self::New, Self::Slow];
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kept => "kept connections",
            Self::New => "new connections",
            Self::Slow => "slow requests",
        })
    }
}

// === impl Epoch ===

impl Epoch {
    /// While the service rolls to this version.
    pub(super) fn rolling_to(version: usize) -> Self {
        Self(version * 2)
    }

    /// When the service has this version.
    pub(super) fn settled_at(version: usize) -> Self {
        Self(version * 2 + 1)
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = self.0 / 2;
        if self.0.is_multiple_of(2) {
            write!(f, "during rollout {version}")
        } else {
            write!(f, "after rollout {version}")
        }
    }
}

// === impl Window ===

impl Window {
    /// Whether both were at some moment.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    pub(super) fn length(&self) -> Duration {
        self.to.saturating_sub(self.from)
    }
}

// === impl Tally ===

impl Tally {
    /// Counts a request that was answered; some answers name their version.
    pub(super) fn answered(
        &mut self,
        (kind, epoch): (Kind, Epoch),
        took: Duration,
        version: Option<String>,
    ) {
        self.ended(kind, took);
        if let Some(version) = version {
            *self.versions.entry((epoch, version)).or_default() += 1;
        }
    }

    /// Counts a request that failed.
    pub(super) fn failed(&mut self, failure: Failure) {
        self.ended(failure.kind, failure.life.length());
        self.failures.push(failure);
    }

    /// Adds what another client saw.
    pub(super) fn add(&mut self, other: Self) {
        for (kind, count) in other.asked {
            *self.asked.entry(kind).or_default() += count;
        }
        for (kind, took) in other.slowest {
            self.slow(kind, took);
        }
        for (seen, count) in other.versions {
            *self.versions.entry(seen).or_default() += count;
        }
        self.failures.extend(other.failures);
    }

    /// The versions that answered requests of an epoch.
    pub(super) fn versions_of(&self, epoch: Epoch) -> Vec<&str> {
        let seen = self.versions.keys().filter(|(held, _)| *held == epoch);
        seen.map(|(_, version)| version.as_str()).collect()
    }

    fn ended(&mut self, kind: Kind, took: Duration) {
        *self.asked.entry(kind).or_default() += 1;
        self.slow(kind, took);
    }

    fn slow(&mut self, kind: Kind, took: Duration) {
        let slowest = self.slowest.entry(kind).or_default();
        *slowest = took.max(*slowest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_meet_when_they_share_a_moment() {
        let window =
            |from, to| Window { from: Duration::from_millis(from), to: Duration::from_millis(to) };
        let kill = window(100, 110);
        for (life, meets) in [((90, 105), true), ((105, 300), true), ((90, 300), true)] {
            assert_eq!(window(life.0, life.1).meets(&kill), meets, "{life:?}");
        }
        assert!(!window(111, 300).meets(&kill), "it began when the task was dead");
        assert!(!window(50, 99).meets(&kill), "it ended before");
    }
}
