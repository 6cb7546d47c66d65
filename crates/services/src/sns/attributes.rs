//! Attributes of topics: those that were set, and those that follow.

use super::{fault, find};
use crate::{Cx, policy};
use api::Fault;
use api::sns::{GetTopicAttributesInput, GetTopicAttributesResponse, SetTopicAttributesInput};
use api::value::Nothing;
use model::Ids;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use world::{Draft, Topic, World};

/// The attributes that can be set. The others of AWS's are about deliveries by queues, functions and
/// FIFO topics, which are not here.
const SETTABLE: [&str; 7] = [
    "DeliveryPolicy",
    "DisplayName",
    "KmsMasterKeyId",
    "Policy",
    "SignatureVersion",
    "TracingConfig",
    "HTTPSuccessFeedbackSampleRate",
];

/// `GetTopicAttributes`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetTopicAttributesInput,
) -> Result<GetTopicAttributesResponse, Fault> {
    let topic = find(world, &input.topic_arn)?;
    let mut attributes = topic.attributes.clone();
    let pending = world.subscriptions.iter().filter(|held| held.topic == topic.arn).count();
    let owner = world.place.account.to_string();
    let facts = [
        ("Owner", owner.clone()),
        ("TopicArn", topic.arn.to_string()),
        ("SubscriptionsConfirmed", "0".to_owned()),
        ("SubscriptionsPending", pending.to_string()),
        ("SubscriptionsDeleted", "0".to_owned()),
        ("EffectiveDeliveryPolicy", delivery()),
    ];
    attributes.extend(facts.map(|(name, value)| (name.to_owned(), value)));
    attributes.entry("Policy".to_owned()).or_insert_with(|| own_policy(topic, &owner));
    attributes.entry("DisplayName".to_owned()).or_default();
    Ok(GetTopicAttributesResponse { attributes: Some(attributes) })
}

/// `SetTopicAttributes`.
pub(super) fn set(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: SetTopicAttributesInput,
) -> Result<Nothing, Fault> {
    let mut topic = find(draft, &input.topic_arn)?.clone();
    let value = input.attribute_value.unwrap_or_default();
    check(&input.attribute_name, &value)?;
    topic.attributes.insert(input.attribute_name, value);
    draft.put(topic);
    Ok(Nothing)
}

/// Whether an attribute can have a value.
pub(super) fn check(name: &str, value: &str) -> Result<(), Fault> {
    if !SETTABLE.contains(&name) {
        return Err(fault::invalid("AttributeName"));
    }
    let sound = match name {
        "Policy" => policy::check_resource(value).is_ok(),
        "DeliveryPolicy" => value.is_empty() || is_object(value),
        "SignatureVersion" => ["1", "2"].contains(&value),
        "TracingConfig" => ["PassThrough", "Active"].contains(&value),
        "DisplayName" => value.len() <= 100,
        _ => true,
    };
    if sound { Ok(()) } else { Err(fault::bad_value(name)) }
}

fn is_object(text: &str) -> bool {
    serde_json::from_str::<Json>(text).is_ok_and(|json| json.is_object())
}

/// The policy that AWS gives a topic: its owner may do everything with it.
fn own_policy(topic: &Topic, owner: &str) -> String {
    json!({
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [{
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": { "AWS": "*" },
            "Action": [
                "SNS:GetTopicAttributes",
                "SNS:SetTopicAttributes",
                "SNS:AddPermission",
                "SNS:RemovePermission",
                "SNS:DeleteTopic",
                "SNS:Subscribe",
                "SNS:ListSubscriptionsByTopic",
                "SNS:Publish",
            ],
            "Resource": topic.arn.as_str(),
            "Condition": { "StringEquals": { "AWS:SourceOwner": owner } },
        }],
    })
    .to_string()
}

/// How AWS would try again, unless a topic says otherwise.
fn delivery() -> String {
    let retries = json!({
        "minDelayTarget": 20,
        "maxDelayTarget": 20,
        "numRetries": 3,
        "numMaxDelayRetries": 0,
        "numNoDelayRetries": 0,
        "numMinDelayRetries": 0,
        "backoffFunction": "linear",
    });
    let request = json!({ "headerContentType": "text/plain; charset=UTF-8" });
    json!({
        "http": {
            "defaultHealthyRetryPolicy": retries,
            "disableSubscriptionOverrides": false,
            "defaultRequestPolicy": request,
        },
    })
    .to_string()
}

/// The attributes of a subscription that are kept, and shown.
pub(super) fn of_subscription(given: &BTreeMap<String, String>) -> Result<(), Fault> {
    for (name, value) in given {
        match name.as_str() {
            "RawMessageDelivery" if ["true", "false"].contains(&value.as_str()) => {}
            "FilterPolicy" | "DeliveryPolicy" | "RedrivePolicy" if is_object(value) => {}
            "FilterPolicyScope"
                if ["MessageAttributes", "MessageBody"].contains(&value.as_str()) => {}
            "RawMessageDelivery" | "FilterPolicy" | "DeliveryPolicy" | "RedrivePolicy"
            | "FilterPolicyScope" => return Err(fault::bad_value(name)),
            _ => return Err(fault::invalid("Attributes")),
        }
    }
    Ok(())
}
