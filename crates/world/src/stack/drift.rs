//! What was found when a stack's resources were held against what they were made with.

use super::Properties;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the last look at a stack found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StackDrift {
    /// The look's id.
    pub id: String,
    /// When it was.
    pub at: Timestamp,
    /// What was found of each resource, by its name in the template.
    pub resources: BTreeMap<String, ResourceDrift>,
}

/// What was found of a resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResourceDrift {
    /// When.
    pub at: Timestamp,
    /// How it stands.
    pub found: Found,
}

/// How a resource stands to what it was made with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Found {
    /// Its type can't be read.
    NotChecked,
    /// It is not there any more.
    Deleted,
    /// What it was made with and what it is, as far as it was told by the template. They are the same
    /// where nobody changed it.
    There {
        /// What it was made with.
        expected: Properties,
        /// What it is.
        actual: Properties,
    },
}
