//! A resource of a stack.

use super::{Properties, ResourceStatus};
use crate::Held;
use model::{StackArn, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A resource of a stack, or one that it had and that is still to be removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StackResource {
    /// Whose, and which.
    pub key: StackResourceKey,
    /// `AWS::ECS::Cluster`.
    pub kind: String,
    /// What clients see; none as long as nothing has been done for it.
    pub status: Option<ResourceStatus>,
    /// Why.
    pub reason: Option<String>,
    /// Since when.
    pub at: Timestamp,
    /// What is left to do for it in the operation under way.
    pub work: Work,
    /// How it stands among the others.
    pub terms: Terms,
    /// What there is of it.
    pub standing: Option<Standing>,
    /// What there was of it before the operation under way; none if it is new.
    pub before: Option<Box<Standing>>,
}

/// How a resource stands among the others, as the template says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Terms {
    /// What has to be there before it, and goes after it.
    pub needs: BTreeSet<String>,
    /// What becomes of it when it leaves the stack.
    pub keeping: Keeping,
    /// What becomes of it when it is replaced.
    pub replaced: Keeping,
}

/// What there is of a resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Its name or id in its service.
    pub physical: String,
    /// What it was made with.
    pub properties: Properties,
    /// The stack's tags, with which it was made.
    pub tags: crate::Tags,
    /// The terms on which it was made.
    pub terms: Terms,
    /// What `Ref` of it answers.
    pub reference: serde_json::Value,
    /// What `Fn::GetAtt` of it answers; empty until it is stable.
    pub attributes: Properties,
}

/// What is left to do for a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Work {
    /// Nothing.
    Rest,
    /// It is to be brought to the stack's version, once what it needs is.
    Make,
    /// Its operation was called; it is watched until it is stable.
    Settle {
        /// When that was.
        since: Timestamp,
    },
    /// It is left as it is until all else is done, and removed then.
    Leave,
    /// It is to be removed, once nothing needs it.
    Remove,
    /// Its removal was called; it is watched until it is gone.
    Vanish {
        /// When that was.
        since: Timestamp,
    },
    /// It could not be done.
    Failed,
}

/// What becomes of a resource that a stack does not need any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Keeping {
    /// It goes.
    #[default]
    Delete,
    /// It stays.
    Retain,
    /// It stays, unless the operation that made it failed.
    RetainExceptOnCreate,
}

/// A stack and one of its resources.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StackResourceKey {
    /// Whose.
    pub stack: StackArn,
    /// Its name in the template.
    pub logical: String,
    /// 0 for the one that the stack has; others were replaced and are to be removed.
    pub past: u32,
}

// === impl StackResource ===

impl StackResource {
    /// Its name or id in its service, as soon as it has one.
    #[must_use]
    pub fn physical(&self) -> Option<&str> {
        self.standing.as_ref().map(|standing| standing.physical.as_str())
    }

    /// Whether the stack has it, or is about to.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.key.past == 0
    }
}

impl Held for StackResource {
    type Key = StackResourceKey;

    fn key(&self) -> StackResourceKey {
        self.key.clone()
    }
}
