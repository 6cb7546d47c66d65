//! `os.Getenv`, helpers with a default, and struct tags.

use crate::Certainty;
use crate::fact::variable::{Need, Read};
use crate::lexical::Lexed;
use crate::sources::Sources;

pub(super) fn reads(sources: &Sources<'_>) -> Vec<Read> {
    let mut found = Vec::new();
    for (pattern, need) in
        [("os . Getenv ( $t )", Need::Used), ("os . LookupEnv ( $t )", Need::Optional)]
    {
        for (file, fit) in sources.find(pattern) {
            found.push(read(fit.caught[0], need, None, file.place(&fit)));
        }
    }
    // `getEnv("PORT", "8080")`: a function of the project, by its name.
    for (file, fit) in sources.find("$w ( $t , $t )") {
        let (function, name) = (fit.caught[0].to_ascii_lowercase(), fit.caught[1]);
        let is_variable =
            name.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_');
        if function.contains("env") && is_variable {
            let default = Some(fit.caught[2].to_owned());
            found.push(read(name, Need::Defaulted, default, file.place(&fit)));
        }
    }
    sources.files.iter().for_each(|file| tags(file, &mut found));
    found
}

fn read(name: &str, need: Need, default: Option<String>, place: crate::Place) -> Read {
    Read { name: name.to_owned(), need, default, place, certainty: Certainty::Likely }
}

/// `` `env:"PORT" envDefault:"8080"` `` and `` `envconfig:"PORT" default:"8080" required:"true"` ``.
fn tags(file: &Lexed<'_>, found: &mut Vec<Read>) {
    for fit in file.find("$t") {
        let tag = fit.caught[0];
        let Some(named) = value(tag, "env").or_else(|| value(tag, "envconfig")) else { continue };
        let mut words = named.split(',');
        let name = words.next().unwrap_or_default();
        if name.is_empty() || name == "-" {
            continue;
        }
        // `env:"PORT, default=8080"`: what follows may have commas itself.
        let inside = named.split_once("default=").map(|(_, default)| default);
        let default = value(tag, "envDefault").or_else(|| value(tag, "default")).or(inside);
        let required = words.any(|word| matches!(word.trim(), "required" | "notEmpty"))
            || value(tag, "required") == Some("true");
        let need = match (default, required) {
            (Some(_), _) => Need::Defaulted,
            (None, true) => Need::Required,
            // The field stays empty, and whoever wrote it knows.
            (None, false) => Need::Optional,
        };
        found.push(read(name.trim(), need, default.map(str::to_owned), file.place(&fit)));
    }
}

/// The value of a key in a struct tag.
fn value<'t>(tag: &'t str, key: &str) -> Option<&'t str> {
    let at = tag.find(&format!("{key}:\""))?;
    let is_start = tag[..at].chars().next_back().is_none_or(char::is_whitespace);
    let rest = tag.get(at + key.len() + 2..).filter(|_| is_start)?;
    rest.split('"').next()
}

/// The variable that a port comes from, by its name, with its default.
pub(super) fn port(reads: &[Read]) -> Option<(String, Option<u16>)> {
    let ports = reads.iter().filter(|it| it.name == "PORT" || it.name.ends_with("_PORT"));
    let read = ports.max_by_key(|it| (it.name == "PORT", it.need))?;
    Some((read.name.clone(), read.default.as_deref().and_then(|it| it.parse().ok())))
}
