//! Next.js: files are routes.

use super::Part;
use crate::node::tree::Tree;
use crate::script::module::Export;
use crate::script::term::Term;
use crate::snapshot::within;
use crate::{Fact, Place, Route};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

pub(super) fn routes(tree: &Tree<'_, '_>) -> Vec<Fact<Route>> {
    let base = base_path(tree).unwrap_or_else(|| Part::certain(""));
    let mut found = Vec::new();
    for scene in &tree.scenes {
        let path = tree.path(*scene);
        let Some(inside) = within(path, tree.folder) else { continue };
        let inside = inside.strip_prefix("src/").unwrap_or(inside);
        let Some((stem, _)) = inside.rsplit_once('.') else { continue };
        let place = Place { file: path.to_owned(), line: 1, column: 1, start: 0, end: 0 };
        let (route, methods) = if let Some(route) = stem.strip_prefix("app/") {
            match route.rsplit_once('/').map_or(("", route), |parts| parts) {
                (folder, "route") => (app(folder), exported(tree, *scene)),
                (folder, "page") => (app(folder), vec!["GET"]),
                _ => continue,
            }
        } else if let Some(route) = stem.strip_prefix("pages/") {
            if route.starts_with('_') {
                continue;
            }
            let methods = if route.starts_with("api/") { vec!["*"] } else { vec!["GET"] };
            (pages(route), methods)
        } else {
            continue;
        };
        let part = base.then(&Part::certain(&route));
        found.extend(methods.into_iter().map(|method| part.route(method, place.clone())));
    }
    found
}

/// Groups `(shop)` and slots `@modal` are not in the address.
fn app(folder: &str) -> String {
    let parts = folder.split('/').filter(|part| !part.starts_with(['(', '@']));
    parts.map(parameter).collect::<Vec<_>>().join("/")
}

fn pages(route: &str) -> String {
    let index = route.strip_suffix("index").filter(|it| it.is_empty() || it.ends_with('/'));
    let route = index.unwrap_or(route);
    route.split('/').map(parameter).collect::<Vec<_>>().join("/")
}

/// `[id]` as other frameworks write it, `[...all]` as a star.
fn parameter(part: &str) -> String {
    match part.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        Some(name) if name.starts_with("...") || name.starts_with('[') => "*".to_owned(),
        Some(name) => format!(":{name}"),
        None => part.to_owned(),
    }
}

/// The methods that a route file exports.
fn exported(tree: &Tree<'_, '_>, scene: usize) -> Vec<&'static str> {
    let names = &tree.program.scenes[scene].script.exports.names;
    let has = |method: &str| matches!(names.get(method), Some(Export::Local(_) | Export::From(..)));
    METHODS.into_iter().filter(|method| has(method)).collect()
}

/// `basePath` of `next.config`.
fn base_path(tree: &Tree<'_, '_>) -> Option<Part> {
    let config = super::super::next_config(tree)?;
    let mut found = None;
    tree.program.scenes[config].script.body.iter().for_each(|term| {
        term.all(&mut |term| {
            found = found.take().or_else(|| term.get("basePath").and_then(Term::text))
        });
    });
    found.map(Part::certain)
}
