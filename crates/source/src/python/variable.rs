//! `os.environ`, `os.getenv`, and settings classes.

use crate::Certainty;
use crate::fact::variable::{Need, Read};
use crate::lexical::{Kind, Lexed, Token};
use crate::sources::Sources;

pub(super) fn reads(sources: &Sources<'_>) -> Vec<Read> {
    let mut found = Vec::new();
    for (file, fit) in sources.find("environ [ $t ]") {
        // Setting a variable is no read of it.
        if file.tokens.get(fit.after).is_some_and(|token| token.is('=')) {
            continue;
        }
        found.push(read(fit.caught[0], Need::Required, None, file.place(&fit)));
    }
    for pattern in ["environ . get ( $t", "getenv ( $t"] {
        for (file, fit) in sources.find(pattern) {
            let (need, default) = match second(file, fit.after) {
                Some(default) => (Need::Defaulted, default),
                None => (Need::Used, None),
            };
            found.push(read(fit.caught[0], need, default, file.place(&fit)));
        }
    }
    // python-decouple and django-environ.
    for pattern in ["config ( $t", "env ( $t", "env . $w ( $t"] {
        for (file, fit) in sources.find(pattern) {
            let name = fit.caught.last().copied().unwrap_or_default();
            if !is_variable(name) {
                continue;
            }
            let default = file.named(fit.after, "default").map(|token| literal(&token));
            let need = if default.is_some() { Need::Defaulted } else { Need::Required };
            found.push(read(name, need, default.flatten(), file.place(&fit)));
        }
    }
    sources.files.iter().for_each(|file| settings(file, &mut found));
    found
}

fn read(name: &str, need: Need, default: Option<String>, place: crate::Place) -> Read {
    Read { name: name.to_owned(), need, default, place, certainty: Certainty::Likely }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_')
}

/// The second argument, if there is one: `Some(None)` if it is no literal.
fn second(file: &Lexed<'_>, after: usize) -> Option<Option<String>> {
    file.tokens.get(after).filter(|token| token.is(','))?;
    file.tokens.get(after + 1).filter(|token| !token.is(')')).map(literal)
}

fn literal(token: &Token<'_>) -> Option<String> {
    match token.kind {
        Kind::Text(text) => Some(text.to_owned()),
        Kind::Number(number) => Some(number.replace('_', "")),
        Kind::Word(word @ ("True" | "False")) => Some(word.to_owned()),
        Kind::Word(_) | Kind::Sign(_) => None,
    }
}

/// `class Settings(BaseSettings):` and its fields `name: type = default`, one a line.
fn settings(file: &Lexed<'_>, found: &mut Vec<Read>) {
    for fit in file.find("class $w ( BaseSettings )") {
        let begin = file.place(&fit);
        let body = file.lines.iter().skip(begin.line as usize);
        for (start, line) in body {
            let indent = line.len() - line.trim_start().len();
            if !line.trim().is_empty() && indent == 0 {
                break;
            }
            let Some((name, rest)) = line.trim().split_once(':') else { continue };
            let is_name = indent == 4 && name.chars().all(|it| it.is_alphanumeric() || it == '_');
            if !is_name || matches!(name, "model_config" | "class" | "") || name.starts_with("def")
            {
                continue;
            }
            let rest = rest.split(" #").next().unwrap_or_default();
            let default = rest.split_once('=').map(|(_, value)| value.trim());
            let (need, default) = match default {
                Some(value) if value.starts_with("Field(...") => (Need::Required, None),
                Some(value) => {
                    let bare = value.trim_matches(['"', '\'']);
                    let is_literal = !value.contains('(') && bare != "None";
                    (Need::Defaulted, is_literal.then(|| bare.to_owned()))
                }
                None => (Need::Required, None),
            };
            let place = file.lines.place(start, start + line.len());
            found.push(read(&name.to_ascii_uppercase(), need, default, place));
        }
    }
}
