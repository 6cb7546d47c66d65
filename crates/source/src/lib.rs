//! A source tree: files to what an application is, listens on, answers to and asks for.
//!
//! [`read`] takes a [`Snapshot`] and gives a [`Reading`]: for each project its framework, entry, ports,
//! routes, variables, databases and the rest. Every fact carries its place and how sure it is. Nothing
//! here judges: whether a fact is a mistake is decided where it is held against a manifest.
//!
//! This room must not know disks, manifests of neargate, or AWS. It never fails: what can't be read is
//! named in [`Reading::unread`]. Scripts are parsed (`script` is the only place that knows the parser);
//! other languages are read lexically, and their facts say so by their certainty.
//!
//! Start reading at `reading.rs`, then `node.rs`.

mod dockerfile;
mod dotenv;
mod fact;
mod go;
mod java;
mod lexical;
mod node;
mod page;
mod place;
mod python;
mod reading;
mod rust;
mod script;
mod snapshot;
mod sources;

pub use dockerfile::{Copy, Dockerfile, Stage, Start, Step};
pub use dotenv::{DotenvEntry, DotenvFile, DotenvValue};
pub use fact::database::{Database, Pool, System, Tls};
pub use fact::framework::Framework;
pub use fact::listen::{Host, Listen};
pub use fact::route::{Purpose, Route};
pub use fact::tool::{
    Absent, Command, Declared, Disagreement, Migration, PackageImport, PackageManager, Signal,
    Timeout, Workspace,
};
pub use fact::variable::{Moment, Need, Origin, Sensitivity, Variable};
pub use fact::{Certainty, Fact};
pub use place::Place;
pub use reading::{Language, Project, Reading, Unread};
pub use snapshot::Snapshot;

/// Reads a source tree.
#[must_use]
pub fn read(snapshot: &Snapshot) -> Reading {
    let found = node::read(snapshot);
    let dotenv = snapshot.texts().filter(|(path, _)| dotenv::is_dotenv(path));
    let dotenv = dotenv.map(|(path, text)| dotenv::read(path, text)).collect();
    let mut projects = found.projects;
    projects.extend(rust::read(snapshot));
    projects.extend(python::read(snapshot));
    projects.extend(go::read(snapshot));
    projects.extend(java::read(snapshot));
    if projects.is_empty() {
        projects.extend(page::read(snapshot));
    }
    projects.sort_by(|a, b| (&a.folder, a.language).cmp(&(&b.folder, b.language)));
    let dockerfiles = snapshot.texts().filter(|(path, _)| dockerfile::is_dockerfile(path));
    let dockerfiles = dockerfiles.map(|(path, text)| dockerfile::read(snapshot, path, text));
    Reading {
        workspace: found.workspace,
        projects,
        dockerfiles: dockerfiles.collect(),
        dotenv,
        unread: found.unread,
    }
}

/// What a finished program in Node asks for and does not have: `files` are those of its image, `entry` is
/// the script that starts it, both without a slash in front. Packages are looked for where Node does,
/// and their own scripts are taken to be whole.
#[must_use]
pub fn absent(files: &Snapshot, entry: &str) -> Vec<Fact<Absent>> {
    node::absent::read(files, entry)
}

/// Whether [`read`] looks into a file of this name. Of all others it is enough to know that they are
/// there ([`Snapshot::mention`]).
#[must_use]
pub fn wants(path: &str) -> bool {
    const NAMES: [&str; 14] = [
        "yarn.lock",
        "bun.lock",
        "go.mod",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "Cargo.toml",
        "pyproject.toml",
        "requirements.txt",
        "Procfile",
        "runtime.txt",
        ".nvmrc",
        ".node-version",
        ".python-version",
    ];
    let name = snapshot::name(path);
    let by_ending = [".json", ".prisma", ".py", ".go", ".rs", ".java", ".properties"];
    let is_yaml = [".yaml", ".yml"].iter().any(|end| name.ends_with(end));
    let yaml = ["pnpm-lock", "pnpm-workspace", "application"];
    NAMES.contains(&name)
        || by_ending.iter().any(|end| name.ends_with(end))
        || is_yaml && yaml.iter().any(|start| name.starts_with(start))
        || script::is_script(path)
        || dockerfile::is_dockerfile(path)
        || dotenv::is_dotenv(path)
}
