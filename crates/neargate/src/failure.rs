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
        Self { kind, what: what.into(), source: None, hints: Vec::new() }
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
        ExitCode::from(self.kind.code())
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
        let mut source: Option<&(dyn Error + 'static)> = self.source.as_deref().map(|e| e as _);
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

// === what others' errors come to ===

impl From<apply::CallError> for Failure {
    fn from(error: apply::CallError) -> Self {
        use apply::CallError::{Refused, Unreachable, Unreadable, Unsignable};
        match &error {
            Refused { .. } | Unreadable { .. } => {
                Self::because(Kind::Refused, "a call was refused", error)
            }
            Unreachable { .. } => Self::because(Kind::Unreachable, "a call failed", error)
                .hint("is the region running? `neargate region status` says"),
            Unsignable { .. } => Self::because(Kind::Machine, "a call can't be made", error),
        }
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
