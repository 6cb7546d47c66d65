//! Chooses a driver.

use crate::docker::{self, Docker};
use crate::process::{self, Process};
use crate::{Driver, Error};
use std::sync::Arc;

/// What the user asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice {
    /// Docker when an engine answers, else processes.
    #[default]
    Auto,
    /// Docker, or nothing.
    Docker,
    /// Processes.
    Process,
}

/// The driver that was asked for.
///
/// # Errors
/// Says why it can't be used.
pub async fn choose(
    choice: Choice,
    docker: docker::Config,
    process: process::Config,
) -> Result<Arc<dyn Driver>, Error> {
    match choice {
        Choice::Docker => Ok(Arc::new(Docker::connect(docker).await?)),
        Choice::Process => Ok(Arc::new(Process::new(process)?)),
        Choice::Auto => match Docker::connect(docker).await {
            Ok(docker) => Ok(Arc::new(docker)),
            Err(why) => {
                tracing::info!("{why}; tasks run as processes");
                Ok(Arc::new(Process::new(process)?))
            }
        },
    }
}
