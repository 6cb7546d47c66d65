//! `notify`: who is told of deployments.

use super::secrets::{SecretReference, secret_reference};
use crate::kind::{Choice, list, one_of, part};

static MOMENTS: [Choice<Moment>; 3] = [
    Choice::new("start", Moment::Start, "a deployment begins"),
    Choice::new("success", Moment::Success, "what was asked for runs"),
    Choice::new("failure", Moment::Failure, "it ended in any other way"),
];

part! {
    /// Who is told of deployments. Whoever knows the address of a webhook can write to it, so it is a
    /// secret. One that can't be told is no failure of a deployment.
    pub struct Notify as NotifyRead {
        /// Where the address of a Slack webhook is kept: `https://hooks.slack.com/services/...`.
        slack: Option<SecretReference> = secret_reference(),
            [optional "Slack is not told"];
        /// Where the address of something else is kept, which takes JSON by POST.
        webhook: Option<SecretReference> = secret_reference(),
            [optional "nobody else is told"], elsewhere ["url", "hook"];
        /// Of what they are told.
        on: Vec<Moment> = list(one_of(&MOMENTS), 1, 3),
            [default "[start, success, failure]", because
                "who hears of a beginning waits for its end"],
            elsewhere ["events"];
    }
}

/// A moment of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// It begins.
    Start,
    /// It did what it was asked for.
    Success,
    /// It did not.
    Failure,
}

// === impl Moment ===

impl Moment {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Success => "success",
            Self::Failure => "failure",
        }
    }
}
