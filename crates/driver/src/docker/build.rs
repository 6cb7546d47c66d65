//! Builds an image from a folder and a Dockerfile, with the engine's own builder: BuildKit where the
//! Dockerfile or its secrets need that, else the one that every engine has.

use super::buildkit;
use super::context::{self, ContextError};
use super::engine::{find, text};
use super::pull::is_unreachable;
use super::{Error, Hints};
use crate::lines::LineSplitter;
use bollard::Docker as Engine;
use bollard::models::BuildInfo;
use bollard::query_parameters::BuildImageOptions;
use futures_util::{StreamExt, stream};
use model::Secret;
use std::collections::BTreeMap;
use std::path::PathBuf;
use tokio::sync::mpsc;

/// An image to be built.
#[derive(Debug, Clone, Default)]
pub struct Build {
    /// The folder that the Dockerfile copies from. Its `.dockerignore`, or the one that stands beside
    /// the Dockerfile under its name, says what of it stays out.
    pub context: PathBuf,
    /// The Dockerfile, from the context; it may be outside of it.
    pub dockerfile: PathBuf,
    /// The image's name.
    pub tag: String,
    /// Values for `ARG`. They stay visible in the image's history: secrets have no place here.
    pub arguments: BTreeMap<String, String>,
    /// The stage to stop at; the last one when absent.
    pub target: Option<String>,
    /// `linux/arm64` and the like; the engine's own when absent.
    pub platform: Option<String>,
    /// Secrets by id, for the steps that mount them. They are in no layer and in no history.
    pub secrets: BTreeMap<String, Secret>,
}

impl Build {
    /// Whether the engine's first builder can't do it: it mounts nothing.
    #[must_use]
    pub fn needs_buildkit(&self) -> bool {
        let text = std::fs::read_to_string(self.context.join(&self.dockerfile)).unwrap_or_default();
        let step = |line: &str| line.trim_start().to_ascii_uppercase().starts_with("RUN ");
        let mounts = |line: &str| step(line) && line.contains("--mount=");
        !self.secrets.is_empty() || text.lines().any(mounts)
    }
}

/// Why an image can't be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// There is no engine.
    #[error(transparent)]
    Engine(#[from] Error),
    /// The context can't be read.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// A step failed; what it printed has gone to the progress.
    #[error("the build failed: {0}")]
    Failed(String),
}

impl BuildError {
    /// Whether a registry could not be reached.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Failed(why) if is_unreachable(why))
    }
}

/// Builds an image and answers its id, `sha256:` and 64 hexadecimal digits. Each line that the
/// builder prints goes to `progress` as it comes.
///
/// # Errors
/// Says what of engine, context or Dockerfile was at fault.
pub async fn build(
    hints: &Hints,
    build: &Build,
    mut progress: impl FnMut(&str) + Send,
) -> Result<String, BuildError> {
    if build.needs_buildkit() {
        return buildkit::build(hints, build, progress).await;
    }
    let engine = find(hints).await?;
    let context = context::read(&build.context, &build.dockerfile)?;
    let options = BuildImageOptions {
        dockerfile: context.dockerfile.clone(),
        t: Some(build.tag.clone()),
        buildargs: Some(build.arguments.clone().into_iter().collect()),
        target: build.target.clone().unwrap_or_default(),
        platform: build.platform.clone().unwrap_or_default(),
        rm: true,
        forcerm: true,
        ..BuildImageOptions::default()
    };
    let (chunks, sent) = mpsc::channel(CHUNKS);
    let sending = tokio::task::spawn_blocking(move || context.send(chunks));
    let body = stream::unfold(sent, async |mut sent| Some((sent.recv().await?, sent)));
    let mut steps = engine.build_image(options, None, Some(bollard::body_try_stream(body)));
    let (mut lines, mut id, mut failure) = (LineSplitter::default(), None, None);
    while let Some(step) = steps.next().await {
        match step {
            Ok(step) => {
                tell(&step, &mut lines, &mut progress);
                id = step.aux.and_then(|image| image.id).or(id);
            }
            Err(error) => failure = Some(text(&error)),
        }
    }
    if let Some(line) = lines.finish() {
        progress(&line);
    }
    // A context that broke off explains what the engine says of it.
    sending.await.map_err(|error| BuildError::Failed(error.to_string()))??;
    match (failure, id) {
        (Some(why), _) => Err(BuildError::Failed(why)),
        (None, Some(id)) => Ok(id),
        (None, None) => built(&engine, &build.tag).await,
    }
}

/// How many chunks of the context wait for the engine.
const CHUNKS: usize = 8;

/// Hands on what a step prints. Of the engine's pulling, beginnings and ends are told, not each
/// kilobyte.
fn tell(step: &BuildInfo, lines: &mut LineSplitter, progress: &mut impl FnMut(&str)) {
    if let Some(text) = &step.stream {
        lines.push(text.as_bytes(), |line| progress(&line));
    }
    let is_counting = step.progress_detail.as_ref().is_some_and(|detail| detail.current.is_some());
    if let Some(status) = step.status.as_ref().filter(|_| !is_counting) {
        let of = step.id.as_ref().map(|id| format!("{id}: ")).unwrap_or_default();
        progress(&format!("{of}{status}"));
    }
}

/// The id of an image that was built by a builder which does not tell.
async fn built(engine: &Engine, tag: &str) -> Result<String, BuildError> {
    let image =
        engine.inspect_image(tag).await.map_err(|error| BuildError::Failed(text(&error)))?;
    image.id.ok_or_else(|| BuildError::Failed(format!("{tag} has no id")))
}
