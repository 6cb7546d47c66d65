//! `AWS::CloudFront::Function`. Where `AutoPublish` is not true, what is live stays as it is.

use super::super::{Kind, Look, Removal, stable};
use super::words;
use crate::cloudformation::failure::Failure;
use crate::cloudformation::fit::text_of;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::Wish;
use api::cloudfront::*;
use serde_json::{Map, Value as Json, json};
use world::stack::Standing;

/// A function.
#[derive(Debug)]
pub(in super::super) struct Function;

impl Kind for Function {
    fn name(&self) -> &'static str {
        "AWS::CloudFront::Function"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["FunctionARN", "FunctionMetadata.FunctionARN", "Stage"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["Name"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("Name")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let input = input(wish);
        let made = hand.call::<CreateFunction>(input)?;
        let arn = made.function_summary.map(|made| made.function_metadata.function_arn);
        let arn = arn.unwrap_or_default();
        publish(hand, &arn, wish, made.e_tag)?;
        Ok(arn)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        let mut input = input(wish);
        input.extend(at(&held.physical, describe(hand, held, "DEVELOPMENT")?.e_tag));
        let revision = hand.call::<UpdateFunction>(input)?.e_tag;
        publish(hand, &held.physical, wish, revision)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        let revision = describe(hand, held, "DEVELOPMENT")?.e_tag;
        hand.call::<DeleteFunction>(at(&held.physical, revision))?;
        Ok(Removal::Gone)
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let is_live = describe(hand, held, "LIVE").is_ok();
        Ok(stable([
            ("FunctionARN", json!(held.physical)),
            ("FunctionMetadata.FunctionARN", json!(held.physical)),
            ("Stage", json!(if is_live { "LIVE" } else { "DEVELOPMENT" })),
        ]))
    }
}

/// The members of a function's making. A summary of what it is can't be wanted otherwise.
fn input(wish: &Wish<'_>) -> Map<String, Json> {
    let mut input = wish.without(&["AutoPublish"]);
    if let Some(config) = input.get_mut("FunctionConfig") {
        *config = words::along(&shapes::FUNCTION_CONFIG, config);
    }
    input
}

fn describe(
    hand: &mut Hand<'_>,
    held: &Standing,
    stage: &str,
) -> Result<DescribeFunctionResult, Failure> {
    let name = json!(name(&held.physical));
    hand.call::<DescribeFunction>(members([("Name", name), ("Stage", json!(stage))]))
}

fn publish(
    hand: &mut Hand<'_>,
    arn: &str,
    wish: &Wish<'_>,
    revision: Option<String>,
) -> Result<(), Failure> {
    let wanted = wish.properties.get("AutoPublish").and_then(text_of);
    if wanted.as_deref() == Some("true") {
        hand.call::<PublishFunction>(at(arn, revision))?;
    }
    Ok(())
}

fn at(arn: &str, revision: Option<String>) -> Map<String, Json> {
    members([("Name", json!(name(arn))), ("IfMatch", json!(revision.unwrap_or_default()))])
}

/// A function's name, with which its ARN ends.
fn name(arn: &str) -> &str {
    arn.rsplit_once('/').map_or(arn, |(_, name)| name)
}
