//! Patterns as AWS's models have them: Java's, and the whole text must match.
//!
//! regex-lite does not understand the class `\p{L}\p{Z}\p{N}`, the characters of tags, for which it has
//! no tables: these patterns are recognised and matched by hand. Some things that it does not
//! understand either are said in other words: looks ahead, pairs of surrogates, `\p{Print}`. A test
//! compiles every pattern of every service, so that none is passed over in silence.

use api::shape::Shape;
use api::{Service, Structure};
use regex_lite::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, OnceLock};

/// A compiled pattern.
#[derive(Debug)]
pub(crate) enum Pattern {
    /// Any other.
    Regex(Regex),
    /// `[\p{L}\p{Z}\p{N}_.:/=+\-@]`, at least so many times.
    TagText {
        /// 1 for `+`, 0 for `*`.
        least: usize,
    },
    /// One that can't be compiled; no text matches it.
    Unknown,
}

/// The class that regex-lite has no tables for.
const TAG_CLASS: &str = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]";

/// What is said in other words: labels of host names that must not begin with a hyphen, names of
/// policies that neither begin nor end with a space, names of budgets, what lies beyond U+FFFF, printable ASCII.
const REPHRASED: [(&str, &str); 6] = [
    // Of budgets' names; `services` looks for what is ruled out here.
    (r"(?![^:\\]*/action/|(?i).*<script>.*</script>.*)", ""),
    (r"(?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9]", r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"),
    (r"(?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9]", r"[A-Za-z0-9][A-Za-z0-9-]{0,61}[A-Za-z0-9]"),
    (
        r"(?!((^[ ]+.*)|(.*([\u0000-\u001f]|[\u007f-\u009f]|[:/|])+.*)|(.*[ ]+$))).+",
        concat!(
            r"[^ \u0000-\u001f\u007f-\u009f\u2028\u2029:/|]",
            r"(?:[^\u0000-\u001f\u007f-\u009f\u2028\u2029:/|]*",
            r"[^ \u0000-\u001f\u007f-\u009f\u2028\u2029:/|])?",
        ),
    ),
    (r"\uD800\uDC00-\uDBFF\uDFFF", r"\u{10000}-\u{10FFFF}"),
    (r"\p{Print}", "[ -~]"),
];

/// The patterns of all inputs, each compiled when it is first needed.
static PATTERNS: LazyLock<BTreeMap<&'static str, OnceLock<Pattern>>> =
    LazyLock::new(|| sources().into_iter().map(|source| (source, OnceLock::new())).collect());

/// Whether the whole text matches the pattern.
pub(crate) fn matches(source: &'static str, text: &str) -> bool {
    match PATTERNS.get(source) {
        Some(pattern) => pattern.get_or_init(|| Pattern::compile(source)).matches(text),
        None => Pattern::compile(source).matches(text),
    }
}

impl Pattern {
    pub(crate) fn compile(source: &str) -> Self {
        if let Some(least) = tag_text(source) {
            return Self::TagText { least };
        }
        let mut source = source.to_owned();
        for (theirs, same) in REPHRASED {
            source = source.replace(theirs, same);
        }
        Regex::new(&format!("^(?:{source})$")).map_or(Self::Unknown, Self::Regex)
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Regex(regex) => regex.is_match(text),
            Self::TagText { least } => {
                text.chars().count() >= *least && text.chars().all(is_tag_character)
            }
            Self::Unknown => false,
        }
    }
}

/// The least length of a pattern of tag characters, with or without anchors and parentheses.
fn tag_text(source: &str) -> Option<usize> {
    let inner = source.strip_prefix('^').and_then(|rest| rest.strip_suffix('$')).unwrap_or(source);
    let inner = inner.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(inner);
    match inner.strip_prefix(TAG_CLASS)? {
        "*" => Some(0),
        "+" => Some(1),
        _ => None,
    }
}

/// Letters, numbers, separators and some signs. The standard library counts the vowel signs of some
/// scripts among the letters, which `\p{L}` does not: here they pass.
fn is_tag_character(c: char) -> bool {
    c.is_alphanumeric() || is_separator(c) || "_.:/=+-@".contains(c)
}

/// `\p{Z}`: spaces, line and paragraph separators, and no control characters.
fn is_separator(c: char) -> bool {
    c.is_whitespace() && !c.is_control()
}

/// Every pattern that some operation's input has.
pub(crate) fn sources() -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for model in Service::ALL.into_iter().map(Service::model) {
        let mut walk = Sources::default();
        model.operations.iter().for_each(|operation| walk.structure(operation.input));
        found.append(&mut walk.found);
    }
    found
}

/// A walk over one service's shapes; each structure is visited once, since some hold themselves.
#[derive(Default)]
struct Sources {
    seen: BTreeSet<&'static str>,
    found: BTreeSet<&'static str>,
}

impl Sources {
    fn structure(&mut self, shape: &'static Structure) {
        if self.seen.insert(shape.name) {
            shape.members.iter().for_each(|member| self.shape(member.shape));
        }
    }

    fn shape(&mut self, shape: Shape) {
        match shape {
            Shape::Structure(shape) => self.structure(shape),
            Shape::List(list) => self.shape(list.element),
            Shape::Map(map) => {
                self.found.extend(map.key.pattern);
                self.shape(map.value);
            }
            Shape::String(text) => self.found.extend(text.pattern),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
