//! Modules that a finished program asks for and does not have.
//!
//! Works on the files of an image, not on a source tree: scripts as Node runs them, packages as they
//! were installed. Scripts of packages are taken to be whole.

use super::import::package;
use crate::place::Lines;
use crate::script::module::{Form, Import};
use crate::script::{Script, is_script, script};
use crate::snapshot::{folder, join};
use crate::{Absent, Fact, Snapshot};
use std::collections::{BTreeMap, BTreeSet};

/// Endings that Node tries by itself, and those of what it is told to run without compiling.
const ENDINGS: [&str; 9] = [".js", ".json", ".node", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx"];

/// The folder of installed packages.
const INSTALLED: &str = "node_modules/";

/// Everything that the script at `entry`, and those that it reaches, ask for and that is not there.
/// What is asked for in a `try` may be absent.
pub(crate) fn read(files: &Snapshot, entry: &str) -> Vec<Fact<Absent>> {
    let installed = installed(files);
    let mut found: BTreeMap<String, Fact<Absent>> = BTreeMap::new();
    let mut known: BTreeMap<String, bool> = BTreeMap::new();
    let mut open = vec![(entry.to_owned(), true)];
    while let Some((path, at_start)) = open.pop() {
        // A script that was reached late is looked at again if it is needed at once.
        if known.get(&path).is_some_and(|before| *before || !at_start) {
            continue;
        }
        known.insert(path.clone(), at_start);
        let Some((text, script)) = parsed(files, &path) else { continue };
        let lines = Lines::of(&path, text);
        for import in &script.imports {
            let at_once = matches!(import.form, Form::Static | Form::Require);
            let at_start = at_start && at_once;
            match wanted(files, &installed, &path, import) {
                Wanted::Script(next) => open.push((next, at_start)),
                Wanted::There => {}
                Wanted::Missing(package) if import.form != Form::Tried => {
                    let place = lines.place(import.start as usize, import.end as usize);
                    let asked = import.from.to_string();
                    let key = package.clone().unwrap_or_else(|| format!("{path} {asked}"));
                    let fresh = Fact::certain(Absent { asked, package, at_start }, place);
                    let slot = found.entry(key).or_insert_with(|| fresh.clone());
                    if at_start && !slot.value.at_start {
                        *slot = fresh;
                    }
                }
                Wanted::Missing(_) => {}
            }
        }
    }
    found.into_values().collect()
}

/// What an import comes to.
enum Wanted {
    /// A script of the program's own.
    Script(String),
    /// Something that is there, or that is not looked for.
    There,
    /// Nothing: of this package, or a file.
    Missing(Option<String>),
}

fn wanted(files: &Snapshot, installed: &BTreeSet<String>, from: &str, import: &Import) -> Wanted {
    let here = folder(from);
    let asked = &*import.from;
    if asked.starts_with(['.', '/']) {
        // A query after a file's name is a bundler's.
        let path = join(here, asked.split('?').next().unwrap_or(asked));
        return match file(files, &path) {
            Some(path) if is_script(&path) => Wanted::Script(path),
            Some(_) => Wanted::There,
            None => Wanted::Missing(None),
        };
    }
    let Some(package) = package(import) else { return Wanted::There };
    let mut around = Some(here);
    while let Some(folder) = around {
        if installed.contains(&join(folder, &format!("{INSTALLED}{package}"))) {
            return Wanted::There;
        }
        around = (!folder.is_empty()).then(|| crate::snapshot::folder(folder));
    }
    Wanted::Missing(Some(package.to_owned()))
}

/// The file that a path means: itself, with an ending, or a folder with something to start.
fn file(files: &Snapshot, path: &str) -> Option<String> {
    if files.has(path) {
        return Some(path.to_owned());
    }
    let compiled = [(".js", ".ts"), (".js", ".tsx"), (".mjs", ".mts"), (".cjs", ".cts")];
    let source =
        compiled.iter().filter_map(|(js, ts)| Some(format!("{}{ts}", path.strip_suffix(js)?)));
    let own = ENDINGS.iter().map(|end| format!("{path}{end}"));
    let index = ENDINGS.iter().map(|end| join(path, &format!("index{end}")));
    let manifest = [join(path, "package.json")];
    source.chain(own).chain(index).chain(manifest).find(|path| files.has(path))
}

fn parsed<'f>(files: &'f Snapshot, path: &str) -> Option<(&'f str, Script)> {
    let text = files.text(path).filter(|_| is_script(path) && !path.contains(INSTALLED))?;
    Some((text, script(path, text)?))
}

/// The folders of all installed packages: `app/node_modules/express`.
fn installed(files: &Snapshot) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in files.paths() {
        for (at, _) in path.match_indices(INSTALLED) {
            let begin = at + INSTALLED.len();
            let mut parts = path[begin..].split('/');
            let first = parts.next().unwrap_or_default();
            let length = match parts.next() {
                Some(second) if first.starts_with('@') => first.len() + 1 + second.len(),
                _ => first.len(),
            };
            found.insert(path[..begin + length].to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)], expected: &[(&str, bool, u32)]) {
        let files: Snapshot = files.iter().copied().collect();
        let found = read(&files, "app/dist/server.js");
        let told: Vec<_> = found
            .iter()
            .map(|it| (it.value.asked.as_str(), it.value.at_start, it.place.line))
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn what_is_installed_or_comes_with_node_is_there() {
        let server = "import a from 'a'; import '@x/b/c.js'; import 'node:fs'; import fs from 'fs/promises';\n\
                      import './own.js'; import d from './data'; import './folder';";
        check(
            &[
                ("app/dist/server.js", server),
                ("app/dist/own.js", "export {}"),
                ("app/dist/data.json", "{}"),
                ("app/dist/folder/index.js", "require('up')"),
                ("app/node_modules/a/index.js", "require('lost')"),
                ("app/node_modules/@x/b", ""),
                ("node_modules/up/package.json", "{}"),
            ],
            &[],
        );
    }

    #[test]
    fn what_is_missing_is_found_where_it_is_needed_most() {
        check(
            &[
                (
                    "app/dist/server.js",
                    "import './a.js';\nconst f = async () => import('late');\nconst g = () => import('./b.js');",
                ),
                ("app/dist/a.js", "require('now');\nrequire('./gone');\n"),
                ("app/dist/b.js", "\nimport 'now';\nimport 'later/sub';"),
            ],
            &[("./gone", true, 2), ("late", false, 2), ("later/sub", false, 3), ("now", true, 1)],
        );
    }

    #[test]
    fn what_is_tried_may_be_absent() {
        let text = "let a; try { a = require('pg-native') } catch {}\n\
                    const b = await import('bufferutil').catch(() => null);\n\
                    try { require('sharp') } finally {}\n";
        check(&[("app/dist/server.js", text)], &[("sharp", true, 3)]);
    }
}
