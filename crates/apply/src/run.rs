//! Carries out one step.

use crate::before::{self, BeforeError};
use crate::client::{CallError, Client};
use plan::{Act, Step};

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// Its call failed.
    #[error("can't {what}")]
    Call {
        /// What was to be done.
        what: String,
        /// Why it can't.
        #[source]
        source: CallError,
    },
    /// Its task did not end well.
    #[error(transparent)]
    Before(#[from] BeforeError),
}

// === impl StepError ===

impl StepError {
    /// Whether the same step can be done a little later. No count of a cluster shows tasks that are
    /// stopping, and it can't go before them (reference §3.13).
    pub(crate) fn passes(&self) -> bool {
        match self {
            Self::Call { source: CallError::Refused { code, .. }, .. } => {
                code == "ClusterContainsTasksException"
            }
            Self::Call { .. } | Self::Before(_) => false,
        }
    }
}

/// Carries out a step. A step that was carried out before, by a run that was killed, is no error.
///
/// # Errors
/// When its call is refused, or its task does not end well.
pub async fn run(client: &Client, step: &Step) -> Result<(), StepError> {
    match &step.act {
        Act::Call { operation, input } => {
            let sent = client.send(operation, input).await;
            let what = step.what.clone();
            sent.map(|_| ()).map_err(|source| StepError::Call { what, source })
        }
        Act::Before(before) => Ok(before::run(client, before).await?),
    }
}
