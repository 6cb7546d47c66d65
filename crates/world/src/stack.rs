//! CloudFormation's stacks: what they are to have, what they have, and what became of them.
//!
//! A stack's [`StackVersion`] is the template and the parameters that it has or is being brought to;
//! the version before it stays until the way back is not needed any more. Each resource is a row of
//! its own with the [`Work`] that is left for it, so a crash in the middle of a stack loses nothing:
//! an operation's effect and the row that tells of it are saved in one transaction.
//!
//! What happens next is decided in `control`, how a resource is made in `services`.

pub mod change_set;
mod drift;
mod properties;
pub mod resource;
pub mod status;

pub use change_set::{ChangeSet, ChangeSetState};
pub use drift::{Found, ResourceDrift, StackDrift};
pub use properties::Properties;
pub use resource::{Keeping, StackResource, StackResourceKey, Standing, Terms, Work};
pub use status::{ResourceStatus, StackStatus};

use crate::{Held, Tags};
use model::{ChangeSetArn, Ids, Secret, StackArn, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A stack. Deleted ones stay for as long as AWS shows them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stack {
    /// Its ARN, which AWS calls its id: unique, unlike its name, which is free after a deletion.
    pub arn: StackArn,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub status: StackStatus,
    /// Why.
    pub reason: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its last update began.
    pub updated_at: Option<Timestamp>,
    /// When its deletion began.
    pub deleted_at: Option<Timestamp>,
    /// When the operation under way, or the last one, began.
    pub started_at: Timestamp,
    /// Why the operation under way has to end, if it has to.
    pub stop: Option<String>,
    /// Until when its creation has to be done.
    pub due: Option<Timestamp>,
    /// What it has, or is being brought to; empty before its first change set is executed.
    pub version: StackVersion,
    /// What it goes back to if that fails.
    pub before: Option<Box<StackVersion>>,
    /// What it tells others.
    pub outputs: Vec<StackOutput>,
    /// The names that it imports from others.
    pub imports: BTreeSet<String>,
    /// What becomes of it when an operation fails.
    pub on_failure: OnFailure,
    /// Whether it can't be deleted.
    pub protected: bool,
    /// A policy document, echoed.
    pub policy: Option<String>,
    /// The change set that it was last brought to.
    pub change_set: Option<ChangeSetArn>,
    /// The token that a client gave to the operation under way, or the last one.
    pub token: Option<String>,
    /// Who asked for that: its resources are made in this name.
    pub caller: (String, String),
    /// What was found when its resources were last held against what they were made with.
    #[serde(default)]
    pub drift: Option<StackDrift>,
    /// Counts its events.
    pub next_event: u64,
    /// Counts what was replaced or left, to tell rows apart.
    pub next_past: u32,
}

/// A template with its parameters.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StackVersion {
    /// The template's text, as it was given.
    pub template: String,
    /// The parameters, as given or by default.
    pub parameters: BTreeMap<String, Secret>,
    /// What Parameter Store answered, by parameter.
    pub looked_up: BTreeMap<String, String>,
    /// The stack's tags, which its resources get too.
    pub tags: Tags,
    /// What was acknowledged: `CAPABILITY_IAM` and its like.
    pub capabilities: Vec<String>,
    /// The role that was named, echoed.
    pub role: Option<String>,
    /// The topics that were named, echoed.
    pub notifications: Vec<String>,
}

/// An output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackOutput {
    /// Its name.
    pub key: String,
    /// Its value.
    pub value: String,
    /// Free text.
    pub description: Option<String>,
    /// The name under which others import it.
    pub export: Option<String>,
}

/// What becomes of a stack when an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnFailure {
    /// It stays as it is.
    Nothing,
    /// It goes back to what it was; what is new is deleted.
    Rollback,
    /// A stack that does not come up is deleted.
    Delete,
}

/// An event of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackEvent {
    /// The stack, and a number that grows with each of its events.
    pub key: StackEventKey,
    /// The event's id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// The resource's logical id; the stack's name for the stack itself.
    pub logical: String,
    /// The resource's physical id; the stack's ARN for the stack itself.
    pub physical: Option<String>,
    /// The type.
    pub kind: String,
    /// The status.
    pub status: String,
    /// Why.
    pub reason: Option<String>,
    /// The token that the operation was given.
    pub token: Option<String>,
}

/// A stack and the number of one of its events.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StackEventKey {
    /// Whose.
    pub stack: StackArn,
    /// Counts from 0.
    pub number: u64,
}

/// The type of a stack among its resources' types.
pub const STACK: &str = "AWS::CloudFormation::Stack";

// === impl Stack ===

impl Stack {
    /// Turns to a status; answers the event that tells of it.
    #[must_use]
    pub fn turn(
        &mut self,
        status: StackStatus,
        reason: Option<String>,
        at: Timestamp,
        ids: &mut Ids,
    ) -> StackEvent {
        self.status = status;
        self.reason.clone_from(&reason);
        StackEvent {
            id: ids.uuid(),
            logical: self.name.clone(),
            physical: Some(self.arn.to_string()),
            kind: STACK.to_owned(),
            status: status.as_str().to_owned(),
            reason,
            at,
            token: self.token.clone(),
            key: self.next_key(),
        }
    }

    /// The event that tells of a resource's status.
    #[must_use]
    pub fn tell(&mut self, resource: &StackResource, ids: &mut Ids) -> StackEvent {
        let logical = resource.key.logical.clone();
        let status = resource.status.map(ResourceStatus::as_str).unwrap_or_default();
        StackEvent {
            id: format!("{logical}-{status}-{}", ids.uuid()),
            logical,
            physical: Some(resource.physical().unwrap_or_default().to_owned()),
            kind: resource.kind.clone(),
            status: status.to_owned(),
            reason: resource.reason.clone(),
            at: resource.at,
            token: self.token.clone(),
            key: self.next_key(),
        }
    }

    fn next_key(&mut self) -> StackEventKey {
        let number = self.next_event;
        self.next_event += 1;
        StackEventKey { stack: self.arn.clone(), number }
    }
}

impl Held for Stack {
    type Key = StackArn;

    fn key(&self) -> StackArn {
        self.arn.clone()
    }
}

impl Held for StackEvent {
    type Key = StackEventKey;

    fn key(&self) -> StackEventKey {
        self.key.clone()
    }
}
