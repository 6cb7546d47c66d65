//! What a project is installed, built, started and migrated with.

use serde::Serialize;

/// Who installs dependencies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackageManager {
    /// Its name: `npm`, `pnpm`, `yarn`, `bun`, `pip`, `poetry`, `uv`, `cargo`, `go`, `maven`, `gradle`.
    pub name: String,
    /// The version that the project asks for, as written.
    pub version: Option<String>,
    /// The lockfile, from the root.
    pub lockfile: Option<String>,
}

/// A line that is run in a project's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Command {
    /// The line: `npm run build`, `node dist/server.js`.
    pub line: String,
    /// What stands behind it where the line only names a script: `nest build`.
    pub script: Option<String>,
}

impl Command {
    /// A line that stands for itself.
    pub(crate) fn plain(line: &str) -> Self {
        Self { line: line.to_owned(), script: None }
    }

    /// The program's own line where it is known, instead of a package manager's: that would stand
    /// between the program and its stop signal.
    #[must_use]
    pub fn direct(&self) -> &str {
        self.script.as_deref().unwrap_or(&self.line)
    }
}

/// Several projects in one tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Workspace {
    /// Who knows the members: `npm`, `pnpm`, `yarn`, `bun`, `cargo`, `go`.
    pub tool: String,
    /// Who runs their tasks: `nx`, `turbo`, `lerna`.
    pub runners: Vec<String>,
    /// The members' folders.
    pub members: Vec<String>,
}

/// How a database gets its tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Migration {
    /// The tool: `prisma`, `typeorm`, `knex`, `alembic`; `script` if only a script's name says so.
    pub tool: String,
    /// The line that brings the database up to date, from the project's folder; `None` where the
    /// application does so itself when it starts.
    pub command: Option<Command>,
    /// Where the migrations lie, from the root.
    pub folder: Option<String>,
}

/// A stop signal that an application handles.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Signal {
    /// `SIGTERM` or `SIGINT`.
    pub name: String,
    /// Who handles it: the application's own code, or the library that does so for it.
    pub by: String,
}

/// A time-out of a server.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Timeout {
    /// The setting's own name: `keepAliveTimeout`, `headersTimeout`, `requestTimeout`.
    pub name: String,
    /// Its length.
    pub milliseconds: u64,
}

/// A package that production code imports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PackageImport {
    /// The package's name, without the path into it.
    pub package: String,
    /// Where the project declares it.
    pub declared: Declared,
    /// Whether the application does not start without it; else it is needed when it is reached.
    pub at_start: bool,
}

/// Something that a finished program asks for and does not have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Absent {
    /// As it is asked for: `express`, `./routes/index.js`.
    pub asked: String,
    /// The package that it is of; `None` for a file of the program's own.
    pub package: Option<String>,
    /// Whether the program does not start without it; else it fails when it gets there.
    pub at_start: bool,
}

/// Where a dependency is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Declared {
    /// Among the dependencies.
    Production,
    /// Among the optional or peer dependencies.
    Optional,
    /// Among the development dependencies: an image with production dependencies lacks it.
    Development,
    /// Nowhere.
    Nowhere,
}

/// A dependency that manifest and lockfile disagree on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Disagreement {
    /// The package.
    pub package: String,
    /// What the manifest asks for; `None` if it no longer does.
    pub wanted: Option<String>,
    /// What the lockfile was made for; `None` if it does not know the package.
    pub locked: Option<String>,
    /// The lockfile, from the root.
    pub lockfile: String,
}
