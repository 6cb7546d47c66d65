//! A source tree as values: files by path. Who reads a disk stands elsewhere.

use std::collections::{BTreeMap, BTreeSet};

/// The files of a source tree, by their paths from its root.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snapshot {
    files: BTreeMap<String, Vec<u8>>,
    /// Files that are there but were not taken, because of their size.
    heard_of: BTreeSet<String>,
}

impl Snapshot {
    /// Adds a file. Separators may be `\` or `/`; a leading `./` is dropped.
    pub fn add(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.files.insert(tidy(path), bytes.into());
    }

    /// Adds a file that is there and whose content was left behind: too large, or binary.
    pub fn mention(&mut self, path: &str) {
        self.heard_of.insert(tidy(path));
    }

    /// How many files have content.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether a file is there, with or without content.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.heard_of.contains(path)
    }

    /// A file's text; `None` if it is not there or not UTF-8.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        let bytes = self.files.get(path)?;
        let text = std::str::from_utf8(bytes).ok()?;
        // Offsets count from after the byte order mark, which some editors write.
        Some(text.strip_prefix('\u{feff}').unwrap_or(text))
    }

    /// All paths, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().chain(&self.heard_of).map(String::as_str)
    }

    /// All files with text, in the order of their paths.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.keys().filter_map(|path| Some((path.as_str(), self.text(path)?)))
    }
}

impl<P: AsRef<str>, B: Into<Vec<u8>>> FromIterator<(P, B)> for Snapshot {
    fn from_iter<I: IntoIterator<Item = (P, B)>>(files: I) -> Self {
        let mut snapshot = Self::default();
        files.into_iter().for_each(|(path, bytes)| snapshot.add(path.as_ref(), bytes));
        snapshot
    }
}

fn tidy(path: &str) -> String {
    join("", &path.replace('\\', "/"))
}

/// A path as seen from a folder: `join("a/b", "../c")` is `a/c`. What leaves the tree stays at its
/// root.
pub(crate) fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let from = if path.starts_with('/') { "" } else { folder };
    for part in from.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// The folder that a file lies in; empty for the root.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub(crate) fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// A path without its folder, if it lies in it at any depth.
pub(crate) fn within<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    path.strip_prefix(folder)?.strip_prefix('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_as_imports_mean_them() {
        for (folder, path, expected) in [
            ("src", "./app.js", "src/app.js"),
            ("src/routes", "../app", "src/app"),
            ("", "./a//b/.", "a/b"),
            ("a", "../../../b", "b"),
            ("a", "/b", "b"),
        ] {
            assert_eq!(join(folder, path), expected, "{folder} + {path}");
        }
    }

    #[test]
    fn a_folder_holds_what_lies_below_it_and_no_namesake() {
        assert_eq!(within("apps/api/src/a.ts", "apps/api"), Some("src/a.ts"));
        assert_eq!(within("apps/api2/a.ts", "apps/api"), None);
        assert_eq!((folder("a/b.ts"), folder("b.ts"), name("a/b.ts")), ("a", "", "b.ts"));
    }

    #[test]
    fn bytes_that_are_no_text_are_a_file_without_text() {
        let snapshot: Snapshot =
            [("./a\\b.bin", vec![0xff]), ("c", b"\xef\xbb\xbfx".to_vec())].into_iter().collect();
        assert!(snapshot.has("a/b.bin"));
        assert_eq!((snapshot.text("a/b.bin"), snapshot.text("c")), (None, Some("x")));
    }
}
