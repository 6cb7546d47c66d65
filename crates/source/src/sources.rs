//! The lexically read sources of one project.

use crate::Place;
use crate::lexical::{Dialect, Fit, Lexed};
use crate::snapshot::{Snapshot, folder, name, within};
use std::collections::BTreeSet;

/// The sources of a project in a language that is not parsed.
#[derive(Debug)]
pub(crate) struct Sources<'s> {
    pub(crate) folder: &'s str,
    pub(crate) files: Vec<Lexed<'s>>,
}

/// Folders whose sources do not run in production.
const ASIDE: [&str; 14] = [
    "test",
    "tests",
    "testdata",
    "vendor",
    "node_modules",
    "target",
    "venv",
    ".venv",
    "__pycache__",
    "benches",
    "examples",
    "build",
    "dist",
    "migrations",
];

/// The largest source that is read; what is larger was written by a tool.
const LARGEST: usize = 1024 * 1024;

impl<'s> Sources<'s> {
    /// The sources below a folder that no nested project claims.
    pub(crate) fn of(
        snapshot: &'s Snapshot,
        folder: &'s str,
        nested: &BTreeSet<&str>,
        (ending, dialect): (&str, Dialect),
    ) -> Self {
        let files = snapshot.texts().filter(|(path, text)| {
            let inside = within(path, folder);
            path.ends_with(ending)
                && text.len() <= LARGEST
                && inside.is_some_and(is_production)
                && !nested.iter().any(|other| {
                    *other != folder
                        && within(other, folder).is_some()
                        && within(path, other).is_some()
                })
        });
        let files = files.map(|(path, text)| Lexed::of(path, text, dialect)).collect();
        Self { folder, files }
    }

    /// Every place where a pattern fits, with its file.
    pub(crate) fn find<'p>(
        &'p self,
        pattern: &'p str,
    ) -> impl Iterator<Item = (&'p Lexed<'s>, Fit<'s>)> {
        let fits = |file: &'p Lexed<'s>| file.find(pattern).into_iter().map(move |fit| (file, fit));
        self.files.iter().flat_map(fits)
    }

    /// The first place where one of the patterns fits.
    pub(crate) fn first(&self, patterns: &[&str]) -> Option<Place> {
        patterns
            .iter()
            .find_map(|pattern| self.find(pattern).next().map(|(file, fit)| file.place(&fit)))
    }

    /// The source file among the named ones, from the project's folder.
    pub(crate) fn file(&self, names: &[&str]) -> Option<&'s str> {
        names.iter().find_map(|name| {
            let path = crate::snapshot::join(self.folder, name);
            self.files.iter().map(|file| file.lines.file()).find(|file| *file == path)
        })
    }
}

fn is_production(path: &str) -> bool {
    let mut folders: Vec<&str> = path.split('/').collect();
    let file = folders.pop().unwrap_or_default();
    let is_test = file.starts_with("test_")
        || ["_test.py", "_test.go", "Test.java", "Tests.java", "/tests.rs"]
            .iter()
            .any(|it| path.ends_with(it))
        || matches!(file, "conftest.py" | "tests.rs" | "build.rs" | "setup.py");
    !is_test && !folders.iter().any(|folder| ASIDE.contains(folder) && !is_java_main(path))
}

/// Java's own layout has a folder for tests beside the one for the rest.
fn is_java_main(path: &str) -> bool {
    path.contains("src/main/")
}

/// The folders that hold one of the named manifests, each with the first of them.
pub(crate) fn manifests<'s>(snapshot: &'s Snapshot, names: &[&str]) -> Vec<(&'s str, &'s str)> {
    let mut found: Vec<(&'s str, &'s str)> = Vec::new();
    for path in snapshot.paths() {
        let aside =
            within(path, "").is_some_and(|path| !is_production(path)) && name(path) != "setup.py";
        if names.contains(&name(path)) && !aside {
            found.push((folder(path), path));
        }
    }
    let rank = |path: &str| names.iter().position(|it| *it == name(path));
    found.sort_by_key(|(folder, path)| (*folder, rank(path)));
    found.dedup_by_key(|(folder, _)| *folder);
    found
}
