//! The Dockerfile of a service: its own, or one that is written for it.

use super::secrets;
use crate::failure::{Failure, Kind};
use crate::project::Project;
use crate::tree;
use manifest::{Build, Service};
use plan::{NoRecipe, Recipe};
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

/// Where a service's build instructions come from.
pub(crate) enum Dockerfile {
    /// The user's own file.
    Own(PathBuf),
    /// There is none, so this was written from the source.
    Written(Box<Recipe>),
}

/// Finds the Dockerfile of a service, or writes one.
pub(crate) fn of(
    project: &Project,
    name: &str,
    service: &Service,
    build: &Build,
) -> Result<Dockerfile, Failure> {
    let file = project.folder.join(&build.context).join(path(build));
    if file.is_file() {
        return Ok(Dockerfile::Own(file));
    }
    if build.dockerfile.is_some() {
        let what = format!("service {name} has no Dockerfile at {}", file.display());
        return Err(Failure::new(Kind::Usage, what)
            .hint("take `build.dockerfile` out, and one is written from the source"));
    }
    recipe(project, name, service, build).map(|it| Dockerfile::Written(Box::new(it))).map_err(
        |failure| match failure {
            NotWritten::Failure(failure) => failure,
            NotWritten::NoRecipe(NoRecipe { why, hint }) => {
                let what =
                    format!("service {name} has no Dockerfile, and none can be written: {why}");
                Failure::new(Kind::Usage, what).hint(hint)
            }
        },
    )
}

/// Why no Dockerfile was written.
enum NotWritten {
    Failure(Failure),
    NoRecipe(NoRecipe),
}

fn recipe(
    project: &Project,
    name: &str,
    service: &Service,
    build: &Build,
) -> Result<Recipe, NotWritten> {
    let (snapshot, reading) =
        tree::read_all(&project.folder, source::wants).map_err(NotWritten::Failure)?;
    let wanted = plan::Wanted {
        service: name,
        folder: &build.context,
        is_started: service.command.is_some() || service.entrypoint.is_some(),
        port: service.port,
        // The default says nothing about the application; its own route does.
        health: Some(service.health.path.as_str()).filter(|path| *path != "/"),
        arguments: build.args.keys().map(String::as_str).collect(),
        secrets: build.secrets.iter().map(String::as_str).collect(),
        has_authority: secrets::authority().is_some(),
    };
    plan::recipe(&snapshot, &reading, &wanted).map_err(NotWritten::NoRecipe)
}

/// A build's Dockerfile, from its context.
pub(crate) fn path(build: &Build) -> &str {
    build.dockerfile.as_deref().unwrap_or("Dockerfile")
}

/// A written Dockerfile on disk, beside nothing of the user's, for as long as the build lasts.
pub(super) struct Paper {
    folder: PathBuf,
}

impl Paper {
    /// Puts it down. `family` tells builds of one process apart.
    pub(super) fn lay(recipe: &Recipe, family: &str) -> Result<Self, Failure> {
        let name = format!("neargate-build-{}-{family}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let failed = |source| {
            Failure::because(Kind::Machine, format!("can't write to {}", folder.display()), source)
        };
        DirBuilder::new().mode(0o700).create(&folder).map_err(failed)?;
        let paper = Self { folder: folder.clone() };
        write(&paper.dockerfile(), recipe).map_err(failed)?;
        Ok(paper)
    }

    pub(super) fn dockerfile(&self) -> PathBuf {
        self.folder.join("Dockerfile")
    }
}

impl Drop for Paper {
    fn drop(&mut self) {
        // Two small files of text, in a folder for such; a build that went well is none the worse.
        let _left_behind = fs::remove_dir_all(&self.folder);
    }
}

/// Writes a Dockerfile, and what its build does not see beside it.
pub(crate) fn write(file: &Path, recipe: &Recipe) -> std::io::Result<()> {
    let mut ignore = file.as_os_str().to_owned();
    ignore.push(".dockerignore");
    create(file, &recipe.dockerfile)?;
    create(Path::new(&ignore), &recipe.ignore)
}

/// Makes a file that was not there.
fn create(file: &Path, text: &str) -> std::io::Result<()> {
    std::io::Write::write_all(&mut fs::File::create_new(file)?, text.as_bytes())
}
