//! Names that stand for paths: packages of the workspace, `paths` of a tsconfig.json, and `imports` of
//! a package.json.

use super::package::Package;
use crate::script::json;
use crate::script::program::Alias;
use crate::script::term::{Kind, Term};
use crate::snapshot::{Snapshot, folder, join, name};

/// Every alias of a tree, the more special before the more general.
pub(crate) fn read(snapshot: &Snapshot, packages: &[Package<'_>]) -> Vec<Alias> {
    let configs = snapshot.texts().filter(|(path, _)| {
        let name = name(path);
        name.starts_with("tsconfig") && name.ends_with(".json")
    });
    let mut aliases: Vec<Alias> =
        configs.filter_map(|(path, text)| of_config(path, text)).flatten().collect();
    aliases.extend(packages.iter().flat_map(of_package));
    aliases.sort_by_key(|alias| {
        (alias.name.contains('*'), std::cmp::Reverse((alias.folder.len(), alias.name.len())))
    });
    aliases
}

fn of_config(path: &str, text: &str) -> Option<Vec<Alias>> {
    let config = json(text)?;
    let options = config.get("compilerOptions")?;
    let base = options.get("baseUrl").and_then(Term::text).unwrap_or(".");
    let base = join(folder(path), base);
    let paths = options.get("paths")?.fields().iter().map(|(name, targets)| {
        let targets = targets.items().iter().filter_map(Term::text);
        let targets = targets.map(|target| join(&base, target)).collect();
        Alias { folder: folder(path).to_owned(), name: name.to_string(), targets }
    });
    Some(paths.collect())
}

/// A package is reached by its name, and what lies in it below that.
fn of_package(package: &Package<'_>) -> Vec<Alias> {
    let at = package.folder;
    let mut aliases: Vec<Alias> = Vec::new();
    if let Some(name) = package.name().filter(|_| !at.is_empty()) {
        let mut entries: Vec<String> = Vec::new();
        let exports = package.get(&["exports"]);
        exports.into_iter().for_each(|term| sources(term, &mut entries));
        for key in ["source", "types", "main", "module"] {
            entries.extend(package.text(&[key]).map(str::to_owned));
        }
        entries.extend(["src/index".to_owned(), "index".to_owned(), "src/lib/index".to_owned()]);
        let targets = entries.iter().flat_map(|entry| spelled(at, entry)).collect();
        aliases.push(Alias { folder: String::new(), name: name.to_owned(), targets });
        let targets = [format!("{at}/*"), format!("{at}/src/*")].into();
        aliases.push(Alias { folder: String::new(), name: format!("{name}/*"), targets });
    }
    for (name, target) in package.get(&["imports"]).map(Term::fields).unwrap_or_default() {
        let mut texts = Vec::new();
        sources(target, &mut texts);
        let targets = texts.iter().flat_map(|text| spelled(at, text)).collect();
        aliases.push(Alias { folder: at.to_owned(), name: name.to_string(), targets });
    }
    aliases
}

/// The paths in an export map: those of the package itself, whatever the condition.
fn sources(term: &Term, into: &mut Vec<String>) {
    match &term.kind {
        Kind::Text(text) => into.push(text.to_string()),
        Kind::Object(fields) => {
            let own = fields.iter().filter(|(key, _)| !key.starts_with('.') || **key == *".");
            own.for_each(|(_, value)| sources(value, into));
        }
        _ => {}
    }
}

/// A path, and the source that it is compiled from.
fn spelled(folder: &str, path: &str) -> Vec<String> {
    let path = join("", path);
    let outputs = ["dist/", "build/", "lib/"];
    let source = outputs.iter().find_map(|output| path.strip_prefix(output)).map(|rest| {
        let stem = rest.strip_suffix(".d.ts").unwrap_or(rest);
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        join(folder, &format!("src/{stem}"))
    });
    [Some(join(folder, &path)), source].into_iter().flatten().collect()
}
