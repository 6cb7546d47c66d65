//! Routes of FastAPI, Flask and Django.

use crate::lexical::{Fit, Lexed};
use crate::sources::Sources;
use crate::{Certainty, Fact, Framework, Route};

const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "route"];
/// How deep Django's URL files include one another.
const DEEP: u8 = 6;

pub(super) fn read(sources: &Sources<'_>, framework: Option<Framework>) -> Vec<Fact<Route>> {
    let mut found = match framework {
        Some(Framework::Django) => django(sources),
        Some(_) => decorated(sources),
        None => Vec::new(),
    };
    found.sort();
    found.dedup_by(|a, b| a.value == b.value);
    found
}

/// `@router.get("/notes")`, `@app.route("/notes", methods=["GET"])`.
fn decorated(sources: &Sources<'_>) -> Vec<Fact<Route>> {
    let mut found = Vec::new();
    for (file, fit) in sources.find("@ $w . $w ( $t") {
        let (object, method, path) = (fit.caught[0], fit.caught[1], fit.caught[2]);
        if !METHODS.contains(&method) {
            continue;
        }
        let methods = if method == "route" { listed(file, &fit) } else { vec![method] };
        for (prefix, certainty) in prefixes(sources, file, object, DEEP) {
            for method in &methods {
                let route = Route::new(method, &format!("{prefix}/{path}"));
                found.push(Fact::likely(route, file.place(&fit)).at_most(certainty));
            }
        }
    }
    found
}

/// `methods=["GET", "POST"]`; Flask's default is GET.
fn listed<'t>(file: &'t Lexed<'_>, fit: &Fit<'_>) -> Vec<&'t str> {
    let inside = file.rest_of_bracket(fit.after);
    let mut named = inside.iter().skip_while(|token| token.word() != Some("methods")).skip(1);
    let methods: Vec<&str> =
        named.by_ref().take_while(|token| !token.is(']')).filter_map(|it| it.text()).collect();
    if methods.is_empty() { vec!["GET"] } else { methods }
}

/// The prefixes of a router: its own, below those of the places that include it.
fn prefixes(
    sources: &Sources<'_>,
    file: &Lexed<'_>,
    object: &str,
    deep: u8,
) -> Vec<(String, Certainty)> {
    let own = ["APIRouter", "Blueprint"].iter().find_map(|class| {
        let fit = file.find(&format!("{object} = {class} (")).into_iter().next()?;
        Some(given(sources, file, fit.after))
    });
    // Not made as a router: the application itself.
    let Some((own, known)) = own else { return vec![(String::new(), Certainty::Likely)] };
    let stem = crate::snapshot::name(file.lines.file()).trim_end_matches(".py");
    let mut found = Vec::new();
    for verb in ["include_router", "register_blueprint"] {
        let pattern = format!(". {verb} (");
        for other in &sources.files {
            for fit in other.find(&pattern) {
                if !means(other, &fit, object, stem, file) {
                    continue;
                }
                let (prefix, certainty) = given(sources, other, fit.after);
                // The router that it is included in may have a prefix of its own.
                let above = fit.at.checked_sub(1).and_then(|at| other.tokens.get(at)?.word());
                let above = above.filter(|above| deep > 0 && *above != object);
                let above = above.map(|above| prefixes(sources, other, above, deep - 1));
                for (above, sure) in
                    above.unwrap_or_else(|| vec![(String::new(), Certainty::Likely)])
                {
                    let whole = format!("{above}/{prefix}/{own}");
                    found.push((whole, certainty.min(sure).min(known)));
                }
            }
        }
    }
    if found.is_empty() {
        found.push((own, Certainty::Guess));
    }
    found
}

/// The prefix that a router is made or included with: a text, or the constant behind a name such as
/// `settings.API_V1_STR`. One that nobody knows is none, as a guess.
fn given(sources: &Sources<'_>, file: &Lexed<'_>, from: usize) -> (String, Certainty) {
    let inside = file.rest_of_bracket(from);
    let named = inside.windows(2).position(|pair| {
        matches!(pair[0].word(), Some("prefix" | "url_prefix")) && pair[1].is('=')
    });
    let Some(value) = named.and_then(|at| inside.get(at + 2..)) else {
        return (String::new(), Certainty::Likely);
    };
    if let Some(text) = value.first().and_then(|token| token.text()) {
        return (text.to_owned(), Certainty::Likely);
    }
    let words = value.iter().take_while(|it| it.word().is_some() || it.is('.'));
    let name = words.filter_map(|token| token.word()).last().unwrap_or_default();
    let patterns = [format!("{name} = $t"), format!("{name} : str = $t")];
    let constant = patterns.iter().find_map(|pattern| {
        let (_, fit) = sources.find(pattern).next()?;
        Some(fit.caught[0].to_owned())
    });
    constant.map_or((String::new(), Certainty::Guess), |text| (text, Certainty::Likely))
}

/// Whether the first argument of an inclusion is the router of a file: `notes.router`, `router` of the
/// same file, or a name that is imported from it.
fn means(other: &Lexed<'_>, fit: &Fit<'_>, object: &str, stem: &str, file: &Lexed<'_>) -> bool {
    let words = |offset: usize| other.tokens.get(fit.after + offset).and_then(|it| it.word());
    match (words(0), words(2)) {
        (Some(module), Some(name)) if other.tokens[fit.after + 1].is('.') => {
            name == object && module == stem
        }
        (Some(name), _) => {
            let here = other.lines.file() == file.lines.file() && name == object;
            let plain = || other.has(&format!("{stem} import {name}")) && name == object;
            let renamed = || other.has(&format!("{stem} import {object} as {name}"));
            here || plain() || renamed()
        }
        _ => false,
    }
}

/// `path("api/", include("notes.urls"))` from the root's URL file down.
fn django(sources: &Sources<'_>) -> Vec<Fact<Route>> {
    let mut found = Vec::new();
    for file in &sources.files {
        let is_urls = file.lines.file().ends_with("urls.py");
        if is_urls && !is_included(sources, file) {
            urls(sources, file, "", DEEP, &mut found);
        }
    }
    found
}

fn module(file: &Lexed<'_>) -> String {
    file.lines.file().trim_end_matches(".py").replace('/', ".")
}

fn is_included(sources: &Sources<'_>, file: &Lexed<'_>) -> bool {
    let module = module(file);
    sources.find("include ( $t").any(|(_, fit)| ends(&module, fit.caught[0]))
}

/// Whether a module is the named one, counted from some folder.
fn ends(module: &str, name: &str) -> bool {
    module.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

fn urls(
    sources: &Sources<'_>,
    file: &Lexed<'_>,
    prefix: &str,
    deep: u8,
    found: &mut Vec<Fact<Route>>,
) {
    let Some(deep) = deep.checked_sub(1) else { return };
    for fit in file.find("path ( $t ,") {
        let path = format!("{prefix}/{}", fit.caught[0]);
        let includes = file.tokens.get(fit.after).and_then(|it| it.word()) == Some("include");
        if !includes {
            found.push(Fact::likely(Route::new("*", &path), file.place(&fit)));
            continue;
        }
        let Some(name) = file.tokens.get(fit.after + 2).and_then(|it| it.text()) else { continue };
        for other in sources.files.iter().filter(|other| ends(&module(other), name)) {
            urls(sources, other, &path, deep, found);
        }
    }
}
