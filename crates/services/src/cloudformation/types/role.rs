//! `AWS::IAM::Role`, and `AWS::IAM::Policy`, which is a policy inside of roles.

use super::{Kind, Look, Removal, changed, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish, list};
use api::iam::*;
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use world::stack::{Properties, Standing};

/// A role.
#[derive(Debug)]
pub(super) struct Role;

/// A policy inside of roles.
#[derive(Debug)]
pub(super) struct Policy;

const NAME: Naming = Naming { most: 64, lower: Case::Any };
const POLICY: Naming = Naming { most: 128, lower: Case::Any };

// === impl Kind for Role ===

impl Kind for Role {
    fn name(&self) -> &'static str {
        "AWS::IAM::Role"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn", "RoleId"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["Path", "PermissionsBoundary", "RoleName"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("RoleName")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let name = wish.name("RoleName", NAME, hand);
        let mut input =
            wish.without(&["AssumeRolePolicyDocument", "ManagedPolicyArns", "Policies"]);
        let trust = document(wish.properties.get("AssumeRolePolicyDocument"));
        input.extend(members([
            ("RoleName", json!(name)),
            ("AssumeRolePolicyDocument", json!(trust)),
        ]));
        input.extend(wish.tag_list().map(|tags| ("Tags".to_owned(), tags)));
        hand.call::<CreateRole>(input)?;
        set_policies(hand, &name, &Properties::default(), wish.properties)?;
        Ok(name)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        let name = &held.physical;
        if changed(held, wish, &["AssumeRolePolicyDocument"]) {
            let mut input = of(name);
            let trust = document(wish.properties.get("AssumeRolePolicyDocument"));
            input.insert("PolicyDocument".to_owned(), json!(trust));
            hand.call::<UpdateAssumeRolePolicy>(input)?;
        }
        if changed(held, wish, &["Description", "MaxSessionDuration"]) {
            let mut input = wish.only(&["Description", "MaxSessionDuration"]);
            input.extend(of(name));
            input.entry("Description").or_insert(json!(""));
            input.entry("MaxSessionDuration").or_insert(json!(3600));
            hand.call::<UpdateRole>(input)?;
        }
        set_policies(hand, name, &held.properties, wish.properties)?;
        let changes = wish.tag_changes(held);
        if !changes.gone.is_empty() {
            let mut input = of(name);
            input.insert("TagKeys".to_owned(), json!(changes.gone));
            hand.call::<UntagRole>(input)?;
        }
        if let Some(tags) = list(&changes.set) {
            let mut input = of(name);
            input.insert("Tags".to_owned(), tags);
            hand.call::<TagRole>(input)?;
        }
        Ok(())
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        set_policies(hand, &held.physical, &held.properties, &Properties::default())?;
        hand.call::<DeleteRole>(of(&held.physical))?;
        Ok(Removal::Gone)
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let role = hand.call::<GetRole>(of(&held.physical))?.role;
        Ok(stable([("Arn", json!(role.arn)), ("RoleId", json!(role.role_id))]))
    }
}

/// Brings a role's policies, attached and inline, from the old properties to the new ones.
fn set_policies(
    hand: &mut Hand<'_>,
    role: &str,
    old: &Properties,
    new: &Properties,
) -> Result<(), Failure> {
    let (was, wanted) = (attached(old), attached(new));
    for arn in wanted.difference(&was) {
        let mut input = of(role);
        input.insert("PolicyArn".to_owned(), json!(arn));
        hand.call::<AttachRolePolicy>(input)?;
    }
    for arn in was.difference(&wanted) {
        let mut input = of(role);
        input.insert("PolicyArn".to_owned(), json!(arn));
        passing_over_missing(hand.call::<DetachRolePolicy>(input).map(drop))?;
    }
    let (was, wanted) = (inline(old), inline(new));
    for (name, text) in &wanted {
        if was.get(name) != Some(text) {
            put(hand, role, (name, text))?;
        }
    }
    for name in was.keys().filter(|name| !wanted.contains_key(*name)) {
        passing_over_missing(delete(hand, role, name))?;
    }
    Ok(())
}

fn attached(properties: &Properties) -> BTreeSet<String> {
    let arns = properties.get("ManagedPolicyArns").and_then(Json::as_array);
    arns.into_iter().flatten().filter_map(|arn| arn.as_str().map(str::to_owned)).collect()
}

fn inline(properties: &Properties) -> BTreeMap<String, String> {
    let policies = properties.get("Policies").and_then(Json::as_array).into_iter().flatten();
    let named = policies.filter_map(|policy| {
        let name = policy.get("PolicyName")?.as_str()?;
        Some((name.to_owned(), document(policy.get("PolicyDocument"))))
    });
    named.collect()
}

// === impl Kind for Policy ===

impl Kind for Policy {
    fn name(&self) -> &'static str {
        "AWS::IAM::Policy"
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["PolicyName"]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        check(wish)?;
        let text = document(wish.properties.get("PolicyDocument"));
        let name = wish.properties.text("PolicyName").unwrap_or_default();
        for role in roles(wish.properties) {
            put(hand, &role, (name, &text))?;
        }
        Ok(wish.name("", POLICY, hand))
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        check(wish)?;
        let text = document(wish.properties.get("PolicyDocument"));
        let name = wish.properties.text("PolicyName").unwrap_or_default();
        let (was, wanted) = (roles(&held.properties), roles(wish.properties));
        for role in &wanted {
            put(hand, role, (name, &text))?;
        }
        for role in was.difference(&wanted) {
            passing_over_missing(delete(hand, role, name))?;
        }
        Ok(())
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        let name = held.properties.text("PolicyName").unwrap_or_default();
        for role in roles(&held.properties) {
            passing_over_missing(delete(hand, &role, name))?;
        }
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, _: &Standing) -> Result<Look, Failure> {
        Ok(stable([]))
    }
}

/// The region has roles; users and groups it has not.
fn check(wish: &Wish<'_>) -> Result<(), Failure> {
    let known = ["PolicyDocument", "PolicyName", "Roles"];
    match wish.properties.keys().find(|name| !known.contains(&name.as_str())) {
        Some(other) => {
            let what = format!("#: extraneous key [{other}] is not permitted");
            Err(Failure::properties(wish.logical, &what))
        }
        None => Ok(()),
    }
}

fn roles(properties: &Properties) -> BTreeSet<String> {
    let roles = properties.get("Roles").and_then(Json::as_array);
    roles.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

fn of(role: &str) -> Map<String, Json> {
    members([("RoleName", json!(role))])
}

fn put(hand: &mut Hand<'_>, role: &str, (name, text): (&str, &str)) -> Result<(), Failure> {
    let mut input = of(role);
    input.extend(members([("PolicyName", json!(name)), ("PolicyDocument", json!(text))]));
    hand.call::<PutRolePolicy>(input).map(drop)
}

fn delete(hand: &mut Hand<'_>, role: &str, name: &str) -> Result<(), Failure> {
    let mut input = of(role);
    input.insert("PolicyName".to_owned(), json!(name));
    hand.call::<DeleteRolePolicy>(input).map(drop)
}

/// A document in a template is its text in the API.
fn document(given: Option<&Json>) -> String {
    match given {
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

fn passing_over_missing(outcome: Result<(), Failure>) -> Result<(), Failure> {
    match outcome {
        Err(failure) if failure.is_missing() => Ok(()),
        other => other,
    }
}
