//! Dotenv files: which names they hold, and who may see each value.
//!
//! Values stay here. What is given on is whether there is one, and whether it is a placeholder.

use crate::place::Lines;
use crate::{Fact, Sensitivity};
use serde::Serialize;

/// One dotenv file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DotenvFile {
    /// Its path from the root.
    pub file: String,
    /// Whether its name says that it is an example: meant to be in the repository.
    pub is_example: bool,
    /// Its entries, in order.
    pub entries: Vec<Fact<DotenvEntry>>,
}

/// One line of a dotenv file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DotenvEntry {
    /// The variable's name.
    pub name: String,
    /// Who may see the value, by the name.
    pub sensitivity: Sensitivity,
    /// What stands as its value.
    pub value: DotenvValue,
}

/// What stands as a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DotenvValue {
    /// Nothing.
    Empty,
    /// Something to be replaced: `changeme`, `<your key>`.
    Placeholder,
    /// A value that everybody may see.
    Plain(String),
    /// A value that is kept back, because the name or the value looks like a secret.
    Withheld,
}

/// Ends of names that say that a file is an example.
const EXAMPLES: [&str; 6] = ["example", "sample", "template", "dist", "defaults", "default"];

/// Words that stand where a value should.
const PLACEHOLDERS: [&str; 11] = [
    "changethis",
    "changeme",
    "change-me",
    "change_me",
    "change this",
    "your-",
    "your_",
    "<",
    "xxx",
    "todo",
    "replace",
];

/// Whether a file is a dotenv file by its name.
pub(crate) fn is_dotenv(path: &str) -> bool {
    let name = crate::snapshot::name(path);
    name == ".env" || name.starts_with(".env.") || name == "env.example"
}

/// Reads a dotenv file.
pub(crate) fn read(path: &str, text: &str) -> DotenvFile {
    let lines = Lines::of(path, text);
    let entries = lines.iter().filter_map(|(start, line)| {
        let (name, value) = entry(line)?;
        let sensitivity = Sensitivity::of(name);
        let value = judge(value, sensitivity);
        let place = lines.place(start, start + line.len());
        Some(Fact::certain(DotenvEntry { name: name.to_owned(), sensitivity, value }, place))
    });
    let last = path.rsplit('.').next().unwrap_or_default();
    DotenvFile {
        file: path.to_owned(),
        is_example: EXAMPLES.contains(&last),
        entries: entries.collect(),
    }
}

/// The name and the bare value of a line.
fn entry(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let name = name.trim();
    let is_name = !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
    let value = value.trim();
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'));
    let bare = match quote {
        Some(quote) => value[1..].split(quote).next().unwrap_or_default(),
        None => value.split(" #").next().unwrap_or_default().trim(),
    };
    is_name.then_some((name, bare))
}

fn judge(value: &str, sensitivity: Sensitivity) -> DotenvValue {
    let lower = value.to_ascii_lowercase();
    if value.is_empty() {
        DotenvValue::Empty
    } else if PLACEHOLDERS.iter().any(|word| lower.contains(word)) {
        DotenvValue::Placeholder
    } else if matches!(lower.as_str(), "true" | "false") {
        DotenvValue::Plain(value.to_owned())
    } else if sensitivity == Sensitivity::Secret || looks_secret(value) {
        DotenvValue::Withheld
    } else {
        DotenvValue::Plain(value.to_owned())
    }
}

/// Addresses with a password, keys of known shapes, and long mixed strings.
fn looks_secret(value: &str) -> bool {
    let has_password = value.split_once("://").is_some_and(|(_, rest)| {
        rest.split('/').next().is_some_and(|authority| authority.contains('@'))
    });
    let known = ["AKIA", "ASIA", "sk-", "sk_", "ghp_", "xox", "eyJ", "-----BEGIN"];
    let is_mixed = value.len() >= 24
        && !value.contains([' ', '/', '.', ':'])
        && value.contains(|c: char| c.is_ascii_digit())
        && value.contains(|c: char| c.is_ascii_alphabetic());
    has_password || is_mixed || known.iter().any(|start| value.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_may_be_secret_stay_where_they_are() {
        let text = "# comment\nPORT=5000 # the port\nexport LOG_LEVEL='info'\n\
                    JWT_SECRET=hunter2hunter2\nAPI=postgres://me:pw@db/x\nKEY_ID=AKIAABCDEF\n\
                    LLM_PROVIDER_API_KEY=your-key-here\nCREDENTIALS=true\nEMPTY=\nnot a line\n9X=1\n";
        let file = read("apps/api/.env.example", text);
        assert!(file.is_example);
        let entries: Vec<_> = file
            .entries
            .iter()
            .map(|it| (it.value.name.as_str(), it.value.value.clone()))
            .collect();
        let plain = |value: &str| DotenvValue::Plain(value.to_owned());
        assert_eq!(
            entries,
            [
                ("PORT", plain("5000")),
                ("LOG_LEVEL", plain("info")),
                ("JWT_SECRET", DotenvValue::Withheld),
                ("API", DotenvValue::Withheld),
                ("KEY_ID", DotenvValue::Withheld),
                ("LLM_PROVIDER_API_KEY", DotenvValue::Placeholder),
                ("CREDENTIALS", plain("true")),
                ("EMPTY", DotenvValue::Empty),
            ]
        );
        assert_eq!(file.entries[1].place.line, 3);
        assert!(!serde_json::to_string(&file).unwrap().contains("hunter2"));
    }
}
