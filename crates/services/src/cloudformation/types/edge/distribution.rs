//! `AWS::CloudFront::Distribution`. It is done when it is deployed; to be removed, it is disabled
//! first, and deployed once more.

use super::super::{Kind, Look, Removal, stable};
use super::{at, words};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Wish, list};
use api::cloudfront::*;
use serde_json::{Map, Value as Json, json};
use world::Stored;
use world::stack::Standing;

/// A distribution.
#[derive(Debug)]
pub(in super::super) struct Distribution;

impl Kind for Distribution {
    fn name(&self) -> &'static str {
        "AWS::CloudFront::Distribution"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["DomainName", "Id"]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let reference = hand.ids.uuid();
        let given = config(wish, &reference)?;
        let tags = list(&wish.tags()).unwrap_or_else(|| json!([]));
        let with_tags = json!({ "DistributionConfig": given, "Tags": { "Items": tags } });
        let mut input = others(wish);
        input.insert("DistributionConfigWithTags".to_owned(), with_tags);
        let made = hand.call::<CreateDistributionWithTags>(input)?.distribution;
        Ok(made.map(|made| made.id).unwrap_or_default())
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        let now = hand.call::<GetDistributionConfig>(at(&held.physical, None))?;
        let reference = now.distribution_config.map(|held| held.caller_reference);
        let mut input = others(wish);
        let given = config(wish, reference.as_deref().unwrap_or_default())?;
        input.insert("DistributionConfig".to_owned(), given);
        input.extend(at(&held.physical, now.e_tag));
        hand.call::<UpdateDistribution>(input)?;
        retag(hand, held, wish)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        let now = hand.call::<GetDistribution>(at(&held.physical, None))?;
        let Some(distribution) = now.distribution else { return Ok(Removal::Gone) };
        if distribution.distribution_config.enabled {
            let config = DistributionConfig { enabled: false, ..distribution.distribution_config };
            let mut input = at(&held.physical, now.e_tag);
            input.insert("DistributionConfig".to_owned(), saved(config));
            hand.call::<UpdateDistribution>(input)?;
            return Ok(Removal::Going);
        }
        if distribution.status != "Deployed" {
            return Ok(Removal::Going);
        }
        hand.call::<DeleteDistribution>(at(&held.physical, now.e_tag))?;
        Ok(Removal::Gone)
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let found = hand.call::<GetDistribution>(at(&held.physical, None))?.distribution;
        let Some(found) = found.filter(|found| found.status == "Deployed") else {
            return Ok(Look::NotYet);
        };
        Ok(stable([("DomainName", json!(found.domain_name)), ("Id", json!(found.id))]))
    }
}

/// Properties beside the configuration: none, or one that is refused by its name.
fn others(wish: &Wish<'_>) -> Map<String, Json> {
    wish.without(&["DistributionConfig"])
}

/// The configuration in the API's words, with what a template need not say.
fn config(wish: &Wish<'_>, reference: &str) -> Result<Json, Failure> {
    let given = wish.properties.get("DistributionConfig").cloned().unwrap_or_default();
    let mut config = words::along(&shapes::DISTRIBUTION_CONFIG, &given);
    let Json::Object(members) = &mut config else {
        let text = "#/DistributionConfig: expected type: JSONObject";
        return Err(Failure::handler("InvalidRequest", text));
    };
    if members.contains_key("CallerReference") {
        let text = "#/DistributionConfig: extraneous key [CallerReference] is not permitted";
        return Err(Failure::handler("InvalidRequest", text));
    }
    members.insert("CallerReference".to_owned(), json!(reference));
    members.entry("Comment").or_insert_with(|| json!(""));
    for origin in
        members.get_mut("Origins").and_then(|it| it["Items"].as_array_mut()).into_iter().flatten()
    {
        say_ports(origin);
    }
    Ok(config)
}

/// CloudFormation's defaults of an origin's members that the API wants.
fn say_ports(origin: &mut Json) {
    if let Some(Json::Object(custom)) = origin.get_mut("CustomOriginConfig") {
        for (name, port) in [("HTTPPort", 80), ("HTTPSPort", 443)] {
            if !custom.keys().any(|key| key.eq_ignore_ascii_case(name)) {
                custom.insert(name.to_owned(), json!(port));
            }
        }
    }
    if let Some(Json::Object(bucket)) = origin.get_mut("S3OriginConfig") {
        bucket.entry("OriginAccessIdentity").or_insert_with(|| json!(""));
    }
}

/// A configuration as members of an input.
fn saved(config: DistributionConfig) -> Json {
    serde_json::to_value(Stored(config)).unwrap_or_default()
}

fn retag(hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
    let account = &hand.draft.place.account;
    let arn = json!(format!("arn:aws:cloudfront::{account}:distribution/{}", held.physical));
    let changes = wish.tag_changes(held);
    if !changes.gone.is_empty() {
        let keys = json!({ "Items": changes.gone });
        hand.call::<UntagResource>(members([("Resource", arn.clone()), ("TagKeys", keys)]))?;
    }
    if let Some(tags) = list(&changes.set) {
        let tags = json!({ "Items": tags });
        hand.call::<TagResource>(members([("Resource", arn), ("Tags", tags)]))?;
    }
    Ok(())
}
