//! Spring's mappings: of a class, and of its methods.

use crate::lexical::{Fit, Lexed};
use crate::sources::Sources;
use crate::{Fact, Route};

const MAPPINGS: [(&str, &str); 6] = [
    ("GetMapping", "GET"),
    ("PostMapping", "POST"),
    ("PutMapping", "PUT"),
    ("PatchMapping", "PATCH"),
    ("DeleteMapping", "DELETE"),
    ("RequestMapping", "*"),
];

pub(super) fn read(sources: &Sources<'_>, prefix: &str) -> Vec<Fact<Route>> {
    let mut found = Vec::new();
    for file in &sources.files {
        let classes = file.find("class $w");
        for (name, method) in MAPPINGS {
            for fit in file.find(&format!("@ {name}")) {
                if is_of_class(file, &fit, &classes) {
                    continue;
                }
                let base = base(file, fit.at, &classes);
                let route = Route::new(method, &format!("{prefix}/{base}/{}", path(file, &fit)));
                found.push(Fact::likely(route, file.place(&fit)));
            }
        }
    }
    found.sort();
    found
}

/// The path of a mapping: its first string, if it has an argument at all.
fn path<'t>(file: &Lexed<'t>, fit: &Fit<'_>) -> &'t str {
    if !file.tokens.get(fit.after).is_some_and(|token| token.is('(')) {
        return "";
    }
    let inside = file.rest_of_bracket(fit.after + 1);
    // `produces = "application/json"` is no path.
    let texts = inside.iter().filter_map(|token| token.text());
    texts
        .into_iter()
        .find(|text| text.is_empty() || text.starts_with('/') || !text.contains('/'))
        .unwrap_or("")
}

/// Whether an annotation stands before a class: only further annotations and modifiers lie between.
fn is_of_class(file: &Lexed<'_>, fit: &Fit<'_>, classes: &[Fit<'_>]) -> bool {
    let Some(class) = classes.iter().find(|class| class.at > fit.at) else { return false };
    !file.tokens[fit.at..class.at].iter().any(|token| token.is('{') || token.is(';'))
}

/// The path of the class around a method.
fn base<'t>(file: &Lexed<'t>, at: usize, classes: &[Fit<'_>]) -> &'t str {
    let Some(class) = classes.iter().rev().find(|class| class.at < at) else { return "" };
    let mappings = file.find("@ RequestMapping");
    let own =
        mappings.iter().rev().find(|fit| fit.at < class.at && is_of_class(file, fit, classes));
    own.map_or("", |fit| path(file, fit))
}
