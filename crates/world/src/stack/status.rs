//! The statuses of stacks and resources, in AWS's words.

use serde::{Deserialize, Serialize};

/// Declares an enumeration with the words that AWS has for it.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "each variant is AWS's own word")]
        pub enum $name {
            $($variant,)*
        }

        impl $name {
            /// AWS's word.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }
    };
}

words! {
    /// Where a stack stands.
    StackStatus {
        ReviewInProgress = "REVIEW_IN_PROGRESS",
        CreateInProgress = "CREATE_IN_PROGRESS",
        CreateFailed = "CREATE_FAILED",
        CreateComplete = "CREATE_COMPLETE",
        RollbackInProgress = "ROLLBACK_IN_PROGRESS",
        RollbackFailed = "ROLLBACK_FAILED",
        RollbackComplete = "ROLLBACK_COMPLETE",
        DeleteInProgress = "DELETE_IN_PROGRESS",
        DeleteFailed = "DELETE_FAILED",
        DeleteComplete = "DELETE_COMPLETE",
        UpdateInProgress = "UPDATE_IN_PROGRESS",
        UpdateCleanup = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        UpdateComplete = "UPDATE_COMPLETE",
        UpdateFailed = "UPDATE_FAILED",
        UpdateRollbackInProgress = "UPDATE_ROLLBACK_IN_PROGRESS",
        UpdateRollbackFailed = "UPDATE_ROLLBACK_FAILED",
        UpdateRollbackCleanup = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        UpdateRollbackComplete = "UPDATE_ROLLBACK_COMPLETE",
    }
}

words! {
    /// Where a resource of a stack stands.
    ResourceStatus {
        CreateInProgress = "CREATE_IN_PROGRESS",
        CreateFailed = "CREATE_FAILED",
        CreateComplete = "CREATE_COMPLETE",
        UpdateInProgress = "UPDATE_IN_PROGRESS",
        UpdateFailed = "UPDATE_FAILED",
        UpdateComplete = "UPDATE_COMPLETE",
        DeleteInProgress = "DELETE_IN_PROGRESS",
        DeleteFailed = "DELETE_FAILED",
        DeleteComplete = "DELETE_COMPLETE",
        DeleteSkipped = "DELETE_SKIPPED",
    }
}

// === impl StackStatus ===

impl StackStatus {
    /// Whether an operation is under way.
    #[must_use]
    pub fn is_under_way(self) -> bool {
        self != Self::ReviewInProgress && self.as_str().ends_with("_IN_PROGRESS")
    }

    /// Whether a stack in this status can be updated.
    #[must_use]
    pub fn takes_updates(self) -> bool {
        match self {
            Self::CreateComplete
            | Self::CreateFailed
            | Self::UpdateComplete
            | Self::UpdateFailed
            | Self::UpdateRollbackComplete => true,
            Self::ReviewInProgress
            | Self::CreateInProgress
            | Self::RollbackInProgress
            | Self::RollbackFailed
            | Self::RollbackComplete
            | Self::DeleteInProgress
            | Self::DeleteFailed
            | Self::DeleteComplete
            | Self::UpdateInProgress
            | Self::UpdateCleanup
            | Self::UpdateRollbackInProgress
            | Self::UpdateRollbackFailed
            | Self::UpdateRollbackCleanup => false,
        }
    }
}

// === impl ResourceStatus ===

impl ResourceStatus {
    /// What a resource of this status is when it fails.
    #[must_use]
    pub fn failed(self) -> Self {
        match self {
            Self::CreateInProgress | Self::CreateComplete | Self::CreateFailed => {
                Self::CreateFailed
            }
            Self::UpdateInProgress | Self::UpdateComplete | Self::UpdateFailed => {
                Self::UpdateFailed
            }
            Self::DeleteInProgress
            | Self::DeleteComplete
            | Self::DeleteSkipped
            | Self::DeleteFailed => Self::DeleteFailed,
        }
    }

    /// What a resource of this status is when it is done.
    #[must_use]
    pub fn done(self) -> Self {
        match self {
            Self::CreateInProgress | Self::CreateComplete | Self::CreateFailed => {
                Self::CreateComplete
            }
            Self::UpdateInProgress | Self::UpdateComplete | Self::UpdateFailed => {
                Self::UpdateComplete
            }
            Self::DeleteInProgress | Self::DeleteComplete | Self::DeleteFailed => {
                Self::DeleteComplete
            }
            Self::DeleteSkipped => Self::DeleteSkipped,
        }
    }
}
