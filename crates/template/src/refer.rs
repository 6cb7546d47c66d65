//! What a value refers to, and whether all of it exists.

use crate::{Mistake, Template};
use serde_json::Value;
use std::collections::BTreeSet;

/// What a value refers to.
#[derive(Debug, Default)]
pub(crate) struct Referred {
    /// Names in `Ref`: parameters, resources, pseudo parameters.
    pub(crate) names: BTreeSet<String>,
    /// Resources in `Fn::GetAtt`.
    pub(crate) attributes: BTreeSet<String>,
    /// Those attributes of them that are written out.
    pub(crate) asked: BTreeSet<(String, String)>,
    /// Conditions in `Fn::If` and `Condition`.
    pub(crate) conditions: BTreeSet<String>,
}

/// What a value refers to, at any depth.
pub(crate) fn referred(value: &Value) -> Result<Referred, Mistake> {
    let mut found = Referred::default();
    collect(value, &mut found)?;
    Ok(found)
}

/// The `${…}` of a text that `Fn::Sub` replaces; `${!x}` is none.
pub(crate) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split("${").skip(1);
    let inner = parts.filter_map(|part| part.split_once('}').map(|(inner, _)| inner));
    inner.filter(|inner| !inner.starts_with('!')).map(str::trim)
}

fn collect(value: &Value, found: &mut Referred) -> Result<(), Mistake> {
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| collect(item, found)),
        Value::Object(members) => {
            if let Some((name, given)) = members.iter().next().filter(|_| members.len() == 1) {
                function(name, given, found)?;
            }
            members.values().try_for_each(|member| collect(member, found))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

fn function(name: &str, given: &Value, found: &mut Referred) -> Result<(), Mistake> {
    match (name, given) {
        ("Ref", Value::String(name)) => drop(found.names.insert(name.clone())),
        ("Fn::GetAtt", given) => {
            let (resource, attribute) = attribute_of(given)?;
            let asked = attribute.as_str().map(|it| (resource.clone(), it.to_owned()));
            found.asked.extend(asked);
            found.attributes.insert(resource);
        }
        ("Fn::Sub", Value::String(text)) => sub(text, &[], found),
        ("Fn::Sub", Value::Array(parts)) => {
            let text = parts.first().and_then(Value::as_str).unwrap_or_default();
            let own = parts.get(1).and_then(Value::as_object);
            let own: Vec<&str> = own.into_iter().flatten().map(|(key, _)| key.as_str()).collect();
            sub(text, &own, found);
        }
        ("Fn::If", Value::Array(parts)) => {
            let name = parts.first().and_then(Value::as_str);
            found.conditions.extend(name.map(str::to_owned));
        }
        ("Condition", Value::String(name)) => drop(found.conditions.insert(name.clone())),
        _ => {}
    }
    Ok(())
}

fn sub(text: &str, own: &[&str], found: &mut Referred) {
    for name in placeholders(text).filter(|name| !own.contains(name)) {
        match name.split_once('.') {
            Some((resource, attribute)) => {
                found.asked.insert((resource.to_owned(), attribute.to_owned()));
                found.attributes.insert(resource.to_owned());
            }
            None => drop(found.names.insert(name.to_owned())),
        }
    }
}

/// The resource and the attribute of a `Fn::GetAtt`.
pub(crate) fn attribute_of(given: &Value) -> Result<(String, Value), Mistake> {
    let refused = || {
        let what = "Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute";
        Mistake::error(format!("every {what}"))
    };
    match given {
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(resource), attribute] if !resource.is_empty() => {
                Ok((resource.clone(), attribute.clone()))
            }
            _ => Err(refused()),
        },
        Value::String(text) => {
            let (resource, attribute) = text.split_once('.').ok_or_else(refused)?;
            Ok((resource.to_owned(), attribute.into()))
        }
        _ => Err(refused()),
    }
}

