//! Which failed calls are made again, and when.
//!
//! Pure: chance is given. A call is made again only where the failure is one of the moment, and only
//! a few times: whoever waits is told soon enough.

use crate::client::CallError;
use std::time::Duration;

/// How often a call is made in all.
const ATTEMPTS: u32 = 5;

/// The longest pause.
const LONGEST: Duration = Duration::from_secs(10);

/// Codes by which AWS's services say that there were too many calls.
const THROTTLED: [&str; 9] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "PriorRequestNotComplete",
    "SlowDown",
];

/// Codes that say that the credentials were good and are too old now.
const EXPIRED: [&str; 3] = ["ExpiredToken", "ExpiredTokenException", "RequestExpired"];

/// Codes of failures on AWS's side that come with a status of the caller's.
const FAILED: [&str; 2] = ["RequestTimeout", "RequestTimeoutException"];

/// Codes that say that the credentials are no good.
const KEYS: [&str; 6] = [
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "MissingAuthenticationToken",
    "AuthFailure",
];

/// Whether a refusal is about the credentials themselves, not about what they may do.
#[must_use]
pub fn is_about_keys(code: &str) -> bool {
    KEYS.contains(&code) || EXPIRED.contains(&code)
}

/// Why a call may well succeed when it is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passing {
    /// There were too many calls.
    Throttled,
    /// The service failed.
    Failed,
    /// The connection ended, or no answer came in time.
    Cut,
    /// The credentials are too old; there may be new ones.
    Expired,
}

impl Passing {
    /// Whether a failure may pass, and why.
    #[must_use]
    pub fn of(error: &CallError) -> Option<Self> {
        match error {
            CallError::Refused { code, message, status, .. } => {
                Self::of_refusal(code, message, *status)
            }
            CallError::Unreachable { .. } => Some(Self::Cut),
            CallError::Unreadable { .. }
            | CallError::Unsignable { .. }
            | CallError::NoCredentials { .. } => None,
        }
    }

    fn of_refusal(code: &str, message: &str, status: u16) -> Option<Self> {
        if EXPIRED.contains(&code) {
            return Some(Self::Expired);
        }
        // ECS says it in its general code's text.
        let throttled = status == 429 || THROTTLED.contains(&code) || message == "Rate exceeded";
        if throttled {
            return Some(Self::Throttled);
        }
        // What is not implemented will not be a moment later.
        let failed = status >= 500 && status != 501;
        (failed || FAILED.contains(&code)).then_some(Self::Failed)
    }

    /// How long to wait before the call is made again; `None` when it has been made often enough.
    /// `attempt` counts from one; `chance` is from 0 to 1 and keeps callers from coming back in step.
    ///
    /// After the third failure for too many calls: a base of 500 ms, doubled twice, so between 1 s
    /// and 2 s.
    #[must_use]
    pub fn pause(self, attempt: u32, chance: f64) -> Option<Duration> {
        let (attempts, base) = match self {
            Self::Throttled => (ATTEMPTS, Duration::from_millis(500)),
            Self::Failed | Self::Cut => (ATTEMPTS, Duration::from_millis(100)),
            // Newer credentials are there at once, or not at all.
            Self::Expired => (2, Duration::ZERO),
        };
        if attempt >= attempts {
            return None;
        }
        let most = base.saturating_mul(1 << (attempt - 1).min(16)).min(LONGEST);
        Some(most.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_by_code_and_status() {
        for (code, message, status, expected) in [
            ("ThrottlingException", "", 400, Some(Passing::Throttled)),
            ("ClientException", "Rate exceeded", 400, Some(Passing::Throttled)),
            ("429", "", 429, Some(Passing::Throttled)),
            ("InternalFailure", "", 500, Some(Passing::Failed)),
            ("503", "", 503, Some(Passing::Failed)),
            ("501", "", 501, None),
            ("RequestTimeout", "", 400, Some(Passing::Failed)),
            ("ExpiredTokenException", "", 400, Some(Passing::Expired)),
            ("ExpiredToken", "", 403, Some(Passing::Expired)),
            ("AccessDeniedException", "", 400, None),
            ("ClusterNotFoundException", "", 400, None),
        ] {
            assert_eq!(Passing::of_refusal(code, message, status), expected, "{code} {status}");
        }
    }

    #[test]
    fn pauses_double_up_to_a_bound_and_end() {
        let millis = |passing: Passing, chance| {
            let pauses = (1..).map_while(|attempt| passing.pause(attempt, chance));
            pauses.map(|pause| pause.as_millis()).collect::<Vec<_>>()
        };
        assert_eq!(millis(Passing::Throttled, 1.0), [500, 1000, 2000, 4000]);
        assert_eq!(millis(Passing::Throttled, 0.0), [250, 500, 1000, 2000]);
        assert_eq!(millis(Passing::Cut, 1.0), [100, 200, 400, 800]);
        assert_eq!(millis(Passing::Expired, 0.5), [0]);
    }
}
