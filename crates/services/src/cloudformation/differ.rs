//! What a version would change: for change sets, and to tell that nothing would.
//!
//! Resources are looked at in the order in which they would be made. One that is new or would be
//! replaced has no values yet, and what refers to it will change when it has.

use super::surroundings::{Reading, Surroundings};
use super::types;
use super::work::evaluate;
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use template::{Scene, Trouble, order};
use world::stack::{StackResource, StackVersion};
use world::{Stack, World};

/// What a version would change.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Resources, by name.
    pub(super) resources: BTreeMap<String, Change>,
    /// Whether outputs, or what the resources say of themselves besides properties, differ.
    pub(super) besides: bool,
    /// Resources whose type would be another one.
    pub(super) retyped: Vec<String>,
}

/// What becomes of a resource.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change {
    /// Its type.
    pub(super) kind: String,
    /// What is done.
    pub(super) action: Action,
    /// Its name or id in its service, if it is there.
    pub(super) physical: Option<String>,
}

/// What is done with a resource.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Action {
    /// It is new.
    Add,
    /// It changes.
    Modify {
        /// Which properties.
        properties: Vec<Property>,
        /// Whether the stack's tags, which it has too, change.
        tags: Tagging,
    },
    /// It leaves the stack.
    Remove,
}

/// Whether a resource's tags change with the stack's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tagging {
    /// They stay.
    Same,
    /// They change.
    Changed,
}

/// A property that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Property {
    /// Its name.
    pub(super) name: String,
    /// Whether its change takes a new resource.
    pub(super) replaces: Replaces,
    /// Whether the new value is known, or follows from another resource's change.
    pub(super) follows: Option<String>,
}

/// Whether a change takes a new resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Replaces {
    Never,
    /// If the value that is not known yet differs from the one that is there.
    Perhaps,
    Always,
}

// === impl Changes ===

impl Changes {
    /// Whether nothing would change.
    pub(super) fn is_empty(&self) -> bool {
        self.resources.is_empty() && !self.besides && self.retyped.is_empty()
    }
}

/// What a version would change in a stack.
pub(super) fn changes(
    world: &World,
    stack: &Stack,
    version: &StackVersion,
    now: Timestamp,
) -> Result<Changes, Trouble> {
    let reading = Reading::of(world, stack, version)?;
    let mut surroundings = Surroundings::of(world, stack, now);
    let held: BTreeMap<&str, &StackResource> = world
        .resources_of(&stack.arn)
        .filter(|it| it.is_present() && it.standing.is_some())
        .map(|it| (it.key.logical.as_str(), it))
        .collect();
    let mut changes = Changes::default();
    let scene = reading.scene(&surroundings);
    scene.assert_rules()?;
    let present: BTreeSet<String> = scene.present()?.into_iter().map(str::to_owned).collect();
    for logical in ordered(&reading, &present) {
        let kind = reading.template.resources[&logical].kind.clone();
        match held.get(logical.as_str()) {
            Some(held) if held.kind != kind => changes.retyped.push(logical),
            Some(held) => {
                let scene = reading.scene(&surroundings);
                let Some(change) = modified(&scene, held, version)? else { continue };
                if change.has_properties() {
                    surroundings.moving.insert(logical.clone());
                }
                if change.is_replacement() {
                    surroundings.unsure.insert(logical.clone());
                }
                changes.resources.insert(logical, change);
            }
            None => {
                surroundings.unsure.insert(logical.clone());
                let change = Change { kind, action: Action::Add, physical: None };
                changes.resources.insert(logical, change);
            }
        }
    }
    for (logical, held) in held.iter().filter(|(logical, _)| !present.contains(**logical)) {
        let physical = held.physical().map(str::to_owned);
        let change = Change { kind: held.kind.clone(), action: Action::Remove, physical };
        changes.resources.insert((*logical).to_owned(), change);
    }
    let scene = reading.scene(&surroundings);
    changes.besides = outputs_differ(&scene, stack)? || terms_differ(world, stack, &reading);
    Ok(changes)
}

