//! Change sets: what a version would change, looked at before it does.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod describe;
pub(super) mod execute;

use world::stack::{ChangeSet, ChangeSetState};

/// The status and the execution status.
fn statuses(set: &ChangeSet) -> (&'static str, &'static str) {
    match set.state {
        ChangeSetState::Ready => ("CREATE_COMPLETE", "AVAILABLE"),
        ChangeSetState::Failed { .. } => ("FAILED", "UNAVAILABLE"),
        ChangeSetState::Obsolete => ("CREATE_COMPLETE", "OBSOLETE"),
        ChangeSetState::Executed => ("CREATE_COMPLETE", "EXECUTE_COMPLETE"),
    }
}
