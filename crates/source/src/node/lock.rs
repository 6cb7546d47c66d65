//! Lockfiles against manifests: where they disagree, a reproducible install refuses.

mod bun;
mod npm;
mod overrides;
mod pnpm;
mod yarn;

use super::package::{Group, Package};
use crate::snapshot::{Snapshot, folder, name, within};
use crate::{Disagreement, Fact};
use std::collections::BTreeMap;

/// What a lockfile was made for.
#[derive(Debug, PartialEq)]
enum Locked {
    /// For each member's folder, its dependencies with the ranges asked for.
    ByMember(BTreeMap<String, BTreeMap<String, String>>),
    /// All ranges that anybody asked for, as `name@range`.
    Ranges(Vec<(String, String)>),
}

/// Where a manifest and the lockfile above it disagree.
pub(crate) fn disagreements(
    snapshot: &Snapshot,
    package: &Package<'_>,
    lockfile: &str,
) -> Vec<Fact<Disagreement>> {
    let Some(locked) = snapshot.text(lockfile).and_then(|text| read(lockfile, text)) else {
        return Vec::new();
    };
    let Some(member) = within_or_same(package.folder, folder(lockfile)) else { return Vec::new() };
    let mut found = match locked {
        Locked::ByMember(members) => match members.get(member) {
            Some(ranges) => compare(package, lockfile, ranges),
            // A project of its own that lies in another one's folder.
            None if !member.is_empty() => Vec::new(),
            None => compare(package, lockfile, &BTreeMap::new()),
        },
        Locked::Ranges(ranges) => missing(package, lockfile, &ranges),
    };
    if !found.is_empty() {
        // What the root decides for everybody is locked instead of what each asks for.
        let decided = overrides::read(snapshot, lockfile);
        found.retain(|it| !decided.contains(&it.value.package));
    }
    found
}

fn within_or_same<'f>(folder: &'f str, above: &str) -> Option<&'f str> {
    if folder == above { Some("") } else { within(folder, above) }
}

fn read(lockfile: &str, text: &str) -> Option<Locked> {
    match name(lockfile) {
        "package-lock.json" | "npm-shrinkwrap.json" => npm::read(text),
        "pnpm-lock.yaml" => Some(pnpm::read(text)),
        "yarn.lock" => Some(yarn::read(text)),
        "bun.lock" => bun::read(text),
        _ => None,
    }
}

/// Both directions: what is asked for and not locked so, and what is locked and no longer asked for.
fn compare(
    package: &Package<'_>,
    lockfile: &str,
    locked: &BTreeMap<String, String>,
) -> Vec<Fact<Disagreement>> {
    let wanted = package.dependencies();
    let mut found = Vec::new();
    for dependency in wanted.iter().filter(|it| it.group != Group::Peer) {
        let range = locked.get(&dependency.name);
        if range == Some(&dependency.wanted) {
            continue;
        }
        let disagreement = Disagreement {
            package: dependency.name.clone(),
            wanted: Some(dependency.wanted.clone()),
            locked: range.cloned(),
            lockfile: lockfile.to_owned(),
        };
        // A dependency may stand in two groups; one of them is what the lockfile was made for.
        let elsewhere = wanted.iter().filter(|it| it.name == dependency.name);
        if !elsewhere.into_iter().any(|it| range == Some(&it.wanted)) {
            found.push(Fact::certain(disagreement, dependency.place.clone()));
        }
    }
    for (name, range) in locked {
        if wanted.iter().any(|dependency| dependency.name == *name) {
            continue;
        }
        let disagreement = Disagreement {
            package: name.clone(),
            wanted: None,
            locked: Some(range.clone()),
            lockfile: lockfile.to_owned(),
        };
        let place =
            crate::Place { file: package.path().to_owned(), line: 1, column: 1, start: 0, end: 0 };
        found.push(Fact::certain(disagreement, place));
    }
    found
}

/// Where a lockfile only knows ranges, not who asked for them: ranges that nobody asked for then.
fn missing(
    package: &Package<'_>,
    lockfile: &str,
    ranges: &[(String, String)],
) -> Vec<Fact<Disagreement>> {
    let wanted = package.dependencies().into_iter();
    // Members and local paths are not locked.
    let foreign = wanted.filter(|it| it.group != Group::Peer && !is_local(&it.wanted));
    let unknown = foreign
        .filter(|it| !ranges.iter().any(|(name, range)| *name == it.name && *range == it.wanted));
    let fact = |it: super::package::Dependency| {
        let locked = ranges.iter().find(|(name, _)| *name == it.name);
        let disagreement = Disagreement {
            package: it.name,
            wanted: Some(it.wanted),
            locked: locked.map(|(_, range)| range.clone()),
            lockfile: lockfile.to_owned(),
        };
        Fact::likely(disagreement, it.place)
    };
    unknown.map(fact).collect()
}

fn is_local(range: &str) -> bool {
    ["workspace:", "file:", "link:", "portal:", "patch:", "catalog:"]
        .iter()
        .any(|prefix| range.starts_with(prefix))
}

#[cfg(test)]
mod tests;
