//! Who installs a tree's packages: by the lockfile, and by what `package.json` asks for.

use super::package::Package;
use crate::snapshot::{Snapshot, join};
use crate::{Fact, PackageManager, Place};

/// Lockfiles, and whose they are. The first that is there counts.
pub(crate) const LOCKFILES: [(&str, &str); 6] = [
    ("pnpm-lock.yaml", "pnpm"),
    ("yarn.lock", "yarn"),
    ("bun.lock", "bun"),
    ("bun.lockb", "bun"),
    ("package-lock.json", "npm"),
    ("npm-shrinkwrap.json", "npm"),
];

/// The package manager of a project: its own, or the one of the folder around it.
pub(crate) fn read(
    snapshot: &Snapshot,
    package: &Package<'_>,
    root: Option<&Package<'_>>,
) -> Option<Fact<PackageManager>> {
    let asked = [Some(package), root].into_iter().flatten().find_map(asked);
    let lock = lockfile(snapshot, package.folder);
    match (asked, lock) {
        (Some((name, version, place)), lock) => {
            let lockfile = lock.filter(|(_, tool)| *tool == name).map(|(path, _)| path);
            Some(Fact::certain(PackageManager { name, version, lockfile }, place))
        }
        (None, Some((path, name))) => {
            let place = Place { file: path.clone(), line: 1, column: 1, start: 0, end: 0 };
            let name = name.to_owned();
            Some(Fact::certain(PackageManager { name, version: None, lockfile: Some(path) }, place))
        }
        (None, None) => {
            let place =
                Place { file: package.path().to_owned(), line: 1, column: 1, start: 0, end: 0 };
            let name = "npm".to_owned();
            Some(Fact::guess(PackageManager { name, version: None, lockfile: None }, place))
        }
    }
}

/// The nearest lockfile at or above a folder.
fn lockfile(snapshot: &Snapshot, folder: &str) -> Option<(String, &'static str)> {
    let mut at = folder;
    loop {
        let here = LOCKFILES.iter().map(|(file, tool)| (join(at, file), *tool));
        if let Some(found) = here.into_iter().find(|(path, _)| snapshot.has(path)) {
            return Some(found);
        }
        if at.is_empty() {
            return None;
        }
        at = crate::snapshot::folder(at);
    }
}

/// `"packageManager": "pnpm@9.12.0+sha512.…"`.
fn asked(package: &Package<'_>) -> Option<(String, Option<String>, Place)> {
    let term = package.get(&["packageManager"])?;
    let (name, version) = term.text()?.split_once('@')?;
    let version = version.split('+').next().map(str::to_owned);
    Some((name.to_owned(), version, package.place(term)))
}
