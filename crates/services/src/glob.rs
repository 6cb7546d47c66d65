//! Patterns with wildcards: `*` stands for any characters, `?` for one.
//!
//! This file must not know: what is matched, or which service asks.

/// A part of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// Any characters, none too.
    Any,
    /// One character, whichever.
    One,
    /// This character.
    Just(char),
}

/// A pattern as it is written.
pub(crate) fn tokens(pattern: &str) -> Vec<Token> {
    pattern.chars().map(token).collect()
}

/// A pattern in which a backslash takes a wildcard's meaning away.
pub(crate) fn escaped(pattern: &str) -> Vec<Token> {
    let mut characters = pattern.chars();
    let mut tokens = Vec::new();
    while let Some(c) = characters.next() {
        tokens.push(match c {
            '\\' => Token::Just(characters.next().unwrap_or('\\')),
            c => token(c),
        });
    }
    tokens
}

/// A text of which every character stands for itself.
pub(crate) fn literal(text: &str) -> impl Iterator<Item = Token> + '_ {
    text.chars().map(Token::Just)
}

/// Whether a whole value is like a pattern. After a mismatch it goes back to the last `*` and lets
/// that one swallow one character more, so the time is at most the product of the lengths.
pub(crate) fn is_like(value: &str, pattern: &[Token]) -> bool {
    let value: Vec<char> = value.chars().collect();
    let (mut at, mut token) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < value.len() {
        match pattern.get(token) {
            Some(Token::Any) => {
                star = Some((token, at));
                token += 1;
            }
            Some(Token::One) => (at, token) = (at + 1, token + 1),
            Some(Token::Just(c)) if *c == value[at] => (at, token) = (at + 1, token + 1),
            _ => {
                let Some((any, from)) = star else { return false };
                star = Some((any, from + 1));
                (at, token) = (from + 1, any + 1);
            }
        }
    }
    pattern[token..].iter().all(|token| matches!(token, Token::Any))
}

fn token(c: char) -> Token {
    match c {
        '*' => Token::Any,
        '?' => Token::One,
        c => Token::Just(c),
    }
}

#[cfg(test)]
mod tests {
    use super::{escaped, is_like, literal, tokens};

    #[test]
    fn wildcards_stand_for_any_characters_or_one() {
        for (value, pattern, expected) in [
            ("eu-west-1a", "eu-west-1a", true),
            ("eu-west-1a", "EU-west-1a", false),
            ("eu-west-1a", "eu-west-1?", true),
            ("eu-west-1a", "eu-*a", true),
            ("eu-west-1a", "*-*-*", true),
            ("eu-west-1a", "*", true),
            ("eu-west-1a", "*b", false),
            ("eu-west-1a", "eu-west-1a?", false),
            ("", "*", true),
            ("", "?", false),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "*a*a*a*a*a*a*a*a*b", false),
        ] {
            assert_eq!(is_like(value, &tokens(pattern)), expected, "{value} like {pattern}");
            assert_eq!(is_like(value, &escaped(pattern)), expected, "{value} like {pattern}");
        }
    }

    #[test]
    fn a_backslash_takes_a_wildcards_meaning_away_where_it_may() {
        for (value, escape, expected) in [("a*b", true, true), ("axb", true, false)] {
            let pattern = if escape { escaped(r"a\*b") } else { tokens(r"a\*b") };
            assert_eq!(is_like(value, &pattern), expected, "{value}");
        }
        assert!(is_like(r"a\xb", &tokens(r"a\*b")));
        let star: Vec<_> = literal("*").collect();
        assert!(is_like("*", &star) && !is_like("x", &star));
    }
}
