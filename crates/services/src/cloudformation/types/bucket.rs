//! `AWS::S3::Bucket` and `AWS::S3::BucketPolicy`.

mod lifecycle;

use super::{Kind, Look, Removal, changed, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish, list};
use api::s3::*;
use serde_json::{Map, Value as Json, json};
use world::stack::Standing;

/// A bucket.
#[derive(Debug)]
pub(super) struct Bucket;

/// A bucket's policy.
#[derive(Debug)]
pub(super) struct BucketPolicy;

const NAME: Naming = Naming { most: 63, lower: Case::Lower };
/// Properties with operations of their own.
const APART: [&str; 6] = [
    "BucketEncryption",
    "BucketName",
    "LifecycleConfiguration",
    "OwnershipControls",
    "PublicAccessBlockConfiguration",
    "VersioningConfiguration",
];

// === impl Kind for Bucket ===

impl Kind for Bucket {
    fn name(&self) -> &'static str {
        "AWS::S3::Bucket"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn", "DomainName", "DualStackDomainName", "RegionalDomainName", "WebsiteURL"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["BucketName"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("BucketName")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let name = wish.name("BucketName", NAME, hand);
        // What has no operation of its own is refused by its name.
        let mut input = others(wish);
        input.extend(of(&name));
        let region = hand.draft.place.region.to_string();
        if region != "us-east-1" {
            let place = json!({ "LocationConstraint": region });
            input.insert("CreateBucketConfiguration".to_owned(), place);
        }
        hand.call::<CreateBucket>(input)?;
        for property in APART {
            set(hand, &name, (property, wish.properties.get(property)), Now::Created)?;
        }
        retag(hand, &name, wish)?;
        Ok(name)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        let name = &held.physical;
        if let Some(other) = others(wish).keys().next() {
            let text = format!("#: extraneous key [{other}] is not permitted");
            return Err(Failure::handler("InvalidRequest", text));
        }
        for property in APART {
            if changed(held, wish, &[property]) {
                set(hand, name, (property, wish.properties.get(property)), Now::Changed)?;
            }
        }
        let changes = wish.tag_changes(held);
        if !changes.gone.is_empty() || !changes.set.is_empty() {
            retag(hand, name, wish)?;
        }
        Ok(())
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<DeleteBucket>(of(&held.physical))?;
        Ok(Removal::Gone)
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let (name, region) = (&held.physical, hand.draft.place.region.as_str());
        Ok(stable([
            ("Arn", json!(format!("arn:aws:s3:::{name}"))),
            ("DomainName", json!(format!("{name}.s3.amazonaws.com"))),
            ("DualStackDomainName", json!(format!("{name}.s3.dualstack.{region}.amazonaws.com"))),
            ("RegionalDomainName", json!(format!("{name}.s3.{region}.amazonaws.com"))),
            ("WebsiteURL", json!(format!("http://{name}.s3-website-{region}.amazonaws.com"))),
        ]))
    }
}

/// Properties without an operation of their own here. A private bucket is what every bucket is.
fn others(wish: &Wish<'_>) -> Map<String, Json> {
    let mut others = wish.without(&APART);
    if others.get("AccessControl").is_some_and(|it| it == "Private") {
        others.remove("AccessControl");
    }
    others
}

/// Whether a bucket is new, and has what S3 gives one of which nothing is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Now {
    Created,
    Changed,
}

