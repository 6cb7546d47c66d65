//! The source files of the house.

use std::fs;
use std::path::{Path, PathBuf};

/// A Rust file of a room.
pub(crate) struct Source {
    /// Its path from the workspace's folder.
    pub(crate) path: String,
    /// The room it belongs to.
    pub(crate) room: String,
    /// Its text.
    pub(crate) text: String,
}

impl Source {
    /// Whether codegen wrote it.
    pub(crate) fn is_generated(&self) -> bool {
        self.path.contains("/generated/")
    }

    /// Whether it holds tests only.
    pub(crate) fn is_test(&self) -> bool {
        self.path.contains("/tests/")
            || self.path.ends_with("/tests.rs")
            || self.path.contains("/benches/")
    }

    /// The lines before the file's own tests, with their numbers.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(at, line)| (at + 1, line));
        lines.take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
    }
}

/// All Rust files of the rooms and of xtask.
pub(crate) fn all(root: &Path) -> Result<Vec<Source>, String> {
    let mut found = Vec::new();
    for folder in ["crates", "xtask", "tests"] {
        walk(&root.join(folder), &mut found)?;
    }
    found.sort();
    found.into_iter().map(|path| read(root, &path)).collect()
}

fn read(root: &Path, path: &Path) -> Result<Source, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let short = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
    let mut parts = short.split('/');
    let first = parts.next().unwrap_or_default();
    let room = if first == "crates" { parts.next().unwrap_or_default() } else { first };
    Ok(Source { room: room.to_owned(), text, path: short.clone() })
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
    if !folder.exists() {
        return Ok(());
    }
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") {
            walk(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(())
}
