//! The kinds of values a field can have.
//!
//! A kind is one description with three uses: it reads a node, it says what the JSON Schema
//! demands, and it says in words what the reference page shows. Fields are declared with kinds by
//! the macro [`part!`], so parser, schema and page can't drift apart.

mod collection;
pub(crate) mod command;
mod duration;
mod fields;
mod format;
mod number;
mod part;
mod record;
mod size;
mod word;

pub(crate) use collection::{list, map, one_or_many, records};
pub(crate) use command::{Command, HealthCommand, command, health_command};
pub(crate) use duration::{minutes, seconds};
pub(crate) use fields::{Fields, read_part, record};
pub(crate) use format::{
    Format, any_text, exact, formatted, formatted_or_number, parsed, template,
};
pub(crate) use number::{decimal, flag, whole};
pub(crate) use part::{Part, part};
pub(crate) use record::{Field, Presence, Record, flow};
pub(crate) use size::{cpu, image_size, memory};
pub(crate) use word::{Choice, one_of};

use crate::cx::Cx;
use crate::yaml::Node;
use serde_json::Value as Json;

/// A kind of value.
pub(crate) trait Kind {
    type Value;

    /// Reads a node. `None` when there is no value to be had: either that has been reported, or the
    /// value hangs on something not known yet.
    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<Self::Value>;

    /// What such a value looks like.
    fn shape(&self) -> Shape;
}

/// What a value looks like: the part of a kind that schema, reference page and overlays need.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    /// A value without parts of its own.
    Value(ValueShape),
    /// A list, or a single item in its place.
    List { item: Box<Self>, least: usize, most: usize, or_one: bool },
    /// Names that the user chooses, each with a value.
    Map { keys: &'static Format, value: Box<Self> },
    /// A mapping with known keys.
    Record(fn() -> &'static Record),
}

/// What a value without parts looks like.
#[derive(Debug, Clone)]
pub(crate) struct ValueShape {
    /// In words, for the reference page and for "x is …, not a list".
    pub(crate) words: String,
    /// JSON Schema of the value.
    pub(crate) schema: Json,
    /// Whether `${...}` can stand in it.
    pub(crate) fills: bool,
    /// Whether a list is one of its forms, as with commands.
    pub(crate) lists: bool,
}

// === impl Shape ===

impl Shape {
    /// A scalar, in which `${...}` can stand.
    pub(crate) fn scalar(words: impl Into<String>, schema: Json) -> Self {
        Self::Value(ValueShape { words: words.into(), schema, fills: true, lists: false })
    }

    /// The shape in words.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Value(value) => value.words.clone(),
            Self::List { item, or_one: true, .. } => format!("{}, or a list of them", item.words()),
            Self::List { item, .. } => format!("a list; each item {}", item.words()),
            Self::Map { keys, value } => {
                format!("a mapping from {} to {}", keys.role, value.words())
            }
            Self::Record(record) => record().words(),
        }
    }
}
