//! Folders whose files a server gives: a build has to have written them into the image.

use super::tree::Tree;
use crate::Fact;
use crate::script::program::Spot;
use crate::script::term::{Call, Kind, Term};

/// Folders as the code names them, relative to whatever it joins them to.
pub(crate) fn read(tree: &Tree<'_, '_>) -> Vec<Fact<String>> {
    let mut found = Vec::new();
    for spot in tree.sites() {
        let Kind::Call(call) = &spot.term.kind else { continue };
        let Some(folder) = folder(tree, spot, call) else { continue };
        let mut texts = Vec::new();
        let resolved = match tree.program.follow(folder) {
            crate::script::program::Found::Term(found) => found.term,
            _ => folder.term,
        };
        resolved.all(&mut |term| texts.extend(term.text()));
        let path = crate::snapshot::join("", &texts.join("/"));
        if !path.is_empty() {
            found.push(Fact::likely(path, tree.place(spot)));
        }
    }
    found
}

/// The argument that names the folder.
fn folder<'s>(tree: &Tree<'_, 's>, spot: Spot<'s>, call: &'s Call) -> Option<Spot<'s>> {
    let at = |term: &'s Term| Spot { term, ..spot };
    let first = call.arguments.first()?;
    if matches!(call.verb(), Some("static" | "serveStatic")) {
        let (from, _) = tree.program.package(at(&call.callee))?;
        let known =
            matches!(from, "express" | "serve-static" | "koa-static") || from.contains("hono");
        let term = first.get("root").unwrap_or(first);
        return known.then_some(at(term));
    }
    match call.method() {
        Some((_, "register")) => {
            let (from, _) = tree.program.package(at(first))?;
            let options = call.arguments.get(1).filter(|_| from == "@fastify/static")?;
            Some(at(options.get("root")?))
        }
        Some((object, "forRoot")) => {
            let (from, _) = tree.program.package(at(object))?;
            Some(at(first.get("rootPath").filter(|_| from == "@nestjs/serve-static")?))
        }
        Some((_, "useStaticAssets")) => Some(at(first)),
        _ => None,
    }
}
