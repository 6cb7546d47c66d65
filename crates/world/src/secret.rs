//! Secrets Manager.

use crate::{Held, Tags};
use model::secret::SecretBytes;
use model::{Secret, SecretName, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A secret with its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretItem {
    /// Its name.
    pub name: SecretName,
    /// The six characters that its ARN adds to the name.
    pub suffix: String,
    /// Free text.
    pub description: Option<String>,
    /// A KMS key, echoed.
    pub kms_key: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When anything of it last changed.
    pub changed_at: Timestamp,
    /// The day of the last read, as AWS keeps it.
    pub accessed_at: Option<Timestamp>,
    /// When it is to be gone, after `DeleteSecret`.
    pub deletion_at: Option<Timestamp>,
    /// When `DeleteSecret` was called.
    pub deleted_at: Option<Timestamp>,
    /// Versions by id.
    pub versions: BTreeMap<String, SecretVersion>,
    /// A resource policy, kept and echoed; locally nothing is refused by it.
    pub policy: Option<String>,
    /// Tags.
    pub tags: Tags,
}

/// One version of a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretVersion {
    /// The value.
    pub value: SecretContent,
    /// When it was put.
    pub created_at: Timestamp,
    /// The day of its last read, as AWS keeps it.
    #[serde(default)]
    pub accessed_at: Option<Timestamp>,
    /// Staging labels; a version without one is deprecated and may be dropped.
    pub stages: Vec<String>,
}

/// A secret's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecretContent {
    /// `SecretString`.
    Text(Secret),
    /// `SecretBinary`.
    Bytes(SecretBytes),
}

impl SecretItem {
    /// The version that a stage points at, with its id.
    #[must_use]
    pub fn at_stage(&self, stage: &str) -> Option<(&String, &SecretVersion)> {
        self.versions.iter().find(|(_, version)| version.stages.iter().any(|s| s == stage))
    }
}

impl Held for SecretItem {
    type Key = SecretName;

    fn key(&self) -> SecretName {
        self.name.clone()
    }
}
