//! A secret's value as a request brings it, with the token that becomes its version's id.

use super::fault;
use api::Fault;
use model::secret::SecretBytes;
use model::{Secret, Timestamp};
use world::secret::{SecretContent, SecretVersion};

/// The most bytes of a value (reference §6.1).
const MOST: usize = 65_536;

/// A value, and the id of the version that it is to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct New {
    pub(super) id: String,
    pub(super) content: SecretContent,
}

// === impl New ===

impl New {
    /// The value of a request, if it brings one.
    pub(super) fn read(
        text: Option<Secret>,
        bytes: Option<SecretBytes>,
        token: Option<String>,
    ) -> Result<Option<Self>, Fault> {
        let content = match (text, bytes) {
            (None, None) => return Ok(None),
            (Some(text), None) => SecretContent::Text(text),
            (None, Some(bytes)) => SecretContent::Bytes(bytes),
            // The text is unverified.
            (Some(_), Some(_)) => {
                return Err(fault::parameter(
                    "You can't specify both a binary secret value and a string secret value in the \
                     same secret.",
                ));
            }
        };
        check_length(&content)?;
        // Observed in 2023. SDKs and the aws CLI make a token when the caller doesn't.
        let id = token.ok_or_else(|| {
            fault::request(
                "You must provide a ClientRequestToken value. We recommend a UUID-type value.",
            )
        })?;
        Ok(Some(Self { id, content }))
    }

    /// The version that it becomes, without a stage yet.
    pub(super) fn version(&self, now: Timestamp) -> SecretVersion {
        SecretVersion {
            value: self.content.clone(),
            created_at: now,
            accessed_at: None,
            stages: Vec::new(),
        }
    }
}

/// The model's limit counts characters, the service counts bytes.
fn check_length(content: &SecretContent) -> Result<(), Fault> {
    let length = match content {
        SecretContent::Text(text) => text.len(),
        SecretContent::Bytes(bytes) => bytes.reveal().len(),
    };
    if length <= MOST {
        return Ok(());
    }
    // The text is unverified.
    Err(fault::parameter(format!("The secret value is longer than {MOST} bytes.")))
}
