//! What a new revision of a task definition changes, field by field, in words.
//!
//! Values of variables stay unsaid: some people put secrets there. Of secrets it is said where they
//! are read from, never what they are.

use crate::backing;
use crate::keep::is_nothing;
use crate::observed::Definition;
use api::ecs::{ContainerDefinition, RegisterTaskDefinitionRequest, TaskDefinition};
use api::{Field as _, Record, Shape, Structure, Value};
use std::collections::BTreeMap;

/// Members of a container that have words of their own here.
const WORDED: [&str; 4] = ["name", "image", "environment", "secrets"];

/// Members of a task that are looked into on their own, or that AWS itself decides.
const APART: [&str; 4] = ["family", "containerDefinitions", "tags", "requiresCompatibilities"];

/// Members that AWS fills in itself.
const ECHOED: [&str; 1] = ["hostPort"];

/// What a new revision changes.
pub(super) fn changes(held: &Definition, request: &RegisterTaskDefinitionRequest) -> Vec<String> {
    let mut changes = Vec::new();
    let old = by_name(held.definition.container_definitions.as_deref().unwrap_or_default());
    let new = by_name(&request.container_definitions);
    for (name, container) in &new {
        match old.get(name) {
            Some(before) => changes.extend(of_container(name, before, container)),
            None => changes.push(format!("container {name} is new")),
        }
    }
    let gone = old.keys().filter(|name| !new.contains_key(*name));
    changes.extend(gone.map(|name| format!("container {name} is gone")));
    let before = held.definition.clone().into_value();
    let before = (before, TaskDefinition::SHAPE);
    let now = (request.clone().into_value(), RegisterTaskDefinitionRequest::SHAPE);
    changes.extend(fields(&before, &now, &APART));
    let givers = request.tags.iter().flatten();
    let mut givers = givers.filter(|tag| tag.key.as_deref() == Some(backing::TAG));
    if givers.any(|tag| held.tags.get(backing::TAG) != tag.value.as_ref()) {
        changes.push("a backing service was started anew: its data is new".to_owned());
    }
    if changes.is_empty() {
        changes.push("it was registered by somebody else, with the same settings".to_owned());
    }
    changes
}

fn by_name(containers: &[ContainerDefinition]) -> BTreeMap<String, &ContainerDefinition> {
    let named = containers.iter().map(|held| (held.name.clone().unwrap_or_default(), held));
    named.collect()
}

fn of_container(
    name: &str,
    before: &ContainerDefinition,
    now: &ContainerDefinition,
) -> Vec<String> {
    let mut changes = Vec::new();
    if before.image != now.image {
        let text = |image: &Option<String>| image.clone().unwrap_or_default();
        changes.push(format!("{name}: image {} → {}", text(&before.image), text(&now.image)));
    }
    let (old, new) = (variables(before), variables(now));
    for (variable, value) in &new {
        changes.extend(value.change(name, variable, old.get(variable)));
    }
    let gone = old.keys().filter(|variable| !new.contains_key(*variable));
    changes.extend(gone.map(|variable| format!("{name}: variable {variable} is gone")));
    let shape = ContainerDefinition::SHAPE;
    let (before, now) = (before.clone().into_value(), now.clone().into_value());
    let others = fields(&(before, shape), &(now, shape), &WORDED);
    changes.extend(others.into_iter().map(|change| format!("{name}: {change}")));
    changes
}

/// A variable of a container.
#[derive(Debug, PartialEq, Eq)]
enum Variable {
    /// With this value.
    Plain(String),
    /// Read from there.
    Secret(String),
}

impl Variable {
    fn change(&self, container: &str, name: &str, before: Option<&Self>) -> Option<String> {
        let place = |held: &Self| match held {
            Self::Plain(_) => "a plain value".to_owned(),
            Self::Secret(from) => from.clone(),
        };
        match (before, self) {
            (None, Self::Plain(_)) => Some(format!("{container}: variable {name} is new")),
            (None, Self::Secret(from)) => {
                Some(format!("{container}: variable {name} is new, read from {from}"))
            }
            (Some(held), _) if held == self => None,
            (Some(Self::Plain(_)), Self::Plain(_)) => {
                Some(format!("{container}: variable {name} changed"))
            }
            (Some(held), _) => {
                let (old, new) = (place(held), place(self));
                Some(format!("{container}: variable {name} is read from {old} → {new}"))
            }
        }
    }
}

fn variables(container: &ContainerDefinition) -> BTreeMap<String, Variable> {
    let plain = container.environment.iter().flatten();
    let plain = plain.map(|held| {
        let value = Variable::Plain(held.value.clone().unwrap_or_default());
        (held.name.clone().unwrap_or_default(), value)
    });
    let secret = container.secrets.iter().flatten();
    let secret = secret.map(|held| (held.name.clone(), Variable::Secret(held.value_from.clone())));
    plain.chain(secret).collect()
}

