//! `AWS::IAM::ManagedPolicy`.

use super::{Kind, Look, Removal, changed, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish};
use api::iam::*;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;
use world::stack::{Properties, Standing};

/// A managed policy.
#[derive(Debug)]
pub(super) struct ManagedPolicy;

const NAME: Naming = Naming { most: 128, lower: Case::Any };

impl Kind for ManagedPolicy {
    fn name(&self) -> &'static str {
        "AWS::IAM::ManagedPolicy"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["PolicyArn", "PolicyId"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["Description", "ManagedPolicyName", "Path"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("ManagedPolicyName")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let name = wish.name("ManagedPolicyName", NAME, hand);
        let mut input = wish.without(&["ManagedPolicyName", "PolicyDocument", "Roles"]);
        input.extend(members([
            ("PolicyName", json!(name)),
            ("PolicyDocument", json!(document(wish.properties))),
        ]));
        let made = hand.call::<CreatePolicy>(input)?.policy;
        let arn = made.and_then(|policy| policy.arn).unwrap_or_default();
        for role in roles(wish.properties) {
            hand.call::<AttachRolePolicy>(of(&role, &arn))?;
        }
        Ok(arn)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        let arn = held.physical.as_str();
        if changed(held, wish, &["PolicyDocument"]) {
            self.drop_versions(hand, arn)?;
            hand.call::<CreatePolicyVersion>(members([
                ("PolicyArn", json!(arn)),
                ("PolicyDocument", json!(document(wish.properties))),
                ("SetAsDefault", json!(true)),
            ]))?;
        }
        let (was, wanted) = (roles(&held.properties), roles(wish.properties));
        for role in wanted.difference(&was) {
            hand.call::<AttachRolePolicy>(of(role, arn))?;
        }
        for role in was.difference(&wanted) {
            passing_over_missing(hand.call::<DetachRolePolicy>(of(role, arn)))?;
        }
        Ok(())
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        let arn = held.physical.as_str();
        for role in roles(&held.properties) {
            passing_over_missing(hand.call::<DetachRolePolicy>(of(&role, arn)))?;
        }
        self.drop_versions(hand, arn)?;
        hand.call::<DeletePolicy>(members([("PolicyArn", json!(arn))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let found = hand.call::<GetPolicy>(members([("PolicyArn", json!(held.physical))]))?.policy;
        let id = found.and_then(|policy| policy.policy_id);
        Ok(stable([("PolicyArn", json!(held.physical)), ("PolicyId", json!(id))]))
    }
}

impl ManagedPolicy {
    /// Deletes the versions that do not count, so that there is room for one more.
    fn drop_versions(&self, hand: &mut Hand<'_>, arn: &str) -> Result<(), Failure> {
        let named = || members([("PolicyArn", json!(arn))]);
        let versions = hand.call::<ListPolicyVersions>(named())?.versions.unwrap_or_default();
        let others =
            versions.into_iter().filter(|version| version.is_default_version != Some(true));
        for id in others.filter_map(|version| version.version_id) {
            let mut input = named();
            input.insert("VersionId".to_owned(), json!(id));
            hand.call::<DeletePolicyVersion>(input)?;
        }
        Ok(())
    }
}

fn document(properties: &Properties) -> String {
    match properties.get("PolicyDocument") {
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

fn roles(properties: &Properties) -> BTreeSet<String> {
    let roles = properties.get("Roles").and_then(Json::as_array);
    roles.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

fn of(role: &str, arn: &str) -> Map<String, Json> {
    members([("RoleName", json!(role)), ("PolicyArn", json!(arn))])
}

fn passing_over_missing<T>(outcome: Result<T, Failure>) -> Result<(), Failure> {
    match outcome {
        Err(failure) if failure.is_missing() => Ok(()),
        other => other.map(drop),
    }
}
