//! IAM's managed policies: documents that roles share, each with its versions.

use crate::{Held, Tags};
use model::{PolicyArn, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A managed policy of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagedPolicy {
    /// Its ARN, which has its path and its name.
    pub arn: PolicyArn,
    /// Its name; unique without regard to case.
    pub name: String,
    /// `/` or `/path/`.
    pub path: String,
    /// `ANPA` and 17 characters.
    pub id: String,
    /// Free text, which can't be changed.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it got its newest version, or another default one.
    pub updated_at: Timestamp,
    /// Its versions by number; the default one is among them.
    pub versions: BTreeMap<u32, PolicyVersion>,
    /// The number of the version that counts.
    pub default_version: u32,
    /// The highest number that a version ever had: none has it again.
    pub newest: u32,
    /// Tags.
    pub tags: Tags,
}

/// A version of a managed policy; it never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyVersion {
    /// What it says.
    pub document: String,
    /// When it was made.
    pub created_at: Timestamp,
}

// === impl ManagedPolicy ===

impl ManagedPolicy {
    /// What the policy says now.
    #[must_use]
    pub fn document(&self) -> Option<&str> {
        self.versions.get(&self.default_version).map(|version| version.document.as_str())
    }
}

impl Held for ManagedPolicy {
    type Key = PolicyArn;

    fn key(&self) -> PolicyArn {
        self.arn.clone()
    }
}