/// The members that differ, of those that the newer structure has.
fn fields(
    before: &(Value, &'static Structure),
    now: &(Value, &'static Structure),
    apart: &[&str],
) -> Vec<String> {
    let (Value::Structure(old), Value::Structure(new)) = (&before.0, &now.0) else {
        return Vec::new();
    };
    let mut changes = Vec::new();
    for (member, value) in now.1.members.iter().zip(new) {
        if apart.contains(&member.name) {
            continue;
        }
        let held = before.1.member(member.name).and_then(|(at, _)| old.get(at));
        let (was, is) = (held.map(|held| shown(held, member.shape)), shown(value, member.shape));
        let was = was.unwrap_or_else(|| UNSET.to_owned());
        if was != is {
            changes.push(format!("{} {was} → {is}", member.name));
        }
    }
    changes
}

const UNSET: &str = "unset";

/// A value in one line. What says nothing is unset, wherever it stands.
fn shown(value: &Value, shape: Shape) -> String {
    if is_nothing(value) {
        return UNSET.to_owned();
    }
    match (value, shape) {
        (Value::Structure(fields), Shape::Structure(structure)) => {
            let told = structure.members.iter().zip(fields);
            let told =
                told.filter(|(member, field)| !is_nothing(field) && !ECHOED.contains(&member.name));
            let told = told
                .map(|(member, field)| format!("{}: {}", member.name, shown(field, member.shape)));
            format!("{{{}}}", told.collect::<Vec<_>>().join(", "))
        }
        (Value::List(items), Shape::List(list)) => {
            let items = items.iter().map(|item| shown(item, list.element));
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        (Value::Map(entries), Shape::Map(map)) => {
            let entries =
                entries.iter().map(|(key, held)| format!("{key}: {}", shown(held, map.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        (Value::String(text), _) => text.clone(),
        (Value::Integer(number), _) => number.to_string(),
        (Value::Double(number), _) => number.to_string(),
        (Value::Boolean(flag), _) => flag.to_string(),
        (Value::Timestamp(at), _) => at.to_string(),
        // Secrets and bytes: that they are there is enough.
        _ => "set".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::ecs::{KeyValuePair, PortMapping, Secret};

    fn container() -> ContainerDefinition {
        let port = PortMapping { container_port: Some(80), ..Default::default() };
        ContainerDefinition {
            name: Some("api".to_owned()),
            image: Some("shop:1".to_owned()),
            stop_timeout: Some(30),
            port_mappings: Some(vec![port]),
            ..Default::default()
        }
    }

    fn check(held: TaskDefinition, request: &RegisterTaskDefinitionRequest, expected: &[&str]) {
        let held = Definition { definition: held, tags: BTreeMap::new() };
        assert_eq!(changes(&held, request), expected);
    }

    fn held(container: ContainerDefinition) -> TaskDefinition {
        let cpu = Some("256".to_owned());
        TaskDefinition { container_definitions: Some(vec![container]), cpu, ..Default::default() }
    }

    fn request(container: ContainerDefinition) -> RegisterTaskDefinitionRequest {
        let cpu = Some("256".to_owned());
        let container_definitions = vec![container];
        RegisterTaskDefinitionRequest { container_definitions, cpu, ..Default::default() }
    }

    #[test]
    fn each_field_that_differs_is_named() {
        let port =
            PortMapping { container_port: Some(80), host_port: Some(80), ..Default::default() };
        let before = ContainerDefinition {
            port_mappings: Some(vec![port]),
            links: Some(Vec::new()),
            cpu: Some(0),
            ..container()
        };
        let now = ContainerDefinition {
            image: Some("shop:2".to_owned()),
            stop_timeout: Some(60),
            command: Some(vec!["node".to_owned(), "server.js".to_owned()]),
            ..container()
        };
        let larger = RegisterTaskDefinitionRequest { cpu: Some("512".to_owned()), ..request(now) };
        let expected = [
            "api: image shop:1 → shop:2",
            "api: command unset → [node, server.js]",
            "api: stopTimeout 30 → 60",
            "cpu 256 → 512",
        ];
        check(held(before), &larger, &expected);
    }

    #[test]
    fn values_of_variables_are_not_told_and_secrets_are_told_by_place() {
        let plain = |name: &str, value: &str| KeyValuePair {
            name: Some(name.to_owned()),
            value: Some(value.to_owned()),
        };
        let secret =
            |name: &str, from: &str| Secret { name: name.to_owned(), value_from: from.to_owned() };
        let before = ContainerDefinition {
            environment: Some(vec![plain("A", "1"), plain("B", "1"), plain("C", "hunter2")]),
            secrets: Some(vec![secret("S", "/shop/old")]),
            ..container()
        };
        let now = ContainerDefinition {
            environment: Some(vec![plain("A", "1"), plain("B", "2"), plain("D", "x")]),
            secrets: Some(vec![secret("C", "/shop/c"), secret("S", "/shop/new")]),
            ..container()
        };
        let expected = [
            "api: variable B changed",
            "api: variable C is read from a plain value → /shop/c",
            "api: variable D is new",
            "api: variable S is read from /shop/old → /shop/new",
        ];
        check(held(before), &request(now), &expected);
    }
}
