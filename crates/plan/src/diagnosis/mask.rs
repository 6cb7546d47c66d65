//! Makes lines of unknown origin fit to be shown: without secrets, without what steers a terminal.

use model::Secret;
use std::collections::BTreeSet;

/// What stands in a secret's place.
const HIDDEN: &str = "[secret]";

/// Values shorter than this are hidden only where they stand alone: hiding each `1` would leave no
/// line readable, and tell by what is missing what was hidden.
const SHORT: usize = 4;

/// The longest line that is of use to anybody; some programs write a whole document in one.
const LONGEST: usize = 400;

/// The values that must not be shown, with what of them is secret on its own: each line of a value
/// that has several, the members of a JSON object, the password in a URL.
#[derive(Clone, Default)]
pub struct Mask {
    values: Vec<String>,
}

// === impl Mask ===

impl Mask {
    /// A mask of these values.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut values = BTreeSet::new();
        for secret in secrets {
            add(secret.reveal(), &mut values);
        }
        let mut values: Vec<String> = values.into_iter().collect();
        // A value may be part of another; the longer one goes first, or its rest would stay.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self { values }
    }

    /// A line as it may be shown: without these values, without what would steer a terminal, and no
    /// longer than a reader's patience. What steers goes first, or it could part a secret.
    #[must_use]
    pub fn line(&self, text: &str) -> String {
        shortened(self.hide(&cleaned(text)))
    }

    fn hide(&self, text: &str) -> String {
        let mut shown = text.to_owned();
        for value in &self.values {
            if value.chars().count() >= SHORT {
                shown = shown.replace(value.as_str(), HIDDEN);
            } else {
                shown = replace_alone(&shown, value);
            }
        }
        shown
    }
}

/// One member of a secret that is a JSON object, which is what a task that asks for it gets; the whole
/// secret where there is no such member.
#[must_use]
pub fn member(document: &Secret, key: &str) -> Secret {
    match serde_json::from_str::<serde_json::Value>(document.reveal()) {
        Ok(object) => match object.get(key) {
            Some(serde_json::Value::String(text)) => text.as_str().into(),
            Some(other) => other.to_string().into(),
            None => document.clone(),
        },
        Err(_) => document.clone(),
    }
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mask({} values)", self.values.len())
    }
}

/// A text without control characters and sequences of them.
fn cleaned(text: &str) -> String {
    let mut clean = String::new();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '\u{1b}' => skip_sequence(&mut rest),
            '\t' => clean.push_str("  "),
            other if other.is_control() => {}
            other => clean.push(other),
        }
    }
    clean
}

/// Skips what follows an escape character: `[1;31m`, or a single letter.
fn skip_sequence(rest: &mut std::str::Chars<'_>) {
    if rest.next() == Some('[') {
        let _end = rest.find(|character| ('@'..='~').contains(character));
    }
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Adds a value and its secret parts.
fn add(value: &str, values: &mut BTreeSet<String>) {
    values.extend(value.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned));
    if let Some(password) = password(value) {
        values.insert(decoded(password));
        values.insert(password.to_owned());
    }
    if let Ok(serde_json::Value::Object(members)) = serde_json::from_str(value) {
        for member in members.values().filter_map(serde_json::Value::as_str) {
            values.extend((!member.trim().is_empty()).then(|| member.trim().to_owned()));
            values.extend(password(member).map(decoded));
        }
    }
}

/// The password in a URL: `postgres://user:password@host/name`.
fn password(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user, _) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    (!password.is_empty()).then_some(password)
}

/// A text with its `%41` as the bytes that they stand for, as programs print it.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        match byte {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Replaces a value where no letter, digit or underscore touches it.
fn replace_alone(text: &str, value: &str) -> String {
    let touches = |held: Option<char>| held.is_some_and(|it| it.is_alphanumeric() || it == '_');
    let (mut shown, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(value) {
        let (before, after) = (&rest[..at], &rest[at + value.len()..]);
        let left = before.chars().next_back().or_else(|| shown.chars().next_back());
        let alone = !touches(left) && !touches(after.chars().next());
        shown.push_str(before);
        shown.push_str(if alone { HIDDEN } else { value });
        rest = after;
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::Mask;
    use model::Secret;

    fn check(value: &str, text: &str, shown: &str) {
        let secret = Secret::from(value);
        assert_eq!(Mask::new([&secret]).line(text), shown, "{value}");
    }

    #[test]
    fn secrets_are_hidden_with_what_is_secret_of_them() {
        check("s3cret-value", "token=s3cret-value;", "token=[secret];");
        check("postgres://u:p%40ss@db/x", "for \"u\" with p@ss", "for \"u\" with [secret]");
        check("postgres://u:p%40ss@db/x", "connect db:5432", "connect db:5432");
        check("redis://:hunter2@cache:6379", "AUTH hunter2", "AUTH [secret]");
        check(r#"{"user":"web","password":"hunter2"}"#, "hunter2 is wrong", "[secret] is wrong");
        check("first-line\nsecond-line\n", "at second-line", "at [secret]");
        check("", "nothing to hide", "nothing to hide");
    }

    #[test]
    fn lines_are_cleaned_before_secrets_are_looked_for() {
        check("", "\u{1b}[1;31mred\u{1b}[0m\tend\r", "red  end");
        check("hunter2", "hun\u{1b}[0mter2", "[secret]");
        let (long, cut) = ("x".repeat(398) + "hunter2", "x".repeat(398) + "[s…");
        check("hunter2", &long, &cut);
    }

    #[test]
    fn short_values_are_hidden_where_they_stand_alone() {
        check("ab", "ab cab ab_ x=ab", "[secret] cab ab_ x=[secret]");
        check("7", "port 7001 pin 7", "port 7001 pin [secret]");
    }

    #[test]
    fn what_holds_another_value_is_hidden_whole() {
        let (long, short) = (Secret::from("abcd-efgh"), Secret::from("abcd"));
        assert_eq!(Mask::new([&short, &long]).line("abcd-efgh abcd"), "[secret] [secret]");
    }
}
