//! Change sets: versions that a stack may be brought to.

use super::{OnFailure, StackVersion};
use crate::Held;
use model::{ChangeSetArn, StackArn, Timestamp};
use serde::{Deserialize, Serialize};

/// A version that a stack may be brought to, and what that would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeSet {
    /// Its ARN, which AWS calls its id.
    pub arn: ChangeSetArn,
    /// Its name, unique for its stack.
    pub name: String,
    /// Whose.
    pub stack: StackArn,
    /// Free text.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// The version.
    pub version: StackVersion,
    /// What becomes of the stack when its execution fails; the stack's own way where it is not said.
    pub on_failure: Option<OnFailure>,
    /// Where it stands.
    pub state: ChangeSetState,
    /// The token that a client gave.
    pub token: Option<String>,
}

/// Where a change set stands. The region makes one at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeSetState {
    /// It can be executed.
    Ready,
    /// It can't be.
    Failed {
        /// Why.
        reason: String,
    },
    /// The stack has changed since.
    Obsolete,
    /// It was executed.
    Executed,
}

impl Held for ChangeSet {
    type Key = ChangeSetArn;

    fn key(&self) -> ChangeSetArn {
        self.arn.clone()
    }
}
