//! What ends a command early: what happened, why, and what to do next.

use crate::ui::say;
use std::error::Error;
use std::fmt::Display;
use std::process::ExitCode;

/// Why a command ended early.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    what: String,
    source: Option<Box<dyn Error + Send + Sync>>,
    hints: Vec<String>,
    code: Option<u8>,
}

/// Kinds of failure, each with its exit code. The codes are documented (`docs/exit-codes.md`) and
/// do not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The deployment or a task failed.
    Deployment,
    /// What was asked for makes no sense.
    Usage,
    /// The manifest has errors, which have been shown.
    Manifest,
    /// The endpoint can't be reached.
    Unreachable,
    /// The endpoint refused.
    Refused,
    /// Something on this machine is in the way.
    Machine,
    /// The check found something, which has been shown.
    Found,
}

impl Failure {
    /// A failure without a cause of its own.
    pub(crate) fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), source: None, hints: Vec::new(), code: None }
    }

    /// A failure with its cause.
    pub(crate) fn because(
        kind: Kind,
        what: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self { source: Some(source.into()), ..Self::new(kind, what) }
    }

    /// The failure with what to do next.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// No failure: a plan has something to change, and that was asked for as an exit code.
    pub(crate) fn changes() -> Self {
        Self::new(Kind::Found, "").with_code(2)
    }

    /// No failure of ours: a command ended with this code, and so does this program.
    pub(crate) fn exited(code: i32) -> Self {
        Self::new(Kind::Found, "").with_code(u8::try_from(code).unwrap_or(1))
    }

    /// The same with an exit code of its own.
    pub(crate) fn with_code(self, code: u8) -> Self {
        Self { code: Some(code), ..self }
    }

    /// Says it, and answers the code to exit with.
    pub(crate) fn report(&self) -> ExitCode {
        // A manifest's errors and findings have been drawn already, line by line.
        let is_shown = matches!(self.kind, Kind::Manifest | Kind::Found);
        if !is_shown || !self.what.is_empty() {
            say::error(&self.to_string());
        }
        for hint in &self.hints {
            say::hint(hint);
        }
        ExitCode::from(self.code.unwrap_or(self.kind.code()))
    }
}

impl Kind {
    fn code(self) -> u8 {
        match self {
            Self::Deployment => 1,
            Self::Usage => 2,
            Self::Manifest => 3,
            Self::Unreachable => 4,
            Self::Refused => 5,
            Self::Machine => 6,
            Self::Found => 7,
        }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)?;
        match &self.source {
            Some(source) => write!(f, ": {}", chain(source.as_ref())),
            None => Ok(()),
        }
    }
}

/// An error with all that is behind it, in one line.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let (mut words, mut behind) = (error.to_string(), error.source());
    while let Some(error) = behind {
        words.push_str(&format!(": {error}"));
        behind = error.source();
    }
    words
}

// === what others' errors come to ===

impl From<apply::CallError> for Failure {
    fn from(error: apply::CallError) -> Self {
        use apply::CallError::{NoCredentials, Refused, Unreachable, Unreadable, Unsignable};
        match &error {
            Refused { code, .. } if apply::retry::is_about_keys(code) => {
                Self::because(Kind::Refused, "AWS does not take these credentials", error)
                    .hint("`aws sts get-caller-identity` says whose they are; log in again: `aws sso login`")
            }
            NoCredentials { .. } => Self::because(Kind::Machine, "a call can't be made", error)
                .hint("name a profile, AWS_PROFILE=…, and log in to it: `aws sso login` or `aws configure`")
                .hint("or give keys: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN"),
            Refused { .. } | Unreadable { .. } => {
                Self::because(Kind::Refused, "a call was refused", error)
            }
            Unreachable { endpoint, .. } => {
                let near = endpoint.contains("127.0.0.1") || endpoint.contains("localhost");
                let hint = match near {
                    true => "is the region running? `neargate region status` says",
                    false => "is there a network, and is the region's name right?",
                };
                Self::because(Kind::Unreachable, "a call failed", error).hint(hint)
            }
            Unsignable { .. } => Self::because(Kind::Machine, "a call can't be made", error),
        }
    }
}

impl From<apply::ConnectError> for Failure {
    fn from(error: apply::ConnectError) -> Self {
        use apply::ConnectError::{Authorities, Endpoint, NoRegion, Variant};
        let hint = match &error {
            NoRegion => "say it in the manifest, `region: eu-west-1`, or in AWS_REGION",
            Endpoint { .. } => "an endpoint is a URL: http://127.0.0.1:4566",
            Variant(_) => "name each service's endpoint instead: AWS_ENDPOINT_URL_ECS=…",
            Authorities(_) => "SSL_CERT_FILE names a file of them",
        };
        Self::because(Kind::Machine, "there is no way to AWS", error).hint(hint)
    }
}

impl From<apply::EndError> for Failure {
    fn from(error: apply::EndError) -> Self {
        use apply::run::StepError;
        match error {
            apply::EndError::Look(source) => source.into(),
            apply::EndError::Step(StepError::Call { what, source }) => {
                let inner = Self::from(source);
                Self { what: format!("can't {what}"), ..inner }
            }
            apply::EndError::Step(StepError::Before(source)) => {
                Self::because(Kind::Deployment, "the deployment stopped", source)
                    .hint("`neargate logs` shows what the task wrote")
            }
            apply::EndError::Problems(problems) => {
                let lines = problems.iter().map(|problem| {
                    format!("\n  {}: {}\n      {}", problem.path, problem.what, problem.hint)
                });
                let what = format!("nothing was deployed:{}", lines.collect::<String>());
                Self::new(Kind::Manifest, what)
            }
            stuck @ apply::EndError::Stuck(_) => {
                Self::because(Kind::Refused, "the plan does not come to an end", stuck)
            }
        }
    }
}
