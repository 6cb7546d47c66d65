//! Idempotency tokens.

use crate::{Held, TaskKey};
use model::Timestamp;
use serde::{Deserialize, Serialize};

/// A `RunTask` client token that was used. AWS remembers it for 24 hours (reference §3.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientToken {
    /// The token, with the cluster it was used in: `<cluster>/<token>`.
    pub token: String,
    /// A digest of the request, to tell a repeat from another request with the same token.
    pub request: String,
    /// The tasks that were started.
    pub tasks: Vec<TaskKey>,
    /// When it was used.
    pub at: Timestamp,
}

impl Held for ClientToken {
    type Key = String;

    fn key(&self) -> String {
        self.token.clone()
    }
}
