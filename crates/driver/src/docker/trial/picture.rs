//! What an image says of itself.

use bollard::models::ImageInspect;

/// What an image says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picture {
    /// `linux/amd64` and the like.
    pub platform: String,
    /// The folder that its containers start in.
    pub folder: String,
    /// Its entry point.
    pub entry_point: Vec<String>,
    /// Its command.
    pub command: Vec<String>,
    /// Its own health check: `CMD` or `CMD-SHELL`, and what follows; empty if it has none.
    pub health: Vec<String>,
}

// === impl Picture ===

impl Picture {
    pub(super) fn of(image: ImageInspect) -> Self {
        let config = image.config.unwrap_or_default();
        let (system, processor) =
            (image.os.unwrap_or_default(), image.architecture.unwrap_or_default());
        let folder = config.working_dir.filter(|it| !it.is_empty());
        let health = config.healthcheck.and_then(|it| it.test).unwrap_or_default();
        Self {
            platform: format!("{system}/{processor}"),
            folder: folder.unwrap_or_else(|| "/".to_owned()),
            entry_point: config.entrypoint.unwrap_or_default(),
            command: config.cmd.unwrap_or_default(),
            health: if health.first().is_some_and(|it| it == "NONE") { Vec::new() } else { health },
        }
    }
}
