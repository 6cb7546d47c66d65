//! Routes of scripts: of routers that are mounted in one another, of controllers, and of handlers that
//! compare paths.

mod graph;
mod http;
mod nest;
mod next;
mod router;

pub(super) use router::{Made, Node, made, node};

use super::tree::Tree;
use crate::script::program::Spot;
use crate::{Certainty, Fact, Framework, Place, Route};

/// Everything that a project answers to.
pub(crate) fn read(tree: &Tree<'_, '_>, frameworks: &[Fact<Framework>]) -> Vec<Fact<Route>> {
    let has = |framework| frameworks.iter().any(|it| it.value == framework);
    let mut routes = graph::routes(tree);
    if has(Framework::Nest) {
        routes.extend(nest::routes(tree));
    }
    if has(Framework::Next) {
        routes.extend(next::routes(tree));
    }
    if routes.is_empty() {
        routes.extend(http::routes(tree));
    }
    routes
        .sort_by(|a, b| (&a.value, b.certainty, &a.place).cmp(&(&b.value, a.certainty, &b.place)));
    routes.dedup_by(|a, b| a.value == b.value);
    routes
}

/// A part of a path, as far as it is known.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    path: String,
    variable: Option<String>,
    certainty: Certainty,
}

impl Part {
    fn certain(path: &str) -> Self {
        Self { path: path.to_owned(), variable: None, certainty: Certainty::Certain }
    }

    /// A part that is there and does not stand in the text.
    fn unknown() -> Self {
        Self { path: String::new(), variable: None, certainty: Certainty::Guess }
    }

    /// What follows below this part.
    fn then(&self, next: &Self) -> Self {
        Self {
            path: format!("{}/{}", self.path, next.path),
            variable: self.variable.clone().or_else(|| next.variable.clone()),
            certainty: self.certainty.min(next.certainty),
        }
    }

    fn route(&self, method: &str, place: Place) -> Fact<Route> {
        let route = Route { variable: self.variable.clone(), ..Route::new(method, &self.path) };
        Fact::certain(route, place).at_most(self.certainty)
    }
}

impl<'s> Tree<'_, 's> {
    /// What a term says as a part of a path; `None` if it is no path.
    fn part(&self, spot: Spot<'s>) -> Option<Part> {
        let value = self.program.value(spot)?;
        let path = value.text().or_else(|| value.variable.as_ref().map(|_| String::new()))?;
        // A variable without a default: something stands there, and nobody knows what.
        let unknown = value.text().is_none();
        let certainty = if unknown { Certainty::Guess } else { value.certainty };
        Some(Part { path, variable: value.variable, certainty })
    }
}
