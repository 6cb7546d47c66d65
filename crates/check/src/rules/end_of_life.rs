//! Runtimes that nobody mends any more.

use crate::finding::{Finding, Severity};
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use source::Place;

pub(super) const RULE: Rule = Rule {
    id: "end-of-life",
    severity: Severity::Warning,
    title: "The image or the pipeline uses a runtime that gets no fixes any more.",
    why: "A hole that is found in it stays open, and scanners of the registry fill with findings that \
          nobody can close. Package managers and actions drop it one after the other.",
    fix: "the next version with long-term support.",
    limits: "versions that ended after this neargate was made.",
    look: &[Look::Tree(find)],
};

/// Even versions of Node up to this one have ended; odd ones end after eight months.
const NODE: u32 = 20;
/// Versions of Node that have ended besides.
const NODE_ODD: [u32; 2] = [21, 23];
/// Python 3.9 ended in October 2025.
const PYTHON: u32 = 9;

fn find(tree: &Tree<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for dockerfile in &tree.reading.dockerfiles {
        for stage in &dockerfile.stages {
            let image = stage.base.value.split('@').next().unwrap_or_default();
            let (path, tag) = image.rsplit_once(':').unwrap_or((image, ""));
            let name = path.rsplit('/').next().unwrap_or(path);
            found.extend(ended(name, tag).map(|what| finding(&what, &stage.base.place)));
        }
    }
    for workflow in &tree.workflows {
        for step in &workflow.steps {
            for (action, key, name) in [
                ("actions/setup-node", "node-version", "node"),
                ("actions/setup-python", "python-version", "python"),
            ] {
                let Some((version, place)) = step.given(key).filter(|_| step.uses(action)) else {
                    continue;
                };
                let (version, place) = named(tree, &workflow.file, version, place);
                found.extend(ended(name, &version).map(|what| finding(&what, &place)));
            }
        }
    }
    found
}

/// A version that a variable of the workflow holds: `${{ env.NODE_VERSION }}`.
fn named(tree: &Tree<'_>, file: &str, version: &str, place: &Place) -> (String, Place) {
    let variable = version.split("env.").nth(1).filter(|_| version.contains("${{"));
    let name = variable.map(|it| it.trim_end_matches(['}', ' ']));
    let workflow = tree.workflows.iter().find(|it| it.file == file);
    let node = name.and_then(|name| workflow?.root.get("env")?.get(name));
    let text = tree.snapshot.text(file).unwrap_or_default();
    match node.and_then(|node| Some((node, node.text()?))) {
        Some((node, value)) => {
            let place = crate::subject::place(file, text, node.span.start, node.span.end);
            (value.to_owned(), place)
        }
        None => (version.to_owned(), place.clone()),
    }
}

/// What has ended, if it has.
fn ended(name: &str, version: &str) -> Option<String> {
    let mut numbers = version.trim_start_matches('v').split(['.', '-']).map(str::parse::<u32>);
    let major = numbers.next()?.ok()?;
    let is_over = match name {
        "node" => major <= NODE || NODE_ODD.contains(&major),
        "python" => {
            let minor = numbers.next().and_then(Result::ok);
            major == 2 || major == 3 && minor.is_some_and(|minor| minor <= PYTHON)
        }
        _ => false,
    };
    let words = if name == "node" { "Node" } else { "Python" };
    let shown = version.split('-').next().unwrap_or(version);
    is_over.then(|| format!("{words} {shown}"))
}

fn finding(what: &str, place: &Place) -> Finding {
    let message = format!("{what} gets no fixes any more");
    let next = if what.starts_with("Node") { "Node 22 or 24" } else { "Python 3.13" };
    RULE.at(place, message).help(format!("{next} does"))
}
