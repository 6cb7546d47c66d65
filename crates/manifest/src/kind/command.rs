//! Commands: a list of words as it is run, or one line.
//!
//! A line is cut into words here, and no shell is put before it: a shell would stand between the
//! container's process and the stop signal. What only a shell understands is refused with the way
//! to ask for one.

use super::{Kind, Shape, ValueShape};
use crate::cx::Cx;
use crate::yaml::{Content, Node};
use crate::{Code, Diagnostic};
use serde_json::json;

/// A program and its arguments; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command(Vec<String>);

/// A container health check's command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HealthCommand {
    /// A line for the container's own shell (ECS: `CMD-SHELL`).
    Shell(String),
    /// A program and its arguments (ECS: `CMD`).
    Exec(Vec<String>),
}

/// A command that is run as it is.
pub(crate) fn command() -> impl Kind<Value = Command> {
    CommandKind
}

/// A command of a health check: a line is run by a shell, as Docker and ECS do.
pub(crate) fn health_command() -> impl Kind<Value = HealthCommand> {
    HealthCommandKind
}

// === impl Command ===

impl Command {
    /// The program, then its arguments.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.0
    }
}

struct CommandKind;

impl Kind for CommandKind {
    type Value = Command;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<Command> {
        if let Content::List(items) = &node.content {
            return words(node, items, cx).map(Command);
        }
        let line = cx.text(node, "a line or a list of words")?.text;
        match split(&line) {
            Ok(words) if words.is_empty() => {
                let message = format!("{} is empty", cx.name());
                cx.report(Diagnostic::new(Code::BadFormat, node.span, message));
                None
            }
            Ok(words) => Some(Command(words)),
            Err(refusal) => {
                cx.report(refusal.diagnostic(&line, node, cx));
                None
            }
        }
    }

    fn shape(&self) -> Shape {
        shape("a line, cut into words and run without a shell, or a list of words")
    }
}

// === impl HealthCommand ===

struct HealthCommandKind;

impl Kind for HealthCommandKind {
    type Value = HealthCommand;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<HealthCommand> {
        let Content::List(items) = &node.content else {
            let line = cx.text(node, "a line or a list of words")?.text;
            return Some(HealthCommand::Shell(line));
        };
        let mut words = words(node, items, cx)?;
        // The words that ECS and compose put first.
        match words[0].as_str() {
            "CMD" if words.len() > 1 => Some(HealthCommand::Exec(words.split_off(1))),
            "CMD-SHELL" if words.len() == 2 => Some(HealthCommand::Shell(words.swap_remove(1))),
            "CMD" | "CMD-SHELL" | "NONE" => {
                let message = format!("`{}` alone is no command", words[0]);
                let hint = "`[\"CMD\", program, ...]` or `[\"CMD-SHELL\", line]`";
                cx.report(Diagnostic::new(Code::BadFormat, node.span, message).hint(hint));
                None
            }
            _ => Some(HealthCommand::Exec(words)),
        }
    }

    fn shape(&self) -> Shape {
        shape("a line for the container's shell, or a list of words that is run as it is")
    }
}

fn shape(words: &str) -> Shape {
    let word = json!({"type": ["string", "number", "boolean"]});
    let schema = json!({"anyOf": [
        {"type": "string", "minLength": 1},
        {"type": "array", "items": word, "minItems": 1},
    ]});
    Shape::Value(ValueShape { words: words.to_owned(), schema, fills: true, lists: true })
}

/// The words of a list; at least one.
fn words(node: &Node, items: &[Node], cx: &mut Cx<'_>) -> Option<Vec<String>> {
    if items.is_empty() {
        let message = format!("{} has no words: the first is the program", cx.name());
        cx.report(Diagnostic::new(Code::OutOfRange, node.span, message));
        return None;
    }
    let read = |(index, item): (usize, &Node)| {
        cx.enter(&index.to_string(), item, |cx| cx.text(item, "a word")).map(|text| text.text)
    };
    let words: Vec<Option<String>> = items.iter().enumerate().map(read).collect();
    words.into_iter().collect()
}

