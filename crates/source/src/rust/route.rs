//! Routes of Axum, Actix and Rocket, and paths that are matched by hand.

use crate::lexical::{Lexed, Token};
use crate::sources::Sources;
use crate::{Certainty, Fact, Route};

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

pub(super) fn read(sources: &Sources<'_>) -> Vec<Fact<Route>> {
    let mut found = Vec::new();
    for file in &sources.files {
        called(sources, file, &mut found);
        attributed(sources, file, &mut found);
    }
    if found.is_empty() {
        sources.files.iter().for_each(|file| matched(file, &mut found));
    }
    found.sort();
    found.dedup_by(|a, b| a.value == b.value);
    found
}

/// `.route("/notes", get(list).post(add))`.
fn called(sources: &Sources<'_>, file: &Lexed<'_>, found: &mut Vec<Fact<Route>>) {
    for fit in file.find(". route ( $t ,") {
        let inside = file.rest_of_bracket(fit.after);
        let words =
            || inside.windows(2).filter(|pair| pair[1].is('(')).filter_map(|it| it[0].word());
        let mut methods: Vec<&str> = words().filter(|it| METHODS.contains(it)).collect();
        if methods.is_empty() {
            methods.push("*");
        }
        let (prefix, certainty) = prefix(sources, file, fit.at);
        for method in methods {
            let route = Route::new(method, &format!("{prefix}/{}", fit.caught[0]));
            found.push(Fact::likely(route, file.place(&fit)).at_most(certainty));
        }
    }
}

/// `#[get("/notes")]` of Actix and Rocket.
fn attributed(sources: &Sources<'_>, file: &Lexed<'_>, found: &mut Vec<Fact<Route>>) {
    for fit in file.find("# [ $w ( $t") {
        let (method, path) = (fit.caught[0], fit.caught[1]);
        if METHODS.contains(&method) && path.starts_with('/') {
            // `web::scope("/api")` and `mount("/api", …)`: which of them, the tokens do not say.
            let scopes: Vec<&str> = ["scope ( $t )", "mount ( $t ,"]
                .iter()
                .flat_map(|pattern| sources.find(pattern).map(|(_, fit)| fit.caught[0]))
                .collect();
            let prefix = if let [only] = scopes.as_slice() { only } else { "" };
            let certainty = if scopes.len() > 1 { Certainty::Guess } else { Certainty::Likely };
            let route = Route::new(method, &format!("{prefix}/{path}"));
            found.push(Fact::likely(route, file.place(&fit)).at_most(certainty));
        }
    }
}

/// The prefix of `.nest("/api", routes())` for what stands in the function `routes`, or in the statement
/// that binds the name.
fn prefix<'s>(sources: &Sources<'s>, file: &Lexed<'_>, at: usize) -> (&'s str, Certainty) {
    for pattern in [". nest ( $t , $w", ". nest ( $t , $w : : $w"] {
        for (other, fit) in sources.find(pattern) {
            let name = fit.caught.last().copied().unwrap_or_default();
            let is_itself = other.lines.file() == file.lines.file() && fit.at == at;
            if !is_itself && name != "Router" && holds(file, name, at) {
                return (fit.caught[0], Certainty::Likely);
            }
        }
    }
    ("", Certainty::Likely)
}

/// Whether a token stands in the function of a name, or in the statement that binds the name.
fn holds(file: &Lexed<'_>, name: &str, at: usize) -> bool {
    let function = file.find(&format!("fn {name}")).into_iter().any(|fit| {
        let body = file.tokens.get(fit.after..).unwrap_or_default();
        let Some(open) = body.iter().position(|token| token.is('{')) else { return false };
        let begin = fit.after + open + 1;
        (begin..begin + file.rest_of_bracket(begin).len()).contains(&at)
    });
    function
        || file.find(&format!("let {name} =")).into_iter().any(|fit| {
            let statement = file.tokens.get(fit.after..).unwrap_or_default();
            let end = statement.iter().position(|token| token.is(';'));
            (fit.after..fit.after + end.unwrap_or(0)).contains(&at)
        })
}

/// `("GET", "/health") =>` and `"/health" =>`.
fn matched(file: &Lexed<'_>, found: &mut Vec<Fact<Route>>) {
    for fit in file.find("( $t , $t ) =") {
        if fit.caught[1].starts_with('/') {
            let route = Route::new(fit.caught[0], fit.caught[1]);
            found.push(Fact::guess(route, file.place(&fit)));
        }
    }
    for fit in file.find("$t =") {
        let arrow = file.tokens.get(fit.after).is_some_and(|token: &Token<'_>| token.is('>'));
        if arrow && fit.caught[0].starts_with('/') {
            found.push(Fact::guess(Route::new("*", fit.caught[0]), file.place(&fit)));
        }
    }
}
