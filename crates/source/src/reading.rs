//! What a source tree says about itself.

use crate::{
    Command, Database, Disagreement, Dockerfile, DotenvFile, Fact, Framework, Listen, Migration,
    PackageImport, PackageManager, Route, Signal, Timeout, Variable, Workspace,
};
use serde::Serialize;

/// Everything that was read from a tree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reading {
    /// How several projects share this tree; `None` for a single one.
    pub workspace: Option<Workspace>,
    /// Every project, by folder: applications, and the libraries between them.
    pub projects: Vec<Project>,
    /// Every Dockerfile, by path.
    pub dockerfiles: Vec<Dockerfile>,
    /// Every dotenv file, by path.
    pub dotenv: Vec<DotenvFile>,
    /// Files that looked as if they had something to say and could not be read.
    pub unread: Vec<Unread>,
}

/// A folder with a manifest of its language: something that is built by itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Project {
    /// Its folder from the root; empty for the root.
    pub folder: String,
    /// Its name, as its manifest or else its folder says.
    pub name: String,
    /// The language of its manifest.
    pub language: Language,
    /// The file that makes the folder a project.
    pub manifest: String,
    /// Who installs its dependencies.
    pub package_manager: Option<Fact<PackageManager>>,
    /// What it is built with, the one that answers requests first.
    pub frameworks: Vec<Fact<Framework>>,
    /// The source file that starts it.
    pub entry: Option<Fact<String>>,
    /// How it is built, from the project's folder.
    pub build: Option<Fact<Command>>,
    /// How it is started in production, from the project's folder.
    pub start: Option<Fact<Command>>,
    /// The folder that a build writes and a start needs, from the project's folder.
    pub output: Option<Fact<String>>,
    /// Folders whose files it gives, as the code names them: a build has to have written them.
    pub assets: Vec<Fact<String>>,
    /// Versions of the runtime that it asks for, as written: `>=20`, `22`.
    pub runtimes: Vec<Fact<String>>,
    /// Where it listens.
    pub listens: Vec<Fact<Listen>>,
    /// What it answers to.
    pub routes: Vec<Fact<Route>>,
    /// The environment variables that it reads, by name.
    pub variables: Vec<Variable>,
    /// Databases that it connects to.
    pub databases: Vec<Fact<Database>>,
    /// How its database gets its tables.
    pub migrations: Vec<Fact<Migration>>,
    /// Stop signals that it handles.
    pub signals: Vec<Fact<Signal>>,
    /// Time-outs of its server.
    pub timeouts: Vec<Fact<Timeout>>,
    /// Packages that its production code imports, and where each is declared.
    pub imports: Vec<Fact<PackageImport>>,
    /// Dependencies that manifest and lockfile disagree on.
    pub disagreements: Vec<Fact<Disagreement>>,
    /// Other projects of this tree whose code it runs, by folder.
    pub uses: Vec<String>,
}

/// The language of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// JavaScript or TypeScript.
    Node,
    /// Python.
    Python,
    /// Go.
    Go,
    /// Rust.
    Rust,
    /// Java or Kotlin.
    Java,
    /// Files that are served as they are.
    Static,
}

/// A file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// The file.
    pub file: String,
    /// Why.
    pub why: String,
}

impl Project {
    /// A project of which nothing is known but that it is there.
    pub(crate) fn new(folder: &str, manifest: &str, language: Language) -> Self {
        let name = crate::snapshot::name(folder);
        Self {
            folder: folder.to_owned(),
            name: if name.is_empty() { "app" } else { name }.to_owned(),
            language,
            manifest: manifest.to_owned(),
            package_manager: None,
            frameworks: Vec::new(),
            entry: None,
            build: None,
            start: None,
            output: None,
            assets: Vec::new(),
            runtimes: Vec::new(),
            listens: Vec::new(),
            routes: Vec::new(),
            variables: Vec::new(),
            databases: Vec::new(),
            migrations: Vec::new(),
            signals: Vec::new(),
            timeouts: Vec::new(),
            imports: Vec::new(),
            disagreements: Vec::new(),
            uses: Vec::new(),
        }
    }

    /// Whether it is something that runs by itself: it listens, answers, starts or is served.
    #[must_use]
    pub fn is_application(&self) -> bool {
        let answers = !self.listens.is_empty() || !self.routes.is_empty();
        answers || self.start.is_some() || self.frameworks.iter().any(|it| it.value.is_served())
    }

    /// The route that says whether it is healthy: the surest, then the shortest.
    #[must_use]
    pub fn health(&self) -> Option<&Fact<Route>> {
        let routes = self.routes.iter().filter(|route| route.value.says_health());
        routes.min_by_key(|route| {
            (std::cmp::Reverse(route.certainty), route.value.path.len(), route.value.path.clone())
        })
    }

    /// Where it listens in production: the surest.
    #[must_use]
    pub fn listen(&self) -> Option<&Fact<Listen>> {
        self.listens.iter().max_by_key(|listen| listen.certainty)
    }
}

impl Reading {
    /// The Dockerfile of a project: the one in its folder, or the one that begins with its name.
    #[must_use]
    pub fn dockerfile(&self, project: &Project) -> Option<&Dockerfile> {
        let own = crate::snapshot::join(&project.folder, "Dockerfile");
        let named =
            [format!("Dockerfile.{}", project.name), format!("{}.Dockerfile", project.name)];
        let is_named = |file: &str| named.iter().any(|it| crate::snapshot::name(file) == it);
        self.dockerfiles
            .iter()
            .find(|it| it.file == own)
            .or_else(|| self.dockerfiles.iter().find(|it| is_named(&it.file)))
    }

    /// The project of a folder.
    #[must_use]
    pub fn project(&self, folder: &str) -> Option<&Project> {
        self.projects.iter().find(|project| project.folder == folder)
    }
}
