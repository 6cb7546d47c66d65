//! Terms: `ERROR -"health check"`, `?ERROR ?WARN`, `%regular expression%`.

use super::Invalid;
use super::lexer::quoted;
use super::value::regex;
use regex_lite::Regex;

/// Terms that a message must have or must not have; the case matters.
#[derive(Debug)]
pub(super) enum Terms {
    /// Each of `all`, none of `none`.
    Words {
        /// What must be there.
        all: Vec<String>,
        /// What must not.
        none: Vec<String>,
    },
    /// At least one of them.
    Any(Vec<String>),
    /// A regular expression, which stands alone.
    Regex(Regex),
}

// === impl Terms ===

impl Terms {
    /// The terms of a text.
    pub(super) fn parse(text: &str) -> Result<Self, Invalid> {
        if let Some(rest) = text.strip_prefix('%') {
            let expression = rest.strip_suffix('%').ok_or_else(|| Invalid::term(text))?;
            return regex(expression).map(Self::Regex);
        }
        let (mut all, mut none, mut any) = (Vec::new(), Vec::new(), Vec::new());
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let (list, after) = match first {
                '-' => (&mut none, rest[1..].trim_start()),
                '?' => (&mut any, &rest[1..]),
                _ => (&mut all, rest),
            };
            let (term, after) = term(after)?;
            list.push(term);
            rest = after.trim_start();
        }
        // The user guide: with other terms beside it, `?` has no effect.
        let optional = all.is_empty() && none.is_empty() && !any.is_empty();
        Ok(if optional { Self::Any(any) } else { Self::Words { all, none } })
    }

    /// Whether a message has them.
    pub(super) fn hold(&self, message: &str) -> bool {
        let has = |term: &String| message.contains(term.as_str());
        match self {
            Self::Words { all, none } => all.iter().all(has) && !none.iter().any(has),
            Self::Any(any) => any.iter().any(has),
            Self::Regex(regex) => regex.is_match(message),
        }
    }
}

/// The term that a text begins with, and what follows it. Without quotes, a term has letters,
/// digits and underscores only.
fn term(text: &str) -> Result<(String, &str), Invalid> {
    if let Some(rest) = text.strip_prefix('"') {
        let (term, after) = quoted(rest).ok_or_else(|| Invalid::term(text))?;
        return if term.is_empty() { Err(Invalid::term("\"\"")) } else { Ok((term, after)) };
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (term, after) = text.split_at(end);
    let plain = |c: char| c.is_alphanumeric() || c == '_';
    if term.is_empty() || !term.chars().all(plain) {
        return Err(Invalid::term(term));
    }
    Ok((term.to_owned(), after))
}
