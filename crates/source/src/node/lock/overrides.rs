//! Packages whose version the root decides for everybody: `resolutions`, `overrides`.

use crate::script::json;
use crate::script::term::Term;
use crate::snapshot::{Snapshot, folder, join, name};
use std::collections::BTreeSet;

/// The names of such packages, as package.json and pnpm's lockfile say.
pub(super) fn read(snapshot: &Snapshot, lockfile: &str) -> BTreeSet<String> {
    let manifest = snapshot.text(&join(folder(lockfile), "package.json")).and_then(json);
    let lists: [&[&str]; 3] = [&["resolutions"], &["overrides"], &["pnpm", "overrides"]];
    let of_manifest = lists
        .iter()
        .filter_map(|path| path.iter().try_fold(manifest.as_ref()?, |term, key| term.get(key)));
    let mut found: BTreeSet<String> =
        of_manifest.flat_map(Term::fields).map(|(key, _)| target(key)).collect();
    if name(lockfile) == "pnpm-lock.yaml" {
        found.extend(snapshot.text(lockfile).into_iter().flat_map(of_pnpm));
    }
    found
}

/// The keys below `overrides:` at the top of a lockfile.
fn of_pnpm(text: &str) -> impl Iterator<Item = String> {
    let below = text.lines().skip_while(|line| *line != "overrides:").skip(1);
    let below = below.take_while(|line| line.starts_with("  "));
    below.filter_map(|line| {
        let line = line.trim();
        let key = match line.strip_prefix(['\'', '"']) {
            Some(rest) => rest.split(['\'', '"']).next()?,
            None => line.split(':').next()?,
        };
        Some(target(key))
    })
}

/// The package that a key is about: `parent>@scope/name@1`, `**/name`, `parent/name`.
fn target(key: &str) -> String {
    let key = key.rsplit('>').next().unwrap_or(key);
    let parts: Vec<&str> = key.split('/').collect();
    let scoped = parts.len().checked_sub(2).filter(|at| parts[*at].starts_with('@'));
    let from = scoped.unwrap_or(parts.len() - 1);
    let whole = parts[from..].join("/");
    let version = whole.char_indices().skip(1).find(|(_, it)| *it == '@');
    version.map_or(whole.clone(), |(at, _)| whole[..at].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_the_package_that_it_decides() {
        for (key, expected) in [
            ("postcss", "postcss"),
            ("postcss@<8.5", "postcss"),
            ("next>postcss", "postcss"),
            ("@types/koa", "@types/koa"),
            ("a>@types/koa@2", "@types/koa"),
            ("**/left-pad", "left-pad"),
        ] {
            assert_eq!(target(key), expected, "{key}");
        }
        let lock = "lockfileVersion: '9.0'\n\noverrides:\n  postcss: 8.5.23\n  '@x/y@1': 2\n\nimporters:\n";
        assert_eq!(of_pnpm(lock).collect::<Vec<_>>(), ["postcss", "@x/y"]);
    }
}
