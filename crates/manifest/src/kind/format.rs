//! Texts that must have a form.

use super::{Kind, Shape, ValueShape};
use crate::cx::{Cx, Text};
use crate::yaml::{Content, Entry, Node};
use crate::{Code, Diagnostic, Template, TextSpan};
use regex_lite::Regex;
use serde_json::{Value as Json, json};
use std::ops::RangeInclusive;
use std::sync::OnceLock;

/// A form that texts can have, as a pattern that parser and schema share.
#[derive(Debug)]
pub(crate) struct Format {
    /// What such a text is, with its article: "a service's name".
    pub(crate) role: &'static str,
    /// The pattern in words, after "it has to": "begin with `/`".
    pub(crate) rule: &'static str,
    /// A regular expression that Rust and ECMAScript read alike.
    pub(crate) pattern: &'static str,
    /// The most characters.
    pub(crate) longest: usize,
    /// One that is right.
    pub(crate) example: &'static str,
    regex: OnceLock<Regex>,
}

/// A text of a form. Numbers and truth values have to be quoted.
pub(crate) fn formatted(format: &'static Format) -> impl Kind<Value = String> {
    Formatted { format, numbers: None, fills: true }
}

/// As [`formatted`], but these numbers need no quotes. They are taken as they are written.
pub(crate) fn formatted_or_number(
    format: &'static Format,
    numbers: RangeInclusive<u64>,
) -> impl Kind<Value = String> {
    Formatted { format, numbers: Some(numbers), fills: true }
}

/// As [`formatted`], without `${...}`.
pub(crate) fn exact(format: &'static Format) -> impl Kind<Value = String> {
    Formatted { format, numbers: None, fills: false }
}

/// A text of another kind, read further. `parse` says what is wrong after "it ".
pub(crate) fn parsed<T>(
    text: impl Kind<Value = String>,
    parse: fn(&str) -> Result<T, String>,
) -> impl Kind<Value = T> {
    Parsed { text, parse }
}

/// Any text, number or truth value, taken as it is written.
pub(crate) fn any_text() -> impl Kind<Value = String> {
    AnyText
}

/// Any text, with words in it that only a running task fills.
pub(crate) fn template() -> impl Kind<Value = Template> {
    TemplateKind
}

// === impl Format ===

impl Format {
    pub(crate) const fn new(
        role: &'static str,
        rule: &'static str,
        pattern: &'static str,
        longest: usize,
        example: &'static str,
    ) -> Self {
        Self { role, rule, pattern, longest, example, regex: OnceLock::new() }
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        let regex = self.regex.get_or_init(|| {
            Regex::new(self.pattern).expect("a test compiles the pattern of every field")
        });
        regex.is_match(text)
    }

    /// What is wrong with a text. `subject` is how the message calls what the text is for, `shown`
    /// how it shows the text.
    pub(crate) fn check(
        &self,
        text: &str,
        subject: &str,
        shown: &str,
        span: TextSpan,
    ) -> Option<Diagnostic> {
        let length = text.chars().count();
        if length > self.longest {
            let longest = self.longest;
            let message = format!("{subject} has {length} characters: the limit is {longest}");
            return Some(Diagnostic::new(Code::BadFormat, span, message));
        }
        if self.matches(text) {
            return None;
        }
        let message = format!("{shown} can't be {subject}: it has to {}", self.rule);
        let hint = format!("such as `{}`", self.example);
        Some(Diagnostic::new(Code::BadFormat, span, message).hint(hint))
    }

    /// The JSON Schema of a text of this form.
    pub(crate) fn schema(&self) -> Json {
        json!({"type": "string", "pattern": self.pattern, "maxLength": self.longest})
    }
}

// === impl Kind ===

struct Formatted {
    format: &'static Format,
    /// The numbers that need no quotes.
    numbers: Option<RangeInclusive<u64>>,
    fills: bool,
}

impl Formatted {
    fn text(&self, node: &Node, cx: &mut Cx<'_>) -> Option<Text> {
        let expected = self.format.role;
        if self.fills { cx.text(node, expected) } else { cx.verbatim(node, expected) }
    }

    /// Whether a bare scalar that YAML takes for a number is one that may stand here.
    fn admits(&self, text: &str) -> bool {
        let number = text.parse().ok();
        number.zip(self.numbers.as_ref()).is_some_and(|(number, numbers)| numbers.contains(&number))
    }
}

impl Kind for Formatted {
    type Value = String;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<String> {
        let text = self.text(node, cx)?;
        let (name, shown) = (cx.name(), cx.quote(node.span));
        if let Some(mistake) = self.format.check(&text.text, &name, &shown, node.span) {
            cx.report(mistake);
            return None;
        }
        if !text.is_text() && !self.admits(&text.text) {
            let message = format!("{name} is {}, not {shown}", self.format.role);
            let hint = format!("quote it: `\"{}\"`", text.text);
            cx.report(Diagnostic::new(Code::WrongType, node.span, message).hint(hint));
            return None;
        }
        Some(text.text)
    }

    fn shape(&self) -> Shape {
        let text = self.format.schema();
        let schema = match &self.numbers {
            None => text,
            Some(numbers) => json!({"anyOf": [
                text,
                {"type": "integer", "minimum": numbers.start(), "maximum": numbers.end()},
            ]}),
        };
        let words = format!("{}, such as `{}`", self.format.role, self.format.example);
        Shape::Value(ValueShape { words, schema, fills: self.fills, lists: false })
    }
}

struct Parsed<K, T> {
    text: K,
    parse: fn(&str) -> Result<T, String>,
}

impl<K: Kind<Value = String>, T> Kind for Parsed<K, T> {
    type Value = T;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<T> {
        let text = self.text.read(node, cx)?;
        match (self.parse)(&text) {
            Ok(value) => Some(value),
            Err(why) => {
                let message = format!("{} can't be {}: it {why}", cx.quote(node.span), cx.name());
                cx.report(Diagnostic::new(Code::BadFormat, node.span, message));
                None
            }
        }
    }

    fn shape(&self) -> Shape {
        self.text.shape()
    }
}

struct AnyText;

impl Kind for AnyText {
    type Value = String;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<String> {
        cx.text(node, "a text, a number or a truth value").map(|text| text.text)
    }

    fn shape(&self) -> Shape {
        Shape::scalar("text", json!({"type": ["string", "number", "boolean"]}))
    }
}

struct TemplateKind;

impl Kind for TemplateKind {
    type Value = Template;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<Template> {
        let Content::Mapping(entries) = &node.content else {
            return cx.marked(node, "a text, or a mapping of texts").map(Template::marked);
        };
        let member = |entry: &Entry| {
            let expected = "a text, a number or a truth value";
            let text = cx.enter(&entry.key, &entry.value, |cx| cx.marked(&entry.value, expected));
            text.map(|text| (entry.key.clone(), text))
        };
        // All of them are read, so that all mistakes are said.
        let members: Vec<_> = entries.iter().map(member).collect();
        members.into_iter().collect::<Option<_>>().map(Template::object)
    }

    fn shape(&self) -> Shape {
        let words = "text with `${host}`, `${port}`, `${address}` (both) and `${output.NAME}` in it, or \
                     a mapping of such texts, which becomes JSON";
        let text = json!({"type": ["string", "number", "boolean"]});
        let object = json!({"type": "object", "additionalProperties": text});
        Shape::scalar(words, json!({"anyOf": [text, object]}))
    }
}