// === cutting a line into words ===

/// Why a line is no list of words.
#[derive(Debug, PartialEq)]
enum Refusal {
    /// A quote without its end.
    OpenQuote(char),
    /// `NAME=` in front of the program.
    Assignment(String),
    /// Something else that only a shell understands, as a message shows it.
    Shell(String),
}

impl Refusal {
    fn diagnostic(self, line: &str, node: &Node, cx: &Cx<'_>) -> Diagnostic {
        let name = cx.name();
        let needs_shell = |what: &str| {
            let message = format!("{what} needs a shell, and {name} is run without one");
            Diagnostic::new(Code::NeedsShell, node.span, message)
                .label("run without a shell, so that stop signals arrive")
        };
        match self {
            Self::OpenQuote(quote) => {
                let message = format!("{name} has a `{quote}` that is never closed");
                Diagnostic::new(Code::BadFormat, node.span, message)
            }
            Self::Assignment(variable) => needs_shell(&format!("`{variable}=` at the beginning"))
                .hint(format!("set `{variable}` under `env`")),
            Self::Shell(what) => {
                // A line with values from outside is not repeated: they may be secrets.
                let plain = !line.contains(['"', '\\', '\n', '$']) && line.len() <= 60;
                let asked = if plain { line } else { "..." };
                needs_shell(&what).hint(format!("ask for a shell: `[\"sh\", \"-c\", \"{asked}\"]`"))
            }
        }
    }
}

/// The words of a line, by the shell's rules for quotes and backslashes.
fn split(line: &str) -> Result<Vec<String>, Refusal> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = line.trim().chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            ' ' | '\t' => words.extend(word.take()),
            '\'' | '"' => quoted(character, &mut rest, word.get_or_insert_default())?,
            '\\' => word.get_or_insert_default().extend(rest.next()),
            '|' | '&' | ';' | '<' | '>' | '(' | ')' | '`' | '\n' => {
                return Err(Refusal::Shell(shown(character, &mut rest)));
            }
            '$' => {
                expansion(&mut rest)?;
                word.get_or_insert_default().push(character);
            }
            // `NAME=value` in front of the program.
            '=' if words.is_empty() && word.as_deref().is_some_and(is_variable) => {
                return Err(Refusal::Assignment(word.unwrap_or_default()));
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Ok(words)
}

type Characters<'l> = std::iter::Peekable<std::str::Chars<'l>>;

/// A shell's operator as a message shows it, `&&` whole.
fn shown(operator: char, rest: &mut Characters<'_>) -> String {
    if operator == '\n' {
        return "a second line".to_owned();
    }
    let doubled = rest.next_if_eq(&operator).map(String::from).unwrap_or_default();
    format!("`{operator}{doubled}`")
}

/// Takes what stands between quotes. Between double quotes, a backslash takes the next character
/// as it is.
fn quoted(quote: char, rest: &mut Characters<'_>, word: &mut String) -> Result<(), Refusal> {
    while let Some(character) = rest.next() {
        match character {
            _ if character == quote => return Ok(()),
            '\\' if quote == '"' => word.extend(rest.next()),
            '$' if quote == '"' => {
                expansion(rest)?;
                word.push(character);
            }
            other => word.push(other),
        }
    }
    Err(Refusal::OpenQuote(quote))
}

/// Refuses `$NAME`, `${NAME}` and `$(command)` after a `$`.
fn expansion(rest: &mut Characters<'_>) -> Result<(), Refusal> {
    let begins = |c: &char| c.is_ascii_alphabetic() || matches!(c, '_' | '{' | '(');
    match rest.peek() {
        Some(next) if begins(next) => Err(Refusal::Shell(format!("`${next}`"))),
        _ => Ok(()),
    }
}

fn is_variable(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests;
