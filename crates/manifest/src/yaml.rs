//! The manifest's text as a tree in which everything knows its place.
//!
//! The tree keeps scalars as they are written: what `1.10` or `yes` means is decided by the field
//! that reads it, so a version number stays a version number and a word stays a word. It must not
//! know any field of the manifest. Start reading at [`Node`]; `build` makes it, `explain` words
//! what the YAML parser refuses.
//!
//! Other YAML files of a project, and JSON, which is YAML, are read by [`read`].

mod build;
mod explain;

pub(crate) use build::build;

use crate::TextSpan;

/// A value of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it holds.
    pub content: Content,
    /// The value itself; of a block mapping or list, the point where it begins.
    pub span: TextSpan,
    /// What names it: its key, or the value itself where it has none. Diagnostics about something
    /// missing inside it point here.
    pub named: TextSpan,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Nothing, `~` or `null`.
    Null,
    /// One text.
    Scalar(Scalar),
    /// A sequence.
    List(Vec<Node>),
    /// Keys and values in the order of the text, each key once.
    Mapping(Vec<Entry>),
    /// Something that has been reported already; readers pass over it in silence.
    Broken,
}

/// A text and whether it was written without quotes.
#[derive(Debug, Clone, PartialEq)]
pub struct Scalar {
    /// The text, without quotes.
    pub text: String,
    /// How it was written.
    pub style: Style,
}

/// How a scalar was written. Only a bare one can be a number or a truth value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes, on its line.
    Bare,
    /// With quotes, or as a block.
    Quoted,
}

/// A key and its value. The key's place is the value's `named`.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The value.
    pub value: Node,
}

/// The tree of a text that is some other YAML than a manifest; `None` if it is none. Of several
/// documents the first counts.
#[must_use]
pub fn read(text: &str) -> Option<Node> {
    build(text).0
}

// === impl Node ===

impl Node {
    /// The entries of a mapping; none of anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Mapping(entries) => entries,
            Content::Null | Content::Scalar(_) | Content::List(_) | Content::Broken => &[],
        }
    }

    /// The value of a key of a mapping.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The items of a list; none of anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.content {
            Content::List(items) => items,
            Content::Null | Content::Scalar(_) | Content::Mapping(_) | Content::Broken => &[],
        }
    }

    /// The text of a scalar.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(scalar) => Some(&scalar.text),
            Content::Null | Content::List(_) | Content::Mapping(_) | Content::Broken => None,
        }
    }

    /// A mapping that stands where this node stands.
    pub(crate) fn with_entries(&self, entries: Vec<Entry>) -> Self {
        Self { content: Content::Mapping(entries), span: self.span, named: self.named }
    }

    /// How many lists and mappings stand inside each other, this one included.
    fn depth(&self) -> usize {
        match &self.content {
            Content::Null | Content::Scalar(_) | Content::Broken => 0,
            Content::List(items) => 1 + items.iter().map(Self::depth).max().unwrap_or(0),
            Content::Mapping(entries) => {
                1 + entries.iter().map(|entry| entry.value.depth()).max().unwrap_or(0)
            }
        }
    }

    /// How many nodes it is, this one included.
    fn size(&self) -> usize {
        match &self.content {
            Content::Null | Content::Scalar(_) | Content::Broken => 1,
            Content::List(items) => 1 + items.iter().map(Self::size).sum::<usize>(),
            Content::Mapping(entries) => {
                1 + entries.iter().map(|entry| entry.value.size()).sum::<usize>()
            }
        }
    }
}

/// Whether YAML 1.2 reads a text without quotes as a number or truth value. `yes` and `on` are
/// texts, unlike in YAML 1.1.
pub(crate) fn is_other_than_text(text: &str) -> bool {
    is_truth(text) || is_number(text)
}

/// YAML 1.2's truth values.
pub(crate) fn is_truth(text: &str) -> bool {
    matches!(text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE")
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = digits.strip_prefix('.').unwrap_or(digits);
    digits.starts_with(|c: char| c.is_ascii_digit()) && text.parse::<f64>().is_ok()
}
