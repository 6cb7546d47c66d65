//! What a build does not see: what must not be in an image, and what would only spoil its cache.

use super::Source;
use super::install::{join, relative};
use crate::outline::started;
use source::Project;

/// Always left out, in any folder.
const ALWAYS: [&str; 20] = [
    ".git",
    ".github",
    ".vscode",
    ".idea",
    "**/.DS_Store",
    "**/node_modules",
    "**/.env",
    "**/.env.*",
    "**/*.pem",
    "**/*.test.*",
    "**/*.spec.*",
    "**/__tests__",
    "**/coverage",
    "**/.next",
    "**/.turbo",
    "**/.nx",
    "**/*.tsbuildinfo",
    "**/Dockerfile*",
    "**/*.tf",
    "neargate*.yml",
];

/// The `.dockerignore` of a build whose context is `context`.
pub(super) fn text(source: &Source<'_>, context: &str) -> String {
    let mut lines: Vec<String> = ALWAYS.iter().map(|line| (*line).to_owned()).collect();
    for project in source.reading.projects.iter().filter(|project| project.build.is_some()) {
        for folder in written(project) {
            let path = join(&project.folder, &folder);
            // Built files that are committed are source.
            let line = relative(&path, context);
            if !source.has(&path) && !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

/// The folders that a project's build writes: the one it names, and the one its program starts from.
fn written(project: &Project) -> Vec<String> {
    let output = project.output.as_ref().map(|it| it.value.clone());
    let line = started(project);
    let script = line.as_deref().and_then(|line| line.split_whitespace().nth(1));
    let folder = script.and_then(|it| it.trim_start_matches("./").split_once('/')).map(|it| it.0);
    output.into_iter().chain(folder.map(str::to_owned)).collect()
}
