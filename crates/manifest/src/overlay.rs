//! How an environment changes what the file says for all: one rule.
//!
//! **Mappings merge key by key; everything else replaces; an empty value takes the key away.** A
//! short form counts as the mapping it stands for, so `health: {grace: 2m}` in an environment keeps
//! the path of `health: /up`. Lists replace as a whole: nobody can say which item of the one
//! belongs to which of the other.
//!
//! Merging works on the tree, so every value keeps the place where it was written, and what is
//! wrong with the merged whole is reported there.

use crate::kind::{Record, Shape};
use crate::yaml::{Content, Entry, Node};

/// `base` as `over` changes it. The shape says which values are mappings in short form.
pub(crate) fn merge(base: &Node, over: &Node, shape: &Shape) -> Node {
    let expanded = match shape {
        Shape::Record(record) => {
            let record = record();
            expand(base, record).zip(expand(over, record))
        }
        Shape::Map { .. } => entries(base).zip(entries(over)),
        Shape::Value(_) | Shape::List { .. } => None,
    };
    let Some((under, above)) = expanded else { return over.clone() };
    let mut merged: Vec<Entry> = Vec::new();
    for Entry { key, value } in &under {
        match above.iter().find(|entry| entry.key == *key) {
            None => merged.push(Entry { key: key.clone(), value: value.clone() }),
            Some(change) if change.value.content == Content::Null => {}
            Some(change) => {
                let value = match inner(shape, key) {
                    Some(shape) => merge(value, &change.value, shape),
                    None => change.value.clone(),
                };
                merged.push(Entry { key: key.clone(), value });
            }
        }
    }
    let new = |entry: &&Entry| !under.iter().any(|known| known.key == entry.key);
    merged.extend(above.iter().filter(new).cloned());
    // What the whole lacks, it lacks where it begins.
    base.with_entries(merged)
}

/// The shape of the value of a key.
fn inner<'s>(shape: &'s Shape, key: &str) -> Option<&'s Shape> {
    match shape {
        Shape::Record(record) => record().field(key).map(|field| &field.shape),
        Shape::Map { value, .. } => Some(value),
        Shape::Value(_) | Shape::List { .. } => None,
    }
}

/// The entries of a mapping, also of one in short form.
fn expand(node: &Node, record: &Record) -> Option<Vec<Entry>> {
    match record.short_for(node) {
        Some(field) => Some(vec![Entry { key: field.name.to_owned(), value: node.clone() }]),
        None => entries(node),
    }
}

fn entries(node: &Node) -> Option<Vec<Entry>> {
    match &node.content {
        Content::Mapping(entries) => Some(entries.clone()),
        Content::Null => Some(Vec::new()),
        Content::Scalar(_) | Content::List(_) | Content::Broken => None,
    }
}

#[cfg(test)]
mod tests;
