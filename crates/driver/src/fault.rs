//! Why a driver could not do something. Texts that reach AWS's API are in AWS's words.

use std::fmt;

/// Why a driver could not do something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A task's network can't be made. AWS has no text for it that fits a machine of one's own.
    #[error("ResourceInitializationError: unable to set up the task's network: {0}")]
    Network(String),
    /// A container can't be started (reference §1.5).
    #[error("CannotStartContainerError: {0}")]
    Start(String),
    /// A command can't be run beside a container's.
    #[error("{0}")]
    Exec(String),
    /// The driver can't be used at all.
    #[error("the {driver} driver can't be used: {why}")]
    Unusable {
        /// The driver's word.
        driver: &'static str,
        /// Why, and what would help.
        why: String,
    },
    /// The engine or the machine refused something that is no container's fault.
    #[error("{doing}: {why}")]
    Refused {
        /// What was being done, as in "removing the container".
        doing: String,
        /// What the engine or the machine says.
        why: String,
    },
}

/// Why an image can't be had; shows as AWS says it (reference §1.5).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PullError {
    /// The registry does not know the repository, or does not show it without a login.
    #[error(
        "CannotPullContainerError: The task can’t pull the image. Check whether the image exists. \
         Error response from daemon: {0}"
    )]
    NoRepository(String),
    /// The repository has no such tag or digest.
    #[error(
        "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to \
         resolve ref {0}: {0}: not found"
    )]
    NoSuchImage(String),
    /// The registry can't be reached.
    #[error(
        "CannotPullContainerError: The task cannot pull {image} from the registry {registry}. There \
         is a connection issue between the task and the registry. Check your task network \
         configuration. : {why}"
    )]
    Unreachable {
        /// The image, as written.
        image: String,
        /// Its registry's host.
        registry: String,
        /// What the engine says.
        why: String,
    },
    /// Anything else: what the engine or the driver says.
    #[error("CannotPullContainerError: {0}")]
    Other(String),
}

// === impl Error ===

impl Error {
    /// A container's command can't be run: the runtime's reason in the frame that AWS puts around
    /// it (reference §1.5).
    pub(crate) fn runtime(why: &str) -> Self {
        Self::Start(format!(
            "ResourceInitializationError: failed to create new container runtime task: {why}"
        ))
    }

    /// Something that is no container's fault was refused.
    pub(crate) fn refused(doing: impl Into<String>, why: impl fmt::Display) -> Self {
        Self::Refused { doing: doing.into(), why: why.to_string() }
    }
}
