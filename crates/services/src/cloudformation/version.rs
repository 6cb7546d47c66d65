//! A version of a stack as a request gives it: template, parameters, tags, and what is acknowledged.

use super::{fault, types};
use crate::{Cx, tags};
use api::Fault;
use api::cloudformation::{Parameter, Tag};
use std::collections::{BTreeMap, BTreeSet};
use template::{Resource, Template, parameter};
use world::World;
use world::stack::StackVersion;

/// The longest template in a request, in bytes.
const LONGEST: usize = 51_200;

/// What a request gives of a version.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) body: Option<String>,
    pub(super) url: Option<String>,
    pub(super) previous: bool,
    pub(super) parameters: Option<Vec<Parameter>>,
    pub(super) tags: Option<Vec<Tag>>,
    pub(super) capabilities: Option<Vec<String>>,
    pub(super) role: Option<String>,
    pub(super) notifications: Option<Vec<String>>,
}

/// The version that a request asks for, after `current`, if there is one.
pub(super) fn parse(
    world: &World,
    cx: &Cx<'_>,
    given: Given,
    current: Option<&StackVersion>,
) -> Result<(StackVersion, Template), Fault> {
    let text = text(&given, cx.template, current)?;
    let template = read(&text)?;
    check_capabilities(&template, given.capabilities.as_deref().unwrap_or_default())?;
    let values = values(given.parameters.unwrap_or_default(), current)?;
    let stored = |name: &str| {
        let held = world.parameter(name, cx.now)?;
        Some(held.newest().value.reveal().to_owned())
    };
    let settled =
        parameter::settle(&template, &values, stored).map_err(|it| fault::mistake(&it))?;
    let tags = match given.tags {
        Some(pairs) => {
            tags::new(pairs.into_iter().map(|tag| (tag.key, tag.value))).map_err(fault::bad_tags)?
        }
        None => current.map(|it| it.tags.clone()).unwrap_or_default(),
    };
    let kept = |pick: fn(&StackVersion) -> Vec<String>| current.map(pick).unwrap_or_default();
    let version = StackVersion {
        template: text,
        parameters: settled.given.into_iter().map(|(name, it)| (name, it.into())).collect(),
        looked_up: settled.looked_up,
        tags,
        capabilities: given.capabilities.unwrap_or_default(),
        role: given.role.or_else(|| current.and_then(|it| it.role.clone())),
        notifications: given.notifications.unwrap_or_else(|| kept(|it| it.notifications.clone())),
    };
    Ok((version, template))
}

/// The template's text: in the request, where its URL leads to, or the one before.
fn text(
    given: &Given,
    fetched: Option<&str>,
    current: Option<&StackVersion>,
) -> Result<String, Fault> {
    match (&given.body, &given.url, given.previous) {
        (Some(_), Some(_), _) => Err(fault::template_twice()),
        (Some(body), None, _) if body.len() > LONGEST => Err(fault::long_template(body)),
        (Some(body), None, _) => Ok(body.clone()),
        (None, Some(url), _) => fetched.map(str::to_owned).ok_or_else(|| fault::no_url(url)),
        (None, None, true) => current.map(|it| it.template.clone()).ok_or_else(fault::no_template),
        (None, None, false) => Err(fault::no_template()),
    }
}

/// A template whose types and attributes the region has. A resource with a condition may never be
/// there: what it is matters when it is made.
pub(super) fn read(text: &str) -> Result<Template, Fault> {
    let template = Template::parse(text).map_err(|it| fault::mistake(&it))?;
    let unknown = |it: &&Resource| types::find(&it.kind).is_none();
    let resources = template.resources.values().filter(unknown);
    let certain: BTreeSet<&str> =
        resources.filter(|it| it.condition.is_none()).map(|it| it.kind.as_str()).collect();
    if !certain.is_empty() {
        return Err(fault::unknown_types(&certain.into_iter().collect::<Vec<_>>()));
    }
    for (resource, attribute) in template.attributes() {
        let held = template.resources.get(&resource);
        let kind = held.and_then(|it| types::find(&it.kind));
        if kind.is_none() && held.is_some_and(|it| it.condition.is_some()) {
            continue;
        }
        let known = kind.is_some_and(|kind| kind.attributes().contains(&attribute.as_str()));
        if !known {
            return Err(fault::no_attribute(&resource, &attribute));
        }
    }
    Ok(template)
}

/// What has to be acknowledged for a template: roles, above all those with names of their own.
pub(super) fn capabilities(template: &Template) -> Option<(&'static str, Vec<&str>)> {
    let of_iam = |kind: &str| kind.starts_with("AWS::IAM::");
    let names = ["RoleName", "UserName", "GroupName", "ManagedPolicyName", "InstanceProfileName"];
    let resources = template.resources.values().filter(|it| of_iam(&it.kind));
    let named =
        resources.clone().any(|it| names.iter().any(|name| it.properties.get(name).is_some()));
    let kinds: BTreeSet<&str> = resources.map(|it| it.kind.as_str()).collect();
    let needed = if named { "CAPABILITY_NAMED_IAM" } else { "CAPABILITY_IAM" };
    (!kinds.is_empty()).then(|| (needed, kinds.into_iter().collect()))
}

fn check_capabilities(template: &Template, given: &[String]) -> Result<(), Fault> {
    let Some((needed, _)) = capabilities(template) else { return Ok(()) };
    let enough = |it: &String| it == needed || it == "CAPABILITY_NAMED_IAM";
    if given.iter().any(enough) { Ok(()) } else { Err(fault::no_capability(&[needed])) }
}

/// The parameters given; those that are to stay are taken from the version before.
fn values(
    given: Vec<Parameter>,
    current: Option<&StackVersion>,
) -> Result<BTreeMap<String, String>, Fault> {
    let mut values = BTreeMap::new();
    for Parameter { parameter_key, parameter_value, use_previous_value, .. } in given {
        let Some(key) = parameter_key else { continue };
        if use_previous_value != Some(true) {
            values.insert(key, parameter_value.unwrap_or_default());
            continue;
        }
        let held = current.and_then(|it| it.parameters.get(&key));
        let held = held.ok_or_else(|| fault::no_previous(&key))?.reveal().to_owned();
        values.insert(key, held);
    }
    Ok(values)
}
