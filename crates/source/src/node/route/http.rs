//! Node's own `http`: handlers that compare the request's path.

use super::Part;
use crate::node::tree::Tree;
use crate::script::term::{Kind, Term};
use crate::{Certainty, Fact, Route};

/// Last names of what holds a request's path.
const PATHS: [&str; 4] = ["url", "pathname", "path", "originalUrl"];

pub(super) fn routes(tree: &Tree<'_, '_>) -> Vec<Fact<Route>> {
    let mut found = Vec::new();
    for spot in tree.sites() {
        let compared = match &spot.term.kind {
            Kind::Same(pair) => path(&pair.0, &pair.1).or_else(|| path(&pair.1, &pair.0)),
            Kind::Call(call) => match call.method() {
                Some((object, "startsWith")) => {
                    call.arguments.first().and_then(|it| path(object, it))
                }
                _ => None,
            },
            _ => None,
        };
        if let Some(text) =
            compared.filter(|_| tree.asks_for(spot.scene, &["http", "node:http", "https"]))
        {
            let part = Part { certainty: Certainty::Likely, ..Part::certain(text) };
            found.push(part.route("*", tree.place(spot)));
        }
    }
    found
}

/// The path, if a request's path is compared with one.
fn path<'t>(subject: &Term, text: &'t Term) -> Option<&'t str> {
    let text = text.text().filter(|text| text.starts_with('/'))?;
    let (Kind::Name(name) | Kind::Member(_, name)) = &subject.kind else { return None };
    PATHS.contains(&&**name).then_some(text)
}
