//! IAM roles. Policies are kept and echoed; locally no call is refused by one.

use crate::{Held, Tags};
use model::{RoleName, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Its name.
    pub name: RoleName,
    /// `/` or `/path/`.
    pub path: String,
    /// `AROA` and 17 characters.
    pub id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who may assume it: a policy document.
    pub trust_policy: String,
    /// Free text.
    pub description: Option<String>,
    /// The longest session in seconds, 3600 to 43 200.
    pub max_session: u32,
    /// A permissions boundary's ARN, echoed.
    pub boundary: Option<String>,
    /// Inline policy documents by name.
    pub inline: BTreeMap<String, String>,
    /// ARNs of attached managed policies.
    pub attached: BTreeSet<String>,
    /// Tags.
    pub tags: Tags,
}

impl Held for Role {
    type Key = RoleName;

    fn key(&self) -> RoleName {
        self.name.clone()
    }
}
