//! `AWS::SNS::Subscription` and `AWS::SNS::TopicPolicy`.

use super::{Kind, Look, Removal, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish};
use api::sns::*;
use serde_json::{Map, Value as Json, json};
use world::stack::Standing;

/// A subscription.
#[derive(Debug)]
pub(super) struct Subscription;

/// A policy of topics.
#[derive(Debug)]
pub(super) struct TopicPolicy;

const POLICY: Naming = Naming { most: 256, lower: Case::Any };
// === impl Kind for Subscription ===

impl Kind for Subscription {
    fn name(&self) -> &'static str {
        "AWS::SNS::Subscription"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn"]
    }

    // What AWS can change in place, the region makes anew: it has no operation for it.
    fn replaced_by(&self) -> &'static [&'static str] {
        &[
            "DeliveryPolicy",
            "Endpoint",
            "FilterPolicy",
            "FilterPolicyScope",
            "Protocol",
            "RawMessageDelivery",
            "RedrivePolicy",
            "TopicArn",
        ]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let mut input = wish.only(&["Endpoint", "Protocol", "TopicArn"]);
        let others = wish.without(&["Endpoint", "Protocol", "TopicArn"]);
        let text = |value: Json| match value {
            Json::String(text) => text,
            other => other.to_string(),
        };
        let attributes: Map<String, Json> =
            others.into_iter().map(|(name, value)| (name, json!(text(value)))).collect();
        input.extend(members([
            ("Attributes", attributes.into()),
            ("ReturnSubscriptionArn", json!(true)),
        ]));
        Ok(hand.call::<Subscribe>(input)?.subscription_arn.unwrap_or_default())
    }

    fn update(&self, _: &mut Hand<'_>, _: &Standing, _: &Wish<'_>) -> Result<(), Failure> {
        Ok(())
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<Unsubscribe>(members([("SubscriptionArn", json!(held.physical))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        Ok(stable([("Arn", json!(held.physical))]))
    }
}

// === impl Kind for TopicPolicy ===

impl Kind for TopicPolicy {
    fn name(&self) -> &'static str {
        "AWS::SNS::TopicPolicy"
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        set_policy(hand, wish)?;
        Ok(wish.name("", POLICY, hand))
    }

    fn update(&self, hand: &mut Hand<'_>, _: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        set_policy(hand, wish)
    }

    // A topic always has a policy: AWS leaves the last one, too.
    fn remove(&self, _: &mut Hand<'_>, _: &Standing) -> Result<Removal, Failure> {
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, _: &Standing) -> Result<Look, Failure> {
        Ok(stable([]))
    }
}

fn set_policy(hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<(), Failure> {
    let document = wish.properties.get("PolicyDocument").cloned().unwrap_or_default().to_string();
    let topics = wish.properties.get("Topics").and_then(Json::as_array);
    for topic in topics.into_iter().flatten() {
        hand.call::<SetTopicAttributes>(members([
            ("TopicArn", topic.clone()),
            ("AttributeName", json!("Policy")),
            ("AttributeValue", json!(document)),
        ]))?;
    }
    Ok(())
}
