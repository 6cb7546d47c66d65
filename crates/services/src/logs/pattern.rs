//! CloudWatch Logs' filter patterns: which messages a search answers.
//!
//! Three languages share the field, told apart by their first character: terms that a message must
//! have, `{ … }` for messages that are JSON, `[ … ]` for messages whose fields are set apart by
//! spaces. In each, `%…%` is a regular expression. The rules are those of the CloudWatch Logs user
//! guide, "Filter pattern syntax"; where it is silent, a comment says what we chose.
//!
//! This file must not know: streams, times, pages.

mod fields;
mod json;
mod lexer;
mod terms;
#[cfg(test)]
mod tests;
mod value;

use fields::Fields;
use json::Condition;
use terms::Terms;

/// A filter pattern, ready to be held against messages.
#[derive(Debug)]
pub(super) struct Pattern(Language);

#[derive(Debug)]
enum Language {
    /// Terms in any text.
    Terms(Terms),
    /// A condition on a JSON object.
    Json(Condition),
    /// Conditions on fields set apart by spaces.
    Fields(Fields),
}

/// Why a text is no filter pattern, in AWS's words where they are known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Invalid(pub(super) String);

// === impl Pattern ===

impl Pattern {
    /// The pattern of a text; an empty one is met by every message.
    pub(super) fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        let pattern = match text.chars().next() {
            Some('{') => Language::Json(Condition::parse(inside(text, '{', '}')?)?),
            Some('[') => Language::Fields(Fields::parse(inside(text, '[', ']')?)?),
            _ => Language::Terms(Terms::parse(text)?),
        };
        Ok(Self(pattern))
    }

    /// Whether a message meets it.
    pub(super) fn matches(&self, message: &str) -> bool {
        match &self.0 {
            Language::Terms(terms) => terms.hold(message),
            Language::Json(condition) => condition.holds(message),
            Language::Fields(fields) => fields.hold(message),
        }
    }
}

// === impl Invalid ===

impl Invalid {
    /// A pattern with something in it that has no place there.
    fn plain() -> Self {
        Self("Invalid filter pattern".to_owned())
    }

    /// A term that is not made of the characters of a term; observed on AWS in 2025.
    fn term(term: &str) -> Self {
        Self(format!("Invalid filter pattern: Invalid character(s) in term '{term}'"))
    }
}

/// The text between a pattern's brackets. The message was observed on AWS for braces.
fn inside(text: &str, open: char, close: char) -> Result<&str, Invalid> {
    let inner = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    inner.ok_or_else(|| {
        Invalid(format!("If a filter pattern starts with '{open}' it must end with '{close}'"))
    })
}
