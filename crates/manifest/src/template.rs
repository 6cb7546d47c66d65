//! Texts with words that only a running task fills: its address, its port, what it printed.

use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The words of a task. `${output.NAME}` is one more, for each name.
pub(crate) const WORDS: [&str; 3] = ["address", "host", "port"];

/// What a word for a line of the task's output begins with.
const OUTPUT: &str = "output.";

/// Stands before and behind a word that is kept. No YAML text can hold it.
const MARK: char = '\0';

/// A text with words that are filled once a task runs: `${host}` and `${port}`, both together as
/// `${address}`, and `${output.NAME}` for the value of a line `NAME=value` that it printed. Or several
/// such texts by name, which make a JSON object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Form);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    /// A text in which words are marked.
    Text(String),
    /// Members of an object.
    Object(BTreeMap<String, String>),
}

/// A word of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskWord<'t> {
    /// `host:port`.
    Address,
    /// Where the task is reached.
    Host,
    /// The port at which it is reached there.
    Port,
    /// The value of the last line `NAME=value` that it printed.
    Output(&'t str),
}

// === impl Template ===

impl Template {
    /// A text in which kept words are marked.
    pub(crate) fn marked(text: String) -> Self {
        Self(Form::Text(text))
    }

    /// An object of such texts.
    pub(crate) fn object(members: BTreeMap<String, String>) -> Self {
        Self(Form::Object(members))
    }

    /// Its words.
    pub fn words(&self) -> impl Iterator<Item = TaskWord<'_>> {
        let texts: Vec<&String> = match &self.0 {
            Form::Text(text) => vec![text],
            Form::Object(members) => members.values().collect(),
        };
        let kept = texts.into_iter().flat_map(|text| text.split(MARK).skip(1).step_by(2));
        kept.filter_map(word)
    }

    /// The text with the values of its words; `None` as long as one of them has none.
    #[must_use]
    pub fn fill(&self, value: impl Fn(TaskWord<'_>) -> Option<String>) -> Option<String> {
        let filled = |text: &String| -> Option<String> {
            let pieces = text.split(MARK).enumerate();
            let filled = pieces.map(|(at, piece)| match at % 2 {
                0 => Some(piece.to_owned()),
                _ => value(word(piece)?),
            });
            filled.collect()
        };
        match &self.0 {
            Form::Text(text) => filled(text),
            Form::Object(members) => {
                let members = members.iter();
                let members: Option<serde_json::Map<String, Json>> = members
                    .map(|(name, text)| Some((name.clone(), filled(text)?.into())))
                    .collect();
                Some(Json::Object(members?).to_string())
            }
        }
    }
}

fn word(text: &str) -> Option<TaskWord<'_>> {
    match text {
        "address" => Some(TaskWord::Address),
        "host" => Some(TaskWord::Host),
        "port" => Some(TaskWord::Port),
        _ => text.strip_prefix(OUTPUT).map(TaskWord::Output),
    }
}

/// What stands between the braces, marked, if it is a word of a task.
pub(crate) fn mark(inner: &str) -> Option<String> {
    let is_name = |name: &str| {
        let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let known = match word(inner)? {
        TaskWord::Output(name) => is_name(name),
        TaskWord::Address | TaskWord::Host | TaskWord::Port => true,
    };
    known.then(|| format!("{MARK}{inner}{MARK}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(pieces: &[&str]) -> Template {
        Template::marked(pieces.concat())
    }

    #[test]
    fn words_are_filled_and_all_of_them_are_needed() {
        let kept = |inner: &str| mark(inner).expect("it is a word");
        let (host, ca) = (kept("host"), kept("output.CA"));
        let text = template(&["a@", &host, "/${host}?", &ca]);
        assert_eq!(text.words().collect::<Vec<_>>(), [TaskWord::Host, TaskWord::Output("CA")]);
        let value = |word: TaskWord<'_>| match word {
            TaskWord::Host => Some("h".to_owned()),
            TaskWord::Output("CA") => Some("c".to_owned()),
            _ => None,
        };
        assert_eq!(text.fill(value).as_deref(), Some("a@h/${host}?c"));
        assert_eq!(text.fill(|_| None), None);
        assert_eq!(template(&["plain"]).fill(|_| None).as_deref(), Some("plain"));
    }

    #[test]
    fn members_make_an_object_whatever_is_in_them() {
        let host = mark("host").expect("it is a word");
        let members = [("a".to_owned(), host), ("b".to_owned(), "\"".to_owned())].into();
        let object = Template::object(members);
        assert_eq!(object.words().count(), 1);
        let filled = object.fill(|_| Some("x\ny".to_owned()));
        assert_eq!(filled.as_deref(), Some(r#"{"a":"x\ny","b":"\""}"#));
        assert_eq!(object.fill(|_| None), None);
    }

    #[test]
    fn other_words_are_not_kept() {
        for other in ["HOST", "output", "output.", "output.A-B", "env", "host:-x"] {
            assert_eq!(mark(other), None, "{other}");
        }
    }
}
