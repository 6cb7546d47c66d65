//! Packages that production code imports, held against what the project declares.

use super::package::{Group, Package};
use super::tree::Tree;
use crate::script::module::{Form, Import};
use crate::{Declared, Fact, PackageImport};
use std::collections::{BTreeMap, BTreeSet};

/// Modules that come with Node.
const BUILT_IN: [&str; 42] = [
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "sqlite",
    "stream",
    "string_decoder",
    "sys",
    "test",
    "timers",
    "tls",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "worker_threads",
    "zlib",
];

/// Every package that the project's production code asks for, once, where it is needed most.
///
/// Code of another project is held against that project's own manifest. A package of the workspace's
/// root counts as declared by every member: Nx keeps all of them there.
pub(crate) fn read<'p, 's: 'p>(
    tree: &Tree<'_, 's>,
    root: Option<&Package<'_>>,
    owner: impl Fn(&str) -> Option<&'p Package<'s>>,
) -> Vec<Fact<PackageImport>> {
    let started = started(tree);
    let mut found: BTreeMap<String, Fact<PackageImport>> = BTreeMap::new();
    let mut known: BTreeMap<&str, BTreeMap<String, Declared>> = BTreeMap::new();
    for scene in &tree.scenes {
        let project = owner(tree.path(*scene)).unwrap_or(tree.package);
        let declared = known.entry(project.path()).or_insert_with(|| declarations(project, root));
        for import in &tree.program.scenes[*scene].script.imports {
            let Some(package) = package(import).filter(|_| import.form != Form::Type) else {
                continue;
            };
            if tree.program.module(*scene, &import.from).is_some() {
                continue;
            }
            let at_start =
                !matches!(import.form, Form::Late | Form::Tried) && started.contains(scene);
            let known = found.get(package).is_some_and(|known| known.value.at_start >= at_start);
            if known {
                continue;
            }
            let declared = declared.get(package).copied().unwrap_or(Declared::Nowhere);
            let value = PackageImport { package: package.to_owned(), declared, at_start };
            let place = tree.at(*scene, import.start, import.end);
            found.insert(package.to_owned(), Fact::certain(value, place));
        }
    }
    found.into_values().collect()
}

/// The scripts that run as soon as the application starts: those that nothing but others' `import()`
/// brings in are left out.
fn started(tree: &Tree<'_, '_>) -> BTreeSet<usize> {
    let mut asked: BTreeSet<usize> = BTreeSet::new();
    let mut at_once: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for scene in &tree.scenes {
        for import in &tree.program.scenes[*scene].script.imports {
            let Some(next) = tree.program.module(*scene, &import.from) else { continue };
            if import.form != Form::Type && next != *scene {
                asked.insert(next);
            }
            if matches!(import.form, Form::Static | Form::Require | Form::Tried) {
                at_once.entry(*scene).or_default().push(next);
            }
        }
    }
    let mut open: Vec<usize> =
        tree.scenes.iter().copied().filter(|scene| !asked.contains(scene)).collect();
    if open.is_empty() {
        return tree.scenes.clone();
    }
    let mut found: BTreeSet<usize> = open.iter().copied().collect();
    while let Some(scene) = open.pop() {
        let next = at_once.get(&scene).into_iter().flatten();
        open.extend(next.copied().filter(|next| found.insert(*next)));
    }
    found
}

/// The best place at which each package is declared.
fn declarations(package: &Package<'_>, root: Option<&Package<'_>>) -> BTreeMap<String, Declared> {
    let mut found = BTreeMap::new();
    for package in [Some(package), root].into_iter().flatten() {
        for dependency in package.dependencies() {
            let declared = match dependency.group {
                Group::Production => Declared::Production,
                Group::Optional | Group::Peer => Declared::Optional,
                Group::Development => Declared::Development,
            };
            let slot = found.entry(dependency.name).or_insert(declared);
            *slot = declared.min(*slot);
        }
    }
    found
}

/// The package of an import; `None` for files, modules of Node and aliases.
pub(super) fn package(import: &Import) -> Option<&str> {
    let from = &*import.from;
    let is_foreign = !from.starts_with(['.', '/', '#', '~', '$']) && !from.contains(':');
    let mut parts = from.split('/');
    let first = parts.next().filter(|first| is_foreign && !first.is_empty() && *first != "@")?;
    if BUILT_IN.contains(&first)
        && parts.clone().all(|part| matches!(part, "promises" | "web" | "posix"))
    {
        return None;
    }
    let length = match first.strip_prefix('@') {
        Some(_) => first.len() + 1 + parts.next()?.len(),
        None => first.len(),
    };
    from.get(..length)
}
