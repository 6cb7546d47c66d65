//! Which versions of Node a project asks for.

use super::package::Package;
use crate::Fact;
use crate::place::Lines;
use crate::snapshot::{Snapshot, join};

/// Files that hold a version and nothing else.
const FILES: [&str; 2] = [".nvmrc", ".node-version"];

/// Every wish, as written: in `engines` and `volta`, and in the files of version managers, of the
/// project or of the root.
pub(crate) fn read(
    snapshot: &Snapshot,
    package: &Package<'_>,
    root: Option<&Package<'_>>,
) -> Vec<Fact<String>> {
    let mut found = Vec::new();
    for package in [Some(package), root].into_iter().flatten() {
        for keys in [["engines", "node"], ["volta", "node"]] {
            let Some(term) = package.get(&keys) else { continue };
            let place = package.place(term);
            found.extend(term.text().map(|text| Fact::certain(text.to_owned(), place)));
        }
        for name in FILES {
            let path = join(package.folder, name);
            let Some(text) = snapshot.text(&path) else { continue };
            let lines = Lines::of(&path, text);
            let version = text.trim().trim_start_matches('v');
            if !version.is_empty() {
                let place = lines.place(0, text.trim_end().len());
                found.push(Fact::certain(version.to_owned(), place));
            }
        }
    }
    found
}
