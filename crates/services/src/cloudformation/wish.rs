//! A resource as a template wants it.

use super::hand::Hand;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use world::stack::{Properties, Standing};
use world::{Stack, Tags};

/// A resource as the stack's version wants it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish<'a> {
    /// The stack.
    pub(crate) stack: &'a Stack,
    /// The resource's name in the template.
    pub(crate) logical: &'a str,
    /// Its properties, evaluated.
    pub(crate) properties: &'a Properties,
}

/// How long a generated name may be, and what it may be made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Naming {
    /// The most characters.
    pub(crate) most: usize,
    /// Whether capital letters are not allowed.
    pub(crate) lower: Case,
}

/// Which letters a name may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// All.
    Any,
    /// Small ones.
    Lower,
}

/// How tags change.
#[derive(Debug, Default)]
pub(crate) struct TagChanges {
    /// Those that are to be set.
    pub(crate) set: Tags,
    /// Keys of those that are to go.
    pub(crate) gone: Vec<String>,
}

impl Wish<'_> {
    /// Its properties without some of them, and without its tags.
    pub(crate) fn without(&self, names: &[&str]) -> Map<String, Json> {
        let kept = self.properties.iter();
        let kept = kept.filter(|(name, _)| *name != "Tags" && !names.contains(&name.as_str()));
        kept.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Some of its properties.
    pub(crate) fn only(&self, names: &[&str]) -> Map<String, Json> {
        let kept = self.properties.iter().filter(|(name, _)| names.contains(&name.as_str()));
        kept.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// The name that a property gives, or a new one as CloudFormation makes them:
    /// `stack-logical-RANDOM12`, each part shortened where the whole would be too long.
    pub(crate) fn name(&self, property: &str, naming: Naming, hand: &mut Hand<'_>) -> String {
        if let Some(given) = self.properties.text(property) {
            return given.to_owned();
        }
        let random = hand.ids.word(12).to_ascii_uppercase();
        let room = naming.most.saturating_sub(random.len() + 2);
        let logical: String = self.logical.chars().take(room / 2).collect();
        let stack: String = self.stack.name.chars().take(room - logical.len()).collect();
        let name = format!("{stack}-{logical}-{random}");
        if naming.lower == Case::Lower { name.to_ascii_lowercase() } else { name }
    }

    /// Its tags: its own, and the stack's where it has no other value for the key.
    pub(crate) fn tags(&self) -> Tags {
        merged(&self.stack.version.tags, self.properties)
    }

    /// Its tags as a list of keys and values; nothing when it has none.
    pub(crate) fn tag_list(&self) -> Option<Json> {
        list(&self.tags())
    }

    /// How its tags differ from those that it has.
    pub(crate) fn tag_changes(&self, held: &Standing) -> TagChanges {
        let (old, mut new) = (merged(&held.tags, &held.properties), self.tags());
        let gone = old.keys().filter(|key| !new.contains_key(*key)).cloned().collect();
        new.retain(|key, value| old.get(key) != Some(value));
        TagChanges { set: new, gone }
    }
}

/// Tags as a list of keys and values; nothing when there is none.
pub(crate) fn list(tags: &BTreeMap<String, String>) -> Option<Json> {
    let listed: Vec<Json> =
        tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    (!listed.is_empty()).then(|| listed.into())
}

/// Properties give tags as a list, some types as a map.
fn merged(of_stack: &Tags, properties: &Properties) -> Tags {
    let mut tags = of_stack.clone();
    let text = |value: Option<&Json>| value.and_then(super::fit::text_of).unwrap_or_default();
    match properties.get("Tags") {
        Some(Json::Array(own)) => {
            tags.extend(own.iter().map(|tag| (text(tag.get("Key")), text(tag.get("Value")))));
        }
        Some(Json::Object(own)) => {
            tags.extend(own.iter().map(|(key, value)| (key.clone(), text(Some(value)))));
        }
        _ => {}
    }
    tags
}