/// The resources that are there, those before others that these need.
fn ordered(reading: &Reading, present: &BTreeSet<String>) -> Vec<String> {
    let mut left = order::dependencies(&reading.template);
    left.retain(|name, _| present.contains(name));
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let free: Vec<String> = left
            .iter()
            .filter(|(_, needed)| needed.iter().all(|other| !left.contains_key(other)))
            .map(|(name, _)| name.clone())
            .collect();
        for name in free {
            left.remove(&name);
            ordered.push(name);
        }
    }
    ordered
}

/// How a resource that is there would change, if it would.
fn modified(
    scene: &Scene<'_>,
    held: &StackResource,
    version: &StackVersion,
) -> Result<Option<Change>, Trouble> {
    let Some(standing) = &held.standing else { return Ok(None) };
    let wanted = &scene.template.resources[&held.key.logical].properties;
    let wanted = wanted.as_object().cloned().unwrap_or_default();
    let replaced_by = types::find(&held.kind).map(types::Kind::replaced_by).unwrap_or_default();
    let mut properties = Vec::new();
    let gone = standing.properties.keys().filter(|name| !wanted.contains_key(*name));
    let names: BTreeSet<&String> = wanted.keys().chain(gone).collect();
    for name in names {
        let replacing = replaced_by.contains(&name.as_str());
        let value = wanted.get(name).map(|value| scene.value(value)).transpose();
        let (differs, follows) = match value {
            Ok(value) => (value.flatten().as_ref() != standing.properties.get(name), None),
            Err(Trouble::Later) => (true, wanted.get(name).and_then(cause)),
            Err(mistake) => return Err(mistake),
        };
        let replaces = match (replacing, &follows) {
            (false, _) => Replaces::Never,
            (true, None) => Replaces::Always,
            (true, Some(_)) => Replaces::Perhaps,
        };
        if differs {
            properties.push(Property { name: name.clone(), replaces, follows });
        }
    }
    let same = standing.tags == version.tags;
    if properties.is_empty() && same {
        return Ok(None);
    }
    let tags = if same { Tagging::Same } else { Tagging::Changed };
    let action = Action::Modify { properties, tags };
    let physical = Some(standing.physical.clone());
    Ok(Some(Change { kind: held.kind.clone(), action, physical }))
}

/// What a value that is not known yet waits for: the first reference in it, `Topic` or `Topic.Arn`.
fn cause(value: &serde_json::Value) -> Option<String> {
    let name = template::first_reference(value);
    Some(name.unwrap_or_default())
}

impl Change {
    fn has_properties(&self) -> bool {
        matches!(&self.action, Action::Modify { properties, .. } if !properties.is_empty())
    }

    /// Whether it takes, or may take, a new resource.
    pub(super) fn is_replacement(&self) -> bool {
        match &self.action {
            Action::Modify { properties, .. } => {
                properties.iter().any(|property| property.replaces != Replaces::Never)
            }
            Action::Add | Action::Remove => false,
        }
    }
}

fn outputs_differ(scene: &Scene<'_>, stack: &Stack) -> Result<bool, Trouble> {
    match evaluate(scene) {
        Ok(outputs) => Ok(outputs != stack.outputs),
        Err(Trouble::Later) => Ok(true),
        Err(mistake) => Err(mistake),
    }
}

/// Whether what resources say of themselves besides properties differs: metadata and policies.
fn terms_differ(world: &World, stack: &Stack, reading: &Reading) -> bool {
    let Ok(old) = Reading::of(world, stack, &stack.version) else { return true };
    let (old, new) = (&old.template.resources, &reading.template.resources);
    new.iter().any(|(name, new)| {
        old.get(name).is_some_and(|old| {
            (old.deletion, old.replacement, &old.metadata)
                != (new.deletion, new.replacement, &new.metadata)
        })
    })
}
