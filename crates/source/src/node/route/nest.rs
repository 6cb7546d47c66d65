//! NestJS: controllers and their methods, under the global prefix.

use super::Part;
use crate::node::tree::Tree;
use crate::script::program::Spot;
use crate::script::term::{Call, Class, Kind, Term};
use crate::{Fact, Route};

const METHODS: [&str; 8] = ["Get", "Post", "Put", "Patch", "Delete", "Head", "Options", "All"];

/// What is set for the whole application.
#[derive(Default)]
struct Setting {
    prefix: Option<Part>,
    /// Paths that the prefix does not hold for.
    excluded: Vec<String>,
    /// Whether versions stand in the path.
    versions: bool,
}

pub(super) fn routes(tree: &Tree<'_, '_>) -> Vec<Fact<Route>> {
    let setting = setting(tree);
    let mut found = Vec::new();
    for spot in tree.sites() {
        let Kind::Class(class) = &spot.term.kind else { continue };
        let controller = class.decorators.iter().find_map(|it| decorator(it, &["Controller"]));
        if let Some((_, call)) = controller {
            found.extend(controller_routes(tree, &setting, spot, (class, call)));
        }
    }
    found
}

fn setting(tree: &Tree<'_, '_>) -> Setting {
    let mut setting = Setting::default();
    for spot in tree.sites() {
        let Kind::Call(call) = &spot.term.kind else { continue };
        match call.method() {
            Some((_, "setGlobalPrefix")) => {
                let first = call.arguments.first();
                let part = first.and_then(|term| tree.part(Spot { term, ..spot }));
                setting.prefix = Some(part.unwrap_or_else(Part::unknown));
                let exclude = call.options().and_then(|options| options.get("exclude"));
                let items = exclude.map(Term::items).unwrap_or_default().iter();
                let paths = items.filter_map(|it| it.text().or_else(|| it.get("path")?.text()));
                setting.excluded = paths.map(|path| Route::new("", path).path).collect();
            }
            Some((_, "enableVersioning")) => {
                let kind = call.options().and_then(|options| options.get("type"));
                let other = kind.and_then(Term::path).is_some_and(|it| !it.ends_with("URI"));
                setting.versions = !other;
            }
            _ => {}
        }
    }
    setting
}

fn controller_routes<'s>(
    tree: &Tree<'_, 's>,
    setting: &Setting,
    spot: Spot<'s>,
    (class, controller): (&'s Class, &'s Call),
) -> Vec<Fact<Route>> {
    let first = controller.arguments.first();
    let object = controller.options();
    let path = object.map_or(first, |object| object.get("path"));
    let base = path.map_or_else(|| vec![Part::certain("")], |path| parts(tree, spot, path));
    let version = object.and_then(|it| it.get("version")).and_then(Term::text);
    let mut found = Vec::new();
    for member in &class.members {
        let Some((name, call)) = member.decorators.iter().find_map(|it| decorator(it, &METHODS))
        else {
            continue;
        };
        let own = call.arguments.first();
        let own = own.map_or_else(|| vec![Part::certain("")], |path| parts(tree, spot, path));
        let version = version_of(&member.decorators).or(version);
        let method = if name == "All" { "*" } else { name };
        let at = tree.place(Spot { term: &call.callee, ..spot });
        for base in &base {
            let whole = own.iter().map(|own| setting.apply(&base.then(own), version));
            found.extend(whole.map(|part| part.route(method, at.clone())));
        }
    }
    found
}

impl Setting {
    fn apply(&self, part: &Part, version: Option<&str>) -> Part {
        let bare = Route::new("", &part.path).path;
        let versioned = match version.filter(|_| self.versions) {
            Some(version) => Part::certain(&format!("v{version}")).then(part),
            None => part.clone(),
        };
        match &self.prefix {
            Some(prefix) if !self.excluded.contains(&bare) => prefix.then(&versioned),
            _ => versioned,
        }
    }
}

/// `@Version('2')`.
fn version_of(decorators: &[Term]) -> Option<&str> {
    decorators.iter().find_map(|it| decorator(it, &["Version"]))?.1.arguments.first()?.text()
}

/// The call of a decorator of one of the names.
fn decorator<'t>(term: &'t Term, names: &[&str]) -> Option<(&'t str, &'t Call)> {
    let call = term.call()?;
    let name = call.callee.name()?;
    names.contains(&name).then_some((name, call))
}

/// A path, or a list of them.
fn parts<'s>(tree: &Tree<'_, 's>, spot: Spot<'s>, term: &'s Term) -> Vec<Part> {
    if !term.items().is_empty() {
        return term.items().iter().filter_map(Term::text).map(Part::certain).collect();
    }
    if let Some(text) = term.text() {
        return vec![Part::certain(text)];
    }
    if matches!(term.kind, Kind::Object(_)) {
        return vec![Part::certain("")];
    }
    vec![tree.part(Spot { term, ..spot }).unwrap_or_else(Part::unknown)]
}
