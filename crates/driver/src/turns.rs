//! Makes calls for one task follow each other, while those for others run beside them.

use crate::TaskKey;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// Whose turn it is, for each task.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<BTreeMap<TaskKey, Arc<tokio::sync::Mutex<()>>>>);

impl Turns {
    /// Waits until no other call for the task is under way.
    pub(crate) async fn take(&self, task: &TaskKey) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(task.clone()).or_default())
        };
        turn.lock_owned().await
    }

    /// Forgets a task that is no more.
    pub(crate) fn forget(&self, task: &TaskKey) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(task);
    }
}
