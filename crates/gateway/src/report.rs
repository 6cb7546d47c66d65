//! What the gateway tells: changes, and only changes.

use crate::routes::TargetId;
use std::fmt;
use std::net::SocketAddr;

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// A listener listens.
    Bound {
        /// The listener.
        listener: String,
        /// Where it really listens.
        address: SocketAddr,
    },
    /// A listener can't listen on any of its candidates. It is tried again with the next routes.
    BindFailed {
        /// The listener.
        listener: String,
        /// What was tried, in order.
        tried: Vec<SocketAddr>,
        /// Why each of them failed, in one text.
        why: String,
    },
    /// The verdict on a target changed, or the reason of an unhealthy one.
    Health {
        /// The target group.
        group: String,
        /// The target.
        target: TargetId,
        /// The verdict.
        health: Health,
    },
}

/// The verdict on a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Its checks pass.
    Healthy,
    /// Its checks fail.
    Unhealthy(Unhealthy),
}

/// Why a target is unhealthy (reference §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unhealthy {
    /// It answers with a status that does not pass: `Target.ResponseCodeMismatch`.
    Code(u16),
    /// It does not answer in time: `Target.Timeout`.
    TimedOut,
    /// It refuses connections, closes them unanswered, or does not speak HTTP:
    /// `Target.FailedHealthChecks`.
    Failed,
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Healthy => f.write_str("healthy"),
            Self::Unhealthy(Unhealthy::Code(code)) => write!(f, "unhealthy: it answers {code}"),
            Self::Unhealthy(Unhealthy::TimedOut) => {
                f.write_str("unhealthy: it does not answer in time")
            }
            Self::Unhealthy(Unhealthy::Failed) => f.write_str("unhealthy: it does not answer"),
        }
    }
}
