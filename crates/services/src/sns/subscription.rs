//! Subscriptions. Each waits for its confirmation, as on AWS until somebody follows a link; here
//! nobody is sent one.

use super::{attributes as topic_attributes, fault, find, pages};
use crate::Cx;
use api::Fault;
use api::sns::*;
use api::value::Nothing;
use model::Ids;
use world::{Draft, RowKey, Subscription as Row, World};

/// What AWS answers instead of the ARN of a subscription that waits.
const PENDING: &str = "pending confirmation";
/// What listings have in its place.
const PENDING_LISTED: &str = "PendingConfirmation";

/// `Subscribe`. A second request for the same endpoint answers the first one's subscription.
pub(super) fn subscribe(
    draft: &mut Draft,
    _: &Cx<'_>,
    ids: &mut Ids,
    input: SubscribeInput,
) -> Result<SubscribeResponse, Fault> {
    let topic = find(draft, &input.topic_arn)?.arn.clone();
    let endpoint = input.endpoint.unwrap_or_default();
    check_endpoint(&input.protocol, &endpoint)?;
    let given = input.attributes.unwrap_or_default();
    topic_attributes::of_subscription(&given)?;
    let same = |held: &&Row| {
        held.topic == topic && held.protocol == input.protocol && held.endpoint == endpoint
    };
    let held = draft.subscriptions.iter().find(same).map(|held| held.arn.clone());
    let arn = match held {
        Some(arn) => arn,
        None => {
            let arn: model::SubscriptionArn = format!("{topic}:{}", ids.uuid()).into();
            let protocol = input.protocol;
            draft.put(Row { arn: arn.clone(), topic, protocol, endpoint, attributes: given });
            arn
        }
    };
    let whole = input.return_subscription_arn == Some(true);
    let shown = if whole { arn.to_string() } else { PENDING.to_owned() };
    Ok(SubscribeResponse { subscription_arn: Some(shown) })
}

/// `ListSubscriptions`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListSubscriptionsInput,
) -> Result<ListSubscriptionsResponse, Fault> {
    let token = input.next_token.as_deref();
    let page = pages(world.subscriptions.iter(), "ListSubscriptions", token, key)?;
    let show = |row: &Row| show(world, row);
    Ok(ListSubscriptionsResponse {
        subscriptions: Some(page.rows.into_iter().map(show).collect()),
        next_token: page.next,
    })
}

/// `ListSubscriptionsByTopic`.
pub(super) fn list_of_topic(
    world: &World,
    _: &Cx<'_>,
    input: ListSubscriptionsByTopicInput,
) -> Result<ListSubscriptionsByTopicResponse, Fault> {
    let topic = &find(world, &input.topic_arn)?.arn;
    let rows = world.subscriptions.iter().filter(|held| held.topic == *topic);
    let page = pages(rows, "ListSubscriptionsByTopic", input.next_token.as_deref(), key)?;
    let show = |row: &Row| show(world, row);
    Ok(ListSubscriptionsByTopicResponse {
        subscriptions: Some(page.rows.into_iter().map(show).collect()),
        next_token: page.next,
    })
}

/// `GetSubscriptionAttributes`.
pub(super) fn attributes(
    world: &World,
    _: &Cx<'_>,
    input: GetSubscriptionAttributesInput,
) -> Result<GetSubscriptionAttributesResponse, Fault> {
    let row = one(world, &input.subscription_arn)?;
    let mut attributes = row.attributes.clone();
    let facts = [
        ("SubscriptionArn", row.arn.to_string()),
        ("TopicArn", row.topic.to_string()),
        ("Owner", world.place.account.to_string()),
        ("Protocol", row.protocol.clone()),
        ("Endpoint", row.endpoint.clone()),
        ("PendingConfirmation", "true".to_owned()),
        ("ConfirmationWasAuthenticated", "false".to_owned()),
    ];
    attributes.extend(facts.map(|(name, value)| (name.to_owned(), value)));
    attributes.entry("RawMessageDelivery".to_owned()).or_insert_with(|| "false".to_owned());
    Ok(GetSubscriptionAttributesResponse { attributes: Some(attributes) })
}

/// `Unsubscribe`. AWS lets nobody end a subscription that waits; it forgets it after three days. Here
/// it would wait for ever, so whoever knows its ARN may end it.
pub(super) fn unsubscribe(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: UnsubscribeInput,
) -> Result<Nothing, Fault> {
    let arn = one(draft, &input.subscription_arn)?.arn.clone();
    draft.remove(RowKey::Subscription(arn));
    Ok(Nothing)
}

fn one<'a>(world: &'a World, arn: &str) -> Result<&'a Row, Fault> {
    let parts = arn.split(':').count();
    if parts < 6 {
        return Err(fault::no_arn("SubscriptionArn", parts));
    }
    world.subscriptions.get(arn).ok_or_else(fault::no_subscription)
}

fn key(row: &&Row) -> String {
    row.arn.to_string()
}

fn show(world: &World, row: &Row) -> Subscription {
    Subscription {
        subscription_arn: Some(PENDING_LISTED.to_owned()),
        owner: Some(world.place.account.to_string()),
        protocol: Some(row.protocol.clone()),
        endpoint: Some(row.endpoint.clone()),
        topic_arn: Some(row.topic.to_string()),
    }
}

fn check_endpoint(protocol: &str, endpoint: &str) -> Result<(), Fault> {
    let sound = match protocol {
        "email" | "email-json" => {
            let parts = endpoint.split_once('@');
            parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        }
        "http" => endpoint.strip_prefix("http://").is_some_and(|host| !host.is_empty()),
        "https" => endpoint.strip_prefix("https://").is_some_and(|host| !host.is_empty()),
        "sms" | "sqs" | "lambda" | "application" | "firehose" => {
            return Err(fault::not_implemented(&format!("The protocol {protocol}")));
        }
        _ => return Err(fault::bad_protocol(protocol)),
    };
    if sound { Ok(()) } else { Err(fault::bad_endpoint(protocol)) }
}