/// Sets what a property says; what a changed template no longer says is what a new bucket has.
fn set(
    hand: &mut Hand<'_>,
    name: &str,
    (property, given): (&str, Option<&Json>),
    now: Now,
) -> Result<(), Failure> {
    let Some(given) = given else {
        return if now == Now::Changed { unset(hand, name, property) } else { Ok(()) };
    };
    let mut input = of(name);
    let mut with = |member: &str, value: Json| drop(input.insert(member.to_owned(), value));
    match property {
        "BucketEncryption" => {
            with("ServerSideEncryptionConfiguration", encryption(given));
            hand.call::<PutBucketEncryption>(input)?;
        }
        "LifecycleConfiguration" => {
            with("LifecycleConfiguration", lifecycle::configuration(given)?);
            hand.call::<PutBucketLifecycleConfiguration>(input)?;
        }
        "OwnershipControls" => {
            with("OwnershipControls", given.clone());
            hand.call::<PutBucketOwnershipControls>(input)?;
        }
        "PublicAccessBlockConfiguration" => {
            with("PublicAccessBlockConfiguration", given.clone());
            hand.call::<PutPublicAccessBlock>(input)?;
        }
        "VersioningConfiguration" => {
            with("VersioningConfiguration", given.clone());
            hand.call::<PutBucketVersioning>(input)?;
        }
        _ => {}
    }
    Ok(())
}

fn unset(hand: &mut Hand<'_>, name: &str, property: &str) -> Result<(), Failure> {
    let given = match property {
        "BucketEncryption" => return hand.call::<DeleteBucketEncryption>(of(name)).map(drop),
        "LifecycleConfiguration" => return hand.call::<DeleteBucketLifecycle>(of(name)).map(drop),
        "OwnershipControls" => {
            json!({ "Rules": [{ "ObjectOwnership": "BucketOwnerEnforced" }] })
        }
        "PublicAccessBlockConfiguration" => json!({
            "BlockPublicAcls": true,
            "IgnorePublicAcls": true,
            "BlockPublicPolicy": true,
            "RestrictPublicBuckets": true,
        }),
        "VersioningConfiguration" => json!({ "Status": "Suspended" }),
        _ => return Ok(()),
    };
    set(hand, name, (property, Some(&given)), Now::Created)
}

/// CloudFormation's words for encryption, in the API's.
fn encryption(given: &Json) -> Json {
    let rules = given.get("ServerSideEncryptionConfiguration").and_then(Json::as_array);
    let renamed = rules.into_iter().flatten().map(|rule| {
        let mut rule = rule.as_object().cloned().unwrap_or_default();
        if let Some(by_default) = rule.remove("ServerSideEncryptionByDefault") {
            rule.insert("ApplyServerSideEncryptionByDefault".to_owned(), by_default);
        }
        Json::from(rule)
    });
    json!({ "Rules": renamed.collect::<Vec<_>>() })
}

/// Gives a bucket the tags that it should have, and no others.
fn retag(hand: &mut Hand<'_>, name: &str, wish: &Wish<'_>) -> Result<(), Failure> {
    let mut input = of(name);
    match list(&wish.tags()) {
        Some(tags) => {
            input.insert("Tagging".to_owned(), json!({ "TagSet": tags }));
            hand.call::<PutBucketTagging>(input).map(drop)
        }
        None => hand.call::<DeleteBucketTagging>(input).map(drop),
    }
}

fn of(name: &str) -> Map<String, Json> {
    members([("Bucket", json!(name))])
}

// === impl Kind for BucketPolicy ===

impl Kind for BucketPolicy {
    fn name(&self) -> &'static str {
        "AWS::S3::BucketPolicy"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Bucket"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["Bucket"]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let bucket = wish.properties.text("Bucket").unwrap_or_default().to_owned();
        put_policy(hand, &bucket, wish)?;
        Ok(bucket)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        put_policy(hand, &held.physical, wish)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<DeleteBucketPolicy>(of(&held.physical))?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        Ok(stable([("Bucket", json!(held.physical))]))
    }
}

/// A policy is a document in a template, and its text in the API.
fn put_policy(hand: &mut Hand<'_>, bucket: &str, wish: &Wish<'_>) -> Result<(), Failure> {
    let mut input = wish.without(&["Bucket", "PolicyDocument"]);
    input.extend(of(bucket));
    if let Some(given) = wish.properties.get("PolicyDocument") {
        let text = given.as_str().map_or_else(|| given.to_string(), str::to_owned);
        input.insert("Policy".to_owned(), json!(text));
    }
    hand.call::<PutBucketPolicy>(input).map(drop)
}
