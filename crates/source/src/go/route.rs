//! Routes of `net/http`, Gin, Echo, Fiber and chi.

use crate::lexical::Lexed;
use crate::sources::Sources;
use crate::{Fact, Route};

const METHODS: [&str; 16] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "Get", "Post", "Put", "Patch",
    "Delete", "Head", "Options", "Any", "All",
];

pub(super) fn read(sources: &Sources<'_>) -> Vec<Fact<Route>> {
    let mut found = Vec::new();
    for file in &sources.files {
        for fit in file.find("$w . $w ( $t") {
            let (object, verb, path) = (fit.caught[0], fit.caught[1], fit.caught[2]);
            let is_handler = matches!(verb, "HandleFunc" | "Handle");
            let (method, path) = match path.split_once(' ').filter(|_| is_handler) {
                // Since Go 1.22: `mux.HandleFunc("GET /notes", …)`.
                Some((method, path)) => (method, path),
                None if is_handler => ("*", path),
                None if METHODS.contains(&verb) => (verb, path),
                None => continue,
            };
            let is_route =
                path.starts_with('/') && file.tokens.get(fit.after).is_some_and(|it| it.is(','));
            if is_route {
                let method = if matches!(method, "Any" | "All") { "*" } else { method };
                let prefix = format!("{}/{}", blocks(file, fit.at), group(file, object));
                let route = Route::new(method, &format!("{prefix}/{path}"));
                found.push(Fact::likely(route, file.place(&fit)));
            }
        }
    }
    found.sort();
    found.dedup_by(|a, b| a.value == b.value);
    found
}

/// The prefix of `api := router.Group("/api")`, and of the group that it is made from.
fn group(file: &Lexed<'_>, object: &str) -> String {
    let mut prefix = String::new();
    let mut object = object;
    // Groups in groups are two or three deep; a circle ends here.
    for _ in 0..6 {
        let made = file.find(&format!("{object} : = $w . Group ( $t"));
        let Some(fit) = made.first() else { break };
        prefix = format!("{}/{prefix}", fit.caught[1]);
        object = fit.caught[0];
    }
    prefix
}

/// The prefixes of chi's blocks around a token: `r.Route("/api", func(r chi.Router) { … })`.
fn blocks(file: &Lexed<'_>, at: usize) -> String {
    let around = file.find(". Route ( $t ,").into_iter().filter(|fit| {
        let inside = file.rest_of_bracket(fit.after).len();
        (fit.after..fit.after + inside).contains(&at)
    });
    around.map(|fit| fit.caught[0]).collect::<Vec<_>>().join("/")
}
