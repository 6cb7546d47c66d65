//! The words of a pattern, for the two languages that have operators.

use super::Invalid;
use super::value::{Operator, Value, Wild};

/// A word of a pattern.
#[derive(Debug)]
pub(super) enum Token {
    /// A text between double quotes.
    Quoted(String),
    /// A text between `%` and `%`.
    Regex(String),
    /// Anything that is none of the others, up to a space or one of them.
    Word(String),
    /// A comparison.
    Operator(Operator),
    /// `&&`.
    And,
    /// `||`.
    Or,
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// `,` outside of words.
    Comma,
}

/// A pattern's words, taken one after the other.
#[derive(Debug)]
pub(super) struct Tokens {
    rest: std::iter::Peekable<std::vec::IntoIter<Token>>,
    /// How many regular expressions were taken.
    regexes: usize,
}

/// The most regular expressions in one pattern.
const MOST_REGEXES: usize = 2;

/// A sign, and what it means.
type Sign = (&'static str, fn() -> Token);

/// The signs with a meaning, the longer ones first.
const SIGNS: [Sign; 12] = [
    ("&&", || Token::And),
    ("||", || Token::Or),
    ("!=", || Token::Operator(Operator::NotEqual)),
    // The user guide's own spelling in one of its examples: `[w1=!ERROR, w2]`.
    ("=!", || Token::Operator(Operator::NotEqual)),
    ("<=", || Token::Operator(Operator::LessOrEqual)),
    (">=", || Token::Operator(Operator::GreaterOrEqual)),
    ("=", || Token::Operator(Operator::Equal)),
    ("<", || Token::Operator(Operator::Less)),
    (">", || Token::Operator(Operator::Greater)),
    ("(", || Token::Open),
    (")", || Token::Close),
    (",", || Token::Comma),
];

// === impl Tokens ===

impl Tokens {
    /// The words of a text.
    pub(super) fn of(mut text: &str) -> Result<Self, Invalid> {
        let mut tokens = Vec::new();
        loop {
            text = text.trim_start();
            let Some(first) = text.chars().next() else { break };
            let (token, rest) = match first {
                '"' => {
                    let (quoted, rest) = quoted(&text[1..]).ok_or_else(Invalid::plain)?;
                    (Token::Quoted(quoted), rest)
                }
                '%' => {
                    let (regex, rest) = text[1..].split_once('%').ok_or_else(Invalid::plain)?;
                    (Token::Regex(regex.to_owned()), rest)
                }
                _ => sign(text).unwrap_or_else(|| word(text)),
            };
            tokens.push(token);
            text = rest;
        }
        Ok(Self { rest: tokens.into_iter().peekable(), regexes: 0 })
    }

    /// The next word, left where it is.
    pub(super) fn peek(&mut self) -> Option<&Token> {
        self.rest.peek()
    }

    /// The next word.
    pub(super) fn next(&mut self) -> Option<Token> {
        self.rest.next()
    }

    /// The next word, if it is the one that is looked for.
    pub(super) fn take(&mut self, wanted: fn(&Token) -> bool) -> bool {
        self.rest.next_if(wanted).is_some()
    }

    /// The value that comes next, fit for an operator.
    pub(super) fn value(&mut self, operator: Operator) -> Result<Value, Invalid> {
        let value = match self.next() {
            Some(Token::Quoted(text)) => Value::Text(Wild::of(&text)),
            Some(Token::Word(word)) => Value::word(&word)?,
            Some(Token::Regex(regex)) if self.regexes < MOST_REGEXES => {
                self.regexes += 1;
                Value::regex(&regex)?
            }
            _ => return Err(Invalid::plain()),
        };
        operator.admits(&value)?;
        Ok(value)
    }
}

/// The text up to the closing quote, and what follows it. A backslash takes the next character as
/// it is.
pub(super) fn quoted(text: &str) -> Option<(String, &str)> {
    let mut taken = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((taken, &text[at + 1..])),
            '\\' => taken.push(chars.next()?.1),
            other => taken.push(other),
        }
    }
    None
}

fn sign(text: &str) -> Option<(Token, &str)> {
    SIGNS.iter().find_map(|(sign, token)| Some((token(), text.strip_prefix(sign)?)))
}

/// A word ends before a space, a quote or a sign. Brackets may be part of it: `$.users[0].id`, and
/// in them quotes: `$.['cluster.name']`.
fn word(text: &str) -> (Token, &str) {
    let ends = |rest: &str| {
        rest.starts_with(|c: char| c.is_whitespace() || c == '"')
            || SIGNS.iter().any(|(sign, _)| rest.starts_with(sign))
    };
    let mut ends_at = text.char_indices().map(|(at, _)| at).skip(1);
    let end = ends_at.find(|at| ends(&text[*at..])).unwrap_or(text.len());
    (Token::Word(text[..end].to_owned()), &text[end..])
}
