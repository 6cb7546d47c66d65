//! Why a CBOR body can't be read. AWS's words for it are not known; these are ours.

use super::json::Wanted;
use std::fmt;

/// Why a CBOR body can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CborTrouble {
    /// It is no CBOR, or no map of members.
    Malformed,
    /// Something in it is of the wrong kind.
    Kind {
        /// What the shape wants there.
        wanted: Wanted,
    },
}

impl fmt::Display for CborTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("the body is no CBOR map of members"),
            Self::Kind { wanted } => {
                write!(f, "a value is of the wrong kind: expected {}", wanted.scalar())
            }
        }
    }
}