/// Refuses names that mean nothing.
pub(crate) fn check(template: &Template) -> Result<(), Mistake> {
    for (name, condition) in &template.conditions {
        check_condition(template, name, condition)?;
    }
    let mut unknown = BTreeSet::new();
    for resource in template.resources.values() {
        unknown.extend(strangers(template, &resource.properties)?);
        unknown.extend(
            resource.depends_on.iter().filter(|it| !template.resources.contains_key(*it)).cloned(),
        );
        check_named_condition(template, resource.condition.as_ref(), "Resources")?;
    }
    refuse(&unknown, "Resources")?;
    let mut unknown = BTreeSet::new();
    for output in template.outputs.values() {
        unknown.extend(strangers(template, &output.value)?);
        let export = output.export.as_ref();
        unknown.extend(export.map(|it| strangers(template, it)).transpose()?.unwrap_or_default());
        check_named_condition(template, output.condition.as_ref(), "Outputs")?;
    }
    refuse(&unknown, "Outputs")
}

fn refuse(unknown: &BTreeSet<String>, block: &str) -> Result<(), Mistake> {
    if unknown.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = unknown.iter().map(String::as_str).collect();
    let names = names.join(", ");
    let what =
        format!("Unresolved resource dependencies [{names}] in the {block} block of the template");
    Err(Mistake::format(what))
}

/// Names in a value that are neither parameters nor resources.
fn strangers(template: &Template, value: &Value) -> Result<BTreeSet<String>, Mistake> {
    let found = referred(value)?;
    if let Some(missing) = found.attributes.iter().find(|it| !template.resources.contains_key(*it))
    {
        let what = format!("instance of Fn::GetAtt references undefined resource {missing}");
        return Err(Mistake::error(what));
    }
    if let Some(missing) = found.conditions.iter().find(|it| !template.conditions.contains_key(*it))
    {
        return Err(Mistake::error(format!("unresolved condition dependency {missing} in Fn::If")));
    }
    let known = |name: &String| {
        name.starts_with("AWS::")
            || template.parameters.contains_key(name)
            || template.resources.contains_key(name)
    };
    Ok(found.names.into_iter().filter(|name| !known(name)).collect())
}

fn check_named_condition(
    template: &Template,
    name: Option<&String>,
    block: &str,
) -> Result<(), Mistake> {
    match name.filter(|name| !template.conditions.contains_key(*name)) {
        Some(name) => {
            let what = format!(
                "Unresolved condition dependency {name} in the {block} block of the template"
            );
            Err(Mistake::format(what))
        }
        None => Ok(()),
    }
}

/// Conditions know parameters, mappings and each other; resources are not there yet.
fn check_condition(template: &Template, name: &str, condition: &Value) -> Result<(), Mistake> {
    let found = referred(condition)?;
    let known = |it: &&String| it.starts_with("AWS::") || template.parameters.contains_key(*it);
    let mut unknown = found.names.iter().filter(|it| !known(it)).chain(&found.attributes);
    if let Some(missing) = unknown.next() {
        let what = format!(
            "Unresolved dependencies [{missing}]. Cannot reference resources in the Conditions block of the template"
        );
        return Err(Mistake::format(what));
    }
    // A circle among conditions would never end when it is evaluated.
    let mut seen = BTreeSet::new();
    let mut open = vec![name.to_owned()];
    while let Some(next) = open.pop() {
        let Some(held) = template.conditions.get(&next) else {
            let what = format!(
                "Unresolved condition dependency {next} in the Conditions block of the template"
            );
            return Err(Mistake::format(what));
        };
        for inner in referred(held)?.conditions {
            if inner == name {
                return Err(Mistake::format(format!("Circular dependency in conditions: {name}")));
            }
            if seen.insert(inner.clone()) {
                open.push(inner);
            }
        }
    }
    Ok(())
}

/// The first resource or parameter that a value names: `Topic`, or `Topic.Arn` for an attribute.
pub(crate) fn first(value: &Value) -> Option<String> {
    let found = referred(value).ok()?;
    let attribute = found.asked.into_iter().next().map(|(name, it)| format!("{name}.{it}"));
    let own = |name: &String| !name.starts_with("AWS::");
    attribute.or_else(|| found.names.into_iter().find(own))
}
