//! `AWS::ECR::Repository`.

use super::{Kind, Look, Removal, changed, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish, list};
use api::ecr::*;
use serde_json::{Map, Value as Json, json};
use world::stack::Standing;

/// The type.
#[derive(Debug)]
pub(super) struct Repository;

const NAME: Naming = Naming { most: 256, lower: Case::Lower };
/// Properties with operations of their own.
const APART: [&str; 3] = ["EmptyOnDelete", "LifecyclePolicy", "RepositoryPolicyText"];

impl Kind for Repository {
    fn name(&self) -> &'static str {
        "AWS::ECR::Repository"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn", "RepositoryUri"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["EncryptionConfiguration", "RepositoryName"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("RepositoryName")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let name = wish.name("RepositoryName", NAME, hand);
        let mut input = named(wish.without(&APART));
        input.insert("RepositoryName".to_owned(), json!(name));
        input.extend(wish.tag_list().map(|tags| ("tags".to_owned(), tags)));
        hand.call::<CreateRepository>(input)?;
        let given = |name: &str| wish.properties.get(name);
        put_policy(hand, &name, given("RepositoryPolicyText"))?;
        put_lifecycle(hand, &name, given("LifecyclePolicy"))?;
        Ok(name)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        let name = &held.physical;
        let mutability = ["ImageTagMutability", "ImageTagMutabilityExclusionFilters"];
        if changed(held, wish, &mutability) {
            let mut input = of(name);
            input.extend(named(wish.only(&mutability)));
            input.entry("ImageTagMutability").or_insert(json!("MUTABLE"));
            hand.call::<PutImageTagMutability>(input)?;
        }
        if changed(held, wish, &["ImageScanningConfiguration"]) {
            let mut input = of(name);
            let scan = wish.properties.get("ImageScanningConfiguration").cloned();
            let scan = scan.unwrap_or_else(|| json!({ "ScanOnPush": false }));
            input.insert("imageScanningConfiguration".to_owned(), scan);
            hand.call::<PutImageScanningConfiguration>(input)?;
        }
        let given = |name: &str| wish.properties.get(name);
        if changed(held, wish, &["RepositoryPolicyText"]) {
            put_policy(hand, name, given("RepositoryPolicyText"))?;
            if given("RepositoryPolicyText").is_none() {
                hand.call::<DeleteRepositoryPolicy>(of(name))?;
            }
        }
        if changed(held, wish, &["LifecyclePolicy"]) {
            put_lifecycle(hand, name, given("LifecyclePolicy"))?;
            if given("LifecyclePolicy").is_none() {
                hand.call::<DeleteLifecyclePolicy>(of(name))?;
            }
        }
        retag(hand, held, wish)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        let mut input = of(&held.physical);
        let empty = held.properties.get("EmptyOnDelete").cloned().unwrap_or(json!(false));
        input.insert("force".to_owned(), empty);
        match hand.call::<DeleteRepository>(input) {
            Ok(_) => Ok(Removal::Gone),
            // Nobody but its owner empties it, so trying again is no use.
            Err(Failure::Refused { message, code: _ })
                if message.contains("not empty") || message.contains("still contains images") =>
            {
                Err(Failure::handler("GeneralServiceException", message))
            }
            Err(other) => Err(other),
        }
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let input = members([("repositoryNames", json!([held.physical]))]);
        let found = hand.call::<DescribeRepositories>(input)?.repositories.unwrap_or_default();
        let Some(found) = found.into_iter().next() else { return Ok(Look::NotYet) };
        let uri = json!(found.repository_uri);
        Ok(stable([("Arn", json!(found.repository_arn)), ("RepositoryUri", uri)]))
    }
}

fn of(name: &str) -> Map<String, Json> {
    members([("repositoryName", json!(name))])
}

/// Properties with the names that the API has for the parts of a filter.
fn named(mut properties: Map<String, Json>) -> Map<String, Json> {
    const FILTERS: &str = "ImageTagMutabilityExclusionFilters";
    let filters = properties.get_mut(FILTERS).and_then(Json::as_array_mut);
    for filter in filters.into_iter().flatten().filter_map(Json::as_object_mut) {
        for (theirs, ours) in [
            ("ImageTagMutabilityExclusionFilterType", "filterType"),
            ("ImageTagMutabilityExclusionFilterValue", "filter"),
        ] {
            if let Some(value) = filter.remove(theirs) {
                filter.insert(ours.to_owned(), value);
            }
        }
    }
    properties
}

/// A policy is a document in a template, and its text in the API.
fn put_policy(hand: &mut Hand<'_>, name: &str, given: Option<&Json>) -> Result<(), Failure> {
    let Some(given) = given else { return Ok(()) };
    let text = given.as_str().map_or_else(|| given.to_string(), str::to_owned);
    let mut input = of(name);
    input.insert("policyText".to_owned(), json!(text));
    hand.call::<SetRepositoryPolicy>(input).map(drop)
}

fn put_lifecycle(hand: &mut Hand<'_>, name: &str, given: Option<&Json>) -> Result<(), Failure> {
    let Some(given) = given else { return Ok(()) };
    let text = given.get("LifecyclePolicyText").cloned().unwrap_or_default();
    let mut input = of(name);
    input.insert("lifecyclePolicyText".to_owned(), text);
    hand.call::<PutLifecyclePolicy>(input).map(drop)
}

fn retag(hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
    let changes = wish.tag_changes(held);
    let arn = ("resourceArn", json!(held.attributes.text("Arn")));
    if !changes.gone.is_empty() {
        let gone = json!(changes.gone);
        hand.call::<UntagResource>(members([arn.clone(), ("tagKeys", gone)]))?;
    }
    if let Some(tags) = list(&changes.set) {
        hand.call::<TagResource>(members([arn, ("tags", tags)]))?;
    }
    Ok(())
}
