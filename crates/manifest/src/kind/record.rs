//! The description of a mapping with known keys, from which parser, schema and page follow.

use super::Shape;
use crate::nearest::{nearest, suggest};
use crate::yaml::{self, Content, Node};

/// A mapping with known keys.
#[derive(Debug)]
pub(crate) struct Record {
    /// The name of the Rust type, which the schema and the reference page use too.
    pub(crate) name: &'static str,
    pub(crate) doc: String,
    /// The field that a value alone stands for: `health: /up` is `health: {path: /up}`.
    pub(crate) short: Option<&'static str>,
    pub(crate) fields: Vec<Field>,
}

/// A key of a record.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) doc: String,
    pub(crate) shape: Shape,
    pub(crate) presence: Presence,
    /// What other tools call it; somebody who writes that is told the name here.
    pub(crate) elsewhere: &'static [&'static str],
}

/// What happens when a field is absent.
#[derive(Debug)]
pub(crate) enum Presence {
    /// It has to be given.
    Required,
    /// It has this value.
    Default {
        /// As it would be written.
        text: &'static str,
        /// Why that is right for production.
        because: &'static str,
        /// The text as the readers take it.
        node: Node,
    },
    /// This is what happens, in words.
    Optional { absent: &'static str },
}

/// What somebody may have meant who wrote an unknown key.
#[derive(Debug)]
pub(crate) struct Meant {
    /// The key of this record, if it is one.
    pub(crate) key: Option<&'static str>,
    pub(crate) hint: Option<String>,
}

// === impl Record ===

impl Record {
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field that a value alone stands for, if this value can stand for it.
    pub(crate) fn short_for(&self, node: &Node) -> Option<&Field> {
        let field = self.field(self.short?)?;
        let fits = match (&node.content, &field.shape) {
            (Content::Scalar(_), Shape::Value(_) | Shape::List { or_one: true, .. }) => true,
            (Content::List(_), Shape::List { .. }) => true,
            (Content::List(_), Shape::Value(value)) => value.lists,
            _ => false,
        };
        fits.then_some(field)
    }

    /// Its name as a link to its section of the reference page, and what may stand in its place.
    pub(crate) fn words(&self) -> String {
        let link = format!("[{}](#{})", self.name, self.name.to_lowercase());
        match self.short {
            Some(short) => format!("{link}, or its `{short}` alone"),
            None => link,
        }
    }

    /// What it is, for messages about something else in its place.
    pub(super) fn expected(&self) -> String {
        match self.short {
            Some(short) => format!("a mapping, or its `{short}` alone"),
            None => "a mapping".to_owned(),
        }
    }

    /// What somebody may have meant who wrote an unknown key here: what another tool calls a key, a
    /// key with a slip in it, or a key of a part of this.
    pub(super) fn meant(&self, key: &str) -> Meant {
        let elsewhere = |field: &&Field| field.elsewhere.contains(&key);
        if let Some(field) = self.fields.iter().find(elsewhere) {
            let hint = format!("here it is called `{}`", field.name);
            return Meant { key: Some(field.name), hint: Some(hint) };
        }
        let names = self.fields.iter().map(|field| field.name);
        let near = nearest(key, names.clone());
        let hint = match self.home_of(key) {
            Some(inner) if near.is_none() => Some(format!("it belongs under `{inner}`")),
            _ => suggest(key, names),
        };
        Meant { key: near, hint }
    }

    /// The field whose own record has a key of this name.
    fn home_of(&self, key: &str) -> Option<&'static str> {
        let holds = |field: &&Field| match &field.shape {
            Shape::Record(record) => record().field(key).is_some(),
            Shape::Value(_) | Shape::List { .. } | Shape::Map { .. } => false,
        };
        self.fields.iter().find(holds).map(|field| field.name)
    }
}

// === impl Field ===

impl Field {
    pub(crate) fn new(name: &'static str, doc: &str, shape: Shape, presence: Presence) -> Self {
        Self { name, doc: flow(doc), shape, presence, elsewhere: &[] }
    }

    pub(crate) fn elsewhere(self, elsewhere: &'static [&'static str]) -> Self {
        Self { elsewhere, ..self }
    }
}

/// A doc comment's lines as one.
pub(crate) fn flow(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}

// === impl Presence ===

impl Presence {
    pub(crate) fn default(text: &'static str, because: &'static str) -> Self {
        let (node, _) = yaml::build(text);
        let node = node.expect("a test reads the default of every field");
        Self::Default { text, because, node }
    }
}
