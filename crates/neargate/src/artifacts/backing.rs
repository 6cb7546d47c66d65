//! What runs a backing service: an image as it is, or a command in the manifest's folder.

use crate::failure::{Failure, Kind};
use crate::project::Project;
use driver::process::image::ImageConfig;
use manifest::Backing;
use plan::Artifact;
use plan::wish::ArtifactKind;
use std::path::{Path, PathBuf};

/// The image of a backing service, for a container engine.
pub(super) fn container(name: &str, backing: &Backing) -> Result<Artifact, Failure> {
    let Some(image) = &backing.image else {
        let what = format!("backing service {name} has no `image`, and the region runs containers");
        return Err(Failure::new(Kind::Usage, what)
            .hint("give it one, or start the region with --driver process"));
    };
    Ok(Artifact { image: image.to_string(), digest: None, kind: ArtifactKind::Container })
}

/// The command of a backing service, for processes. It is run where the manifest is, not on a copy:
/// what it runs is this machine's own.
pub(super) fn process(
    project: &Project,
    (name, family): (&str, &str),
    backing: &Backing,
    data: &Path,
) -> Result<Artifact, Failure> {
    let Some(run) = &backing.run else {
        let what = format!(
            "backing service {name} has no `run`, and the region runs processes: an image can't be \
             run as one"
        );
        return Err(Failure::new(Kind::Usage, what)
            .hint("say what runs in the foreground: run: ./database.sh serve")
            .hint("or start the region with a container engine: neargate region start --driver docker"));
    };
    let folder = real(&project.folder)?;
    let enter = ["sh", "-c", "cd \"$0\" && exec \"$@\"", &folder.to_string_lossy()];
    let command = enter.into_iter().chain(run.words().iter().map(String::as_str));
    let config =
        ImageConfig { command: command.map(str::to_owned).collect(), ..Default::default() };
    let store = driver::process::images(&data.join("tasks"));
    let digest = store.import(&config, &[]).map_err(|e| {
        Failure::because(Kind::Machine, format!("backing service {name} can't be kept"), e)
    })?;
    let image = format!("neargate/{family}@{digest}");
    Ok(Artifact { image, digest: Some(digest), kind: ArtifactKind::Process })
}

/// A folder from wherever it is looked at.
fn real(folder: &Path) -> Result<PathBuf, Failure> {
    folder
        .canonicalize()
        .map_err(|e| Failure::because(Kind::Machine, format!("can't find {}", folder.display()), e))
}
