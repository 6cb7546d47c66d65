//! Parameter Store.

use crate::{Held, Tags};
use model::{ParameterName, Secret, Timestamp};
use serde::{Deserialize, Serialize};

/// A parameter with its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name.
    pub name: ParameterName,
    /// Its versions, oldest first; never empty. AWS keeps the newest 100.
    pub versions: Vec<ParameterVersion>,
    /// Tags.
    pub tags: Tags,
}

/// One version of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterVersion {
    /// Counts from 1.
    pub version: i64,
    /// The value. Every kind is kept as a secret: what is none can be shown, not the other way.
    pub value: Secret,
    /// String, list or secure string.
    pub kind: ParameterKind,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it, an ARN.
    pub by: String,
    /// Free text.
    pub description: Option<String>,
    /// A regular expression that values must match.
    pub allowed_pattern: Option<String>,
    /// `Standard`, `Advanced` or `Intelligent-Tiering`.
    pub tier: String,
    /// `text`, `aws:ec2:image`.
    pub data_type: String,
    /// The key that a secure string names, echoed.
    pub key_id: Option<String>,
    /// Policies as given, a JSON text.
    pub policies: Option<String>,
    /// Labels that point at this version.
    pub labels: Vec<String>,
}

/// A parameter's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParameterKind {
    /// Plain text.
    String,
    /// Comma-separated texts.
    StringList,
    /// A secret; shown sealed unless decryption is asked for.
    SecureString,
}

impl Parameter {
    /// The newest version.
    ///
    /// # Panics
    /// Never: a parameter is made with its first version and never loses the newest.
    #[must_use]
    pub fn newest(&self) -> &ParameterVersion {
        self.versions.last().expect("a parameter has a version")
    }
}

impl Held for Parameter {
    type Key = ParameterName;

    fn key(&self) -> ParameterName {
        self.name.clone()
    }
}

impl ParameterKind {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::StringList => "StringList",
            Self::SecureString => "SecureString",
        }
    }
}
