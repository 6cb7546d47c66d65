//! Filters: all of them must hold, each with any of its values. Values mind the case; `*` stands for
//! any characters, `?` for one, and a backslash takes a wildcard's meaning away.

use super::fault;
use api::Fault;
use api::ec2::Filter;

/// What rows can be filtered by.
pub(super) struct Field<T> {
    /// The names it has.
    pub(super) names: &'static [&'static str],
    /// The values that a row has under them.
    pub(super) values: fn(&T) -> Vec<String>,
}

/// The rows that pass all filters.
pub(super) fn passing<T>(
    rows: Vec<T>,
    filters: Option<&[Filter]>,
    fields: &[Field<T>],
) -> Result<Vec<T>, Fault> {
    let mut rows = rows;
    for filter in filters.unwrap_or_default() {
        let name = filter.name.as_deref().unwrap_or("null");
        let wanted = filter.values.as_deref().unwrap_or_default();
        let values = find(name, fields)?;
        rows.retain(|row| {
            let has = values(row);
            has.iter().any(|value| wanted.iter().any(|pattern| is_like(value, pattern)))
        });
    }
    Ok(rows)
}

fn find<T>(name: &str, fields: &[Field<T>]) -> Result<fn(&T) -> Vec<String>, Fault> {
    let field = fields.iter().find(|field| field.names.contains(&name));
    match field {
        Some(field) => Ok(field.values),
        // Nothing in the region's network has tags, so a filter by tag finds nothing.
        None if name.starts_with("tag:") || ["tag-key", "tag-value"].contains(&name) => {
            Ok(|_| Vec::new())
        }
        None => Err(fault::bad_filter(name)),
    }
}

/// The value of a field that a row may lack.
pub(super) fn maybe(value: Option<&String>) -> Vec<String> {
    value.cloned().into_iter().collect()
}

/// The value of a field that is true or false.
pub(super) fn flag(value: Option<bool>) -> Vec<String> {
    value.map(|value| value.to_string()).into_iter().collect()
}

/// Whether a whole value is like a pattern. After a mismatch it goes back to the last `*` and lets
/// that one swallow one character more, so the time is at most the product of the lengths.
fn is_like(value: &str, pattern: &str) -> bool {
    let value: Vec<char> = value.chars().collect();
    let pattern = tokens(pattern);
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

enum Token {
    Any,
    One,
    Just(char),
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut characters = pattern.chars();
    let mut tokens = Vec::new();
    while let Some(c) = characters.next() {
        tokens.push(match c {
            '*' => Token::Any,
            '?' => Token::One,
            '\\' => Token::Just(characters.next().unwrap_or('\\')),
            c => Token::Just(c),
        });
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::is_like;

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
            ("a*b", r"a\*b", true),
            ("axb", r"a\*b", false),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "*a*a*a*a*a*a*a*a*b", false),
        ] {
            assert_eq!(is_like(value, pattern), expected, "{value} like {pattern}");
        }
    }
}
