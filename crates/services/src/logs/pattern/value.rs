//! What a field is compared with, and how.

use super::Invalid;
use regex_lite::Regex;

/// A comparison's right side.
#[derive(Debug)]
pub(super) enum Value {
    /// A text, with `*` at either end for any text.
    Text(Wild),
    /// A number, with the text it was written as.
    Number(f64, String),
    /// A regular expression.
    Regex(Regex),
}

/// A text with `*` at either end or both: the user guide knows no other place for it, and a `*`
/// anywhere else stands for itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wild {
    before: bool,
    text: String,
    after: bool,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

// === impl Operator ===

impl Operator {
    /// Whether a field compares so with a value. A field always has a text; it has a number too
    /// when it is one.
    pub(super) fn holds(self, field: &str, number: Option<f64>, value: &Value) -> bool {
        let equal = match (value, number) {
            (Value::Text(wild), _) => wild.matches(field),
            (Value::Regex(regex), _) => regex.is_match(field),
            (Value::Number(value, _), Some(number)) => match self {
                Self::Less => return number < *value,
                Self::LessOrEqual => return number <= *value,
                Self::Greater => return number > *value,
                Self::GreaterOrEqual => return number >= *value,
                // Both come from decimal texts, so equal numbers are equal bit by bit.
                Self::Equal | Self::NotEqual => number.total_cmp(value).is_eq(),
            },
            // A number that is compared with a text: equal when it is written alike. The user
            // guide says nothing; so `$.code = 200` finds "200" too.
            (Value::Number(_, text), None) => field == text,
        };
        match self {
            Self::Equal => equal,
            Self::NotEqual => !equal,
            // Only numbers have an order.
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => false,
        }
    }

    /// Whether the operator takes nothing but numbers.
    fn orders(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// Whether it can stand before a value.
    pub(super) fn admits(self, value: &Value) -> Result<(), Invalid> {
        match value {
            Value::Text(_) | Value::Regex(_) if self.orders() => Err(Invalid::plain()),
            Value::Text(_) | Value::Regex(_) | Value::Number(..) => Ok(()),
        }
    }
}

// === impl Value ===

impl Value {
    /// The value of a word without quotes: a number if it reads as one, else a text. Other
    /// characters than these need quotes.
    pub(super) fn word(word: &str) -> Result<Self, Invalid> {
        let known = |c: char| c.is_ascii_alphanumeric() || "*._-+".contains(c);
        match number(word) {
            Some(number) => Ok(Self::Number(number, word.to_owned())),
            None if word.chars().all(known) => Ok(Self::Text(Wild::of(word))),
            None => Err(Invalid::term(word)),
        }
    }

    /// The value of a text between `%` and `%`.
    pub(super) fn regex(expression: &str) -> Result<Self, Invalid> {
        regex(expression).map(Self::Regex)
    }
}

// === impl Wild ===

impl Wild {
    /// The text that is meant by `text`.
    pub(super) fn of(text: &str) -> Self {
        let (before, rest) = match text.strip_prefix('*') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (after, text) = match rest.strip_suffix('*') {
            Some(text) => (true, text),
            None => (false, rest),
        };
        Self { before, text: text.to_owned(), after }
    }

    fn matches(&self, field: &str) -> bool {
        let text = self.text.as_str();
        match (self.before, self.after) {
            // A lone star was taken for a leading one: it is met by everything.
            (true, false) => field.ends_with(text),
            (true, true) => field.contains(text),
            (false, true) => field.starts_with(text),
            (false, false) => field == text,
        }
    }
}

/// A number as the user guide has them: integer, decimal or scientific, with an optional sign.
pub(super) fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    text.parse().ok().filter(|number: &f64| plain && number.is_finite())
}

/// A regular expression of the few that CloudWatch Logs takes: letters, digits, some symbols and
/// operators, no parentheses, nothing beyond ASCII.
pub(super) fn regex(expression: &str) -> Result<Regex, Invalid> {
    const SYMBOLS: &str = "_#=@/;,-: ^$?[]{}|\\*+.";
    let known = |c: char| c.is_ascii_alphanumeric() || SYMBOLS.contains(c);
    if expression.is_empty() || !expression.chars().all(known) {
        return Err(Invalid::term(&format!("%{expression}%")));
    }
    Regex::new(expression).map_err(|_| Invalid::plain())
}
