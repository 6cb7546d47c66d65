//! The Dockerfile of a project that has none: what was read of its source, as build instructions.
//!
//! A pure function of the source, so the same source gives the same file. What can't be built with
//! confidence is refused with the reason; a Dockerfile that starts and then lacks a file would cost its
//! owner more than one that has to be written.

mod bases;
mod ignore;
mod install;
mod mount;
mod node;
mod version;

#[cfg(test)]
mod tests;

pub use bases::{bases, pin, unpinned};
pub use mount::AUTHORITY;
use source::{Language, Project, Reading, Snapshot};

/// How an image is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// The Dockerfile's text.
    pub dockerfile: String,
    /// The text of its `.dockerignore`: what the build does not see.
    pub ignore: String,
    /// The folder that the build sees, from the root of the tree; empty for the root.
    pub context: String,
    /// The folder of the project itself, from the root of the tree.
    pub folder: String,
    /// What was guessed, or is worth a look; a line each.
    pub remarks: Vec<String>,
}

/// What a manifest says of an image that is to be made.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'m> {
    /// The service that it is for.
    pub service: &'m str,
    /// The folder that it is made from, as `build.context` says it.
    pub folder: &'m str,
    /// Whether the manifest says what starts the container, so that the image need not.
    pub is_started: bool,
    /// The port that the container listens on.
    pub port: Option<u16>,
    /// The path that answers whether it is healthy.
    pub health: Option<&'m str>,
    /// The names of its build arguments.
    pub arguments: Vec<&'m str>,
    /// The names of its build secrets: variables of the steps that install and build.
    pub secrets: Vec<&'m str>,
    /// Whether the network that packages come through has an authority of its own.
    pub has_authority: bool,
}

/// Why there is no Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoRecipe {
    /// What is in the way. One line, lower case, no full stop.
    pub why: String,
    /// What to do.
    pub hint: String,
}

/// Writes the Dockerfile of the project in a folder.
///
/// # Errors
/// Says what of the source is not understood well enough.
pub fn recipe(
    snapshot: &Snapshot,
    reading: &Reading,
    wanted: &Wanted<'_>,
) -> Result<Recipe, NoRecipe> {
    let project = project(reading, wanted)?;
    let source = Source { snapshot, reading, project };
    match project.language {
        Language::Node => node::recipe(&source, wanted),
        other => Err(NoRecipe::new(
            format!("{} is a project in {}", shown(&project.folder), name(other)),
            "so far Dockerfiles are written for Node only: write one, or name a finished `image`",
        )),
    }
}

/// What a Dockerfile is written from.
struct Source<'s> {
    snapshot: &'s Snapshot,
    reading: &'s Reading,
    project: &'s Project,
}

impl Source<'_> {
    /// Whether a file or a folder is part of the source.
    fn has(&self, path: &str) -> bool {
        self.snapshot.has(path) || self.holds(path)
    }

    /// Whether the source has files below a folder.
    fn holds(&self, folder: &str) -> bool {
        let below = format!("{folder}/");
        self.snapshot.paths().any(|path| path.starts_with(&below))
    }
}

// === impl NoRecipe ===

impl NoRecipe {
    fn new(why: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { why: why.into(), hint: hint.into() }
    }
}

/// The project of a folder: the one there, or the one application below it that is the only one or is
/// called as the service.
fn project<'r>(reading: &'r Reading, wanted: &Wanted<'_>) -> Result<&'r Project, NoRecipe> {
    let folder = wanted.folder.trim_end_matches('/');
    let folder = if folder == "." { "" } else { folder.trim_start_matches("./") };
    let here = reading.project(folder);
    if let Some(project) = here.filter(|it| it.is_application()) {
        return Ok(project);
    }
    let inside =
        |project: &&Project| folder.is_empty() || project.folder.starts_with(&format!("{folder}/"));
    let applications: Vec<&Project> =
        reading.projects.iter().filter(inside).filter(|it| it.is_application()).collect();
    let is_called = |project: &&&Project| {
        project.name == wanted.service
            || project.folder.ends_with(&format!("/{}", wanted.service))
            || project.folder == wanted.service
    };
    if let Some(called) = applications.iter().find(is_called) {
        return Ok(called);
    }
    match applications.as_slice() {
        [one] => Ok(one),
        [] => Err(NoRecipe::new(
            format!("nothing in {} was understood as an application", shown(folder)),
            "write a Dockerfile, or name a finished `image`",
        )),
        [first, ..] => {
            let all: Vec<&str> = applications.iter().map(|it| it.folder.as_str()).collect();
            Err(NoRecipe::new(
                format!("{} holds several applications: {}", shown(folder), all.join(", ")),
                format!("name the one that is meant: `build: {}`", first.folder),
            ))
        }
    }
}

fn shown(folder: &str) -> &str {
    if folder.is_empty() { "this folder" } else { folder }
}

fn name(language: Language) -> &'static str {
    match language {
        Language::Node => "Node",
        Language::Python => "Python",
        Language::Go => "Go",
        Language::Rust => "Rust",
        Language::Java => "Java",
        Language::Static => "plain files",
    }
}
