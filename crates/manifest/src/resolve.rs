//! From text to manifest, and from manifest to one environment.

use crate::cx::{Cx, Pass};
use crate::diagnostic::{has_errors, tidy};
use crate::interpolate::Scope;
use crate::kind::{Kind, Part as _, Shape, read_part, record};
use crate::nearest::suggest;
use crate::overlay::merge;
use crate::parts::environment::Environment;
use crate::parts::root::Root;
use crate::parts::{names, routing};
use crate::positions::Positions;
use crate::span::START;
use crate::yaml::{self, Content, Entry, Node};
use crate::{Code, Diagnostic};
use std::collections::BTreeMap;

/// The environment that is always there: the local region.
pub const LOCAL: &str = "local";

/// A manifest without an error that could be found without knowing variables from outside.
#[derive(Debug, Clone)]
pub struct Manifest {
    source: String,
    root: Node,
    app: String,
    environments: Vec<String>,
}

/// A manifest as it holds for one environment: overlays merged, defaults filled in, `${...}`
/// replaced.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The application's name.
    pub app: String,
    /// The environment's name.
    pub name: String,
    /// What holds there; `services` are those of all environments with this one's changes.
    pub environment: Environment,
    /// Where each given field stands: `region`, `services.api.port`.
    pub positions: Positions,
}

/// Reads a manifest. Every mistake is reported at once, in the order of the text; there is a
/// manifest exactly when none of them is an error.
///
/// Each environment is looked at as it will be after merging. Values that hang on variables from
/// outside are judged by [`resolve`].
#[must_use]
pub fn parse(source: &str) -> (Option<Manifest>, Vec<Diagnostic>) {
    let (root, mut diagnostics) = yaml::build(source);
    let Some(root) = root else { return (None, diagnostics) };
    let root = without_extensions(root);
    let app = read_written(source, &root, &mut diagnostics);
    let environments = environment_names(&root);
    for name in &environments {
        let scope = Scope { app: app.as_deref(), environment: Some(name), ..Scope::default() };
        let mut cx = Cx::new(source, scope, Pass::Merged);
        read_environment(&root, name, &mut cx);
        diagnostics.append(&mut cx.diagnostics);
    }
    let diagnostics = tidy(diagnostics);
    let manifest = app.filter(|_| !has_errors(&diagnostics)).map(|app| Manifest {
        source: source.to_owned(),
        root,
        app,
        environments,
    });
    (manifest, diagnostics)
}

/// The manifest as it holds for one environment, with `variables` from outside. There is a result
/// exactly when no diagnostic is an error. Warnings that [`parse`] gave come again where they hold
/// in this environment.
#[must_use]
pub fn resolve(
    manifest: &Manifest,
    environment: &str,
    variables: &BTreeMap<String, String>,
) -> (Option<Resolved>, Vec<Diagnostic>) {
    let Manifest { source, root, app, environments } = manifest;
    if !environments.iter().any(|name| name == environment) {
        return (None, vec![unknown_environment(environment, manifest)]);
    }
    let scope = Scope {
        app: Some(app),
        environment: Some(environment),
        variables: Some(variables),
        ..Scope::default()
    };
    let mut cx = Cx::new(source, scope, Pass::Merged);
    let read = read_environment(root, environment, &mut cx);
    let diagnostics = tidy(cx.diagnostics);
    let resolved = read.filter(|_| !has_errors(&diagnostics)).map(|mut read| {
        routing::give_default(&mut read.services);
        Resolved {
            app: app.clone(),
            name: environment.to_owned(),
            environment: read,
            positions: cx.positions,
        }
    });
    (resolved, diagnostics)
}

// === impl Manifest ===

impl Manifest {
    /// The application's name.
    #[must_use]
    pub fn app(&self) -> &str {
        &self.app
    }

    /// The names of the environments: `local` first, then as they stand in the file.
    #[must_use]
    pub fn environments(&self) -> &[String] {
        &self.environments
    }

    /// The text that it was read from, which the spans of its diagnostics count in.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}

// === the two readings ===

/// Reads the file as it is written, and gives back the application's name if it is one. Parts that
/// overlays complete may be incomplete here.
fn read_written(source: &str, root: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let mut cx = Cx::new(source, Scope::default(), Pass::Written);
    let read = read_part::<Root>(root, &mut cx);
    if read.is_some() {
        for key in ["app", "services"].into_iter().filter(|key| !cx.given(key)).collect::<Vec<_>>()
        {
            let message = format!("the manifest has no `{key}`");
            cx.report(Diagnostic::new(Code::MissingKey, START, message));
        }
    }
    let app = read.and_then(|read| read.app);
    if let Some(app) = &app {
        cx.diagnostics.extend(names::check_app(app, cx.place("app")));
    }
    diagnostics.append(&mut cx.diagnostics);
    app
}

/// Reads one environment as a whole: the file's services and foundation with its changes.
fn read_environment(root: &Node, name: &str, cx: &mut Cx<'_>) -> Option<Environment> {
    let shared =
        |entry: &&Entry| matches!(entry.key.as_str(), "services" | "foundation" | "checks");
    let base = root.with_entries(root.entries().iter().filter(shared).cloned().collect());
    let overlay = root.get("environments").and_then(|environments| environments.get(name));
    let whole = match overlay {
        Some(overlay) if overlay.content != Content::Null => {
            merge(&base, overlay, &Shape::Record(Environment::record))
        }
        _ => base,
    };
    record::<Environment>().read(&whole, cx)
}

/// `local`, then the others as they stand in the file.
fn environment_names(root: &Node) -> Vec<String> {
    let written = root.get("environments").map(Node::entries).unwrap_or_default();
    let others = written.iter().map(|entry| entry.key.clone()).filter(|name| name != LOCAL);
    std::iter::once(LOCAL.to_owned()).chain(others).collect()
}

fn unknown_environment(name: &str, manifest: &Manifest) -> Diagnostic {
    let place = manifest.root.get("environments").map_or(START, |node| node.named);
    let message = format!("there is no environment `{name}`");
    let known = manifest.environments.iter().map(String::as_str);
    Diagnostic::new(Code::UnknownEnvironment, place, message).maybe_hint(suggest(name, known))
}

/// Takes away the top-level keys that begin with `x-`: a place for anchors, as in compose.
fn without_extensions(mut root: Node) -> Node {
    if let Content::Mapping(entries) = &mut root.content {
        entries.retain(|entry| !entry.key.starts_with("x-"));
    }
    root
}

#[cfg(test)]
mod tests;
