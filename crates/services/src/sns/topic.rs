//! Topics.

use super::{attributes, fault, pages};
use crate::{Cx, tags};
use api::Fault;
use api::sns::*;
use api::value::Nothing;
use model::{Ids, TopicArn};
use world::{Draft, RowKey, Topic as Row, World};

/// The most characters of a topic's name.
const LONGEST: usize = 256;

/// `CreateTopic`. A request that would make what is there already answers that.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: CreateTopicInput,
) -> Result<CreateTopicResponse, Fault> {
    check_name(&input.name)?;
    if input.data_protection_policy.is_some() {
        return Err(fault::not_implemented("DataProtectionPolicy"));
    }
    let given = input.attributes.unwrap_or_default();
    for (name, value) in &given {
        attributes::check(name, value)?;
    }
    let pairs = input.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value));
    let tags = tags::new(pairs).map_err(|mistake| fault::bad_tags(&mistake))?;
    let arn: TopicArn = draft.place.arn("sns", &input.name).into();
    if let Some(held) = draft.topics.get(&arn) {
        if given.iter().any(|(name, value)| held.attributes.get(name) != Some(value)) {
            return Err(fault::topic_differs("Attributes", "attributes"));
        }
        if !tags.is_empty() && tags != held.tags {
            return Err(fault::topic_differs("Tags", "tags"));
        }
    } else {
        draft.put(Row { arn: arn.clone(), attributes: given, created_at: cx.now, tags });
    }
    Ok(CreateTopicResponse { topic_arn: Some(arn.to_string()) })
}

/// `DeleteTopic`, with its subscriptions. One that is not there is no mistake.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteTopicInput,
) -> Result<Nothing, Fault> {
    let parts = input.topic_arn.split(':').count();
    if parts < 6 {
        return Err(fault::no_arn("TopicArn", parts));
    }
    let topic: TopicArn = input.topic_arn.into();
    let of_topic = draft.subscriptions.iter().filter(|held| held.topic == topic);
    let gone: Vec<_> = of_topic.map(|held| held.arn.clone()).collect();
    for subscription in gone {
        draft.remove(RowKey::Subscription(subscription));
    }
    draft.remove(RowKey::Topic(topic));
    Ok(Nothing)
}

/// `ListTopics`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListTopicsInput,
) -> Result<ListTopicsResponse, Fault> {
    let token = input.next_token.as_deref();
    let page = pages(world.topics.iter(), "ListTopics", token, |topic| topic.arn.to_string())?;
    let show = |topic: &Row| Topic { topic_arn: Some(topic.arn.to_string()) };
    Ok(ListTopicsResponse {
        topics: Some(page.rows.into_iter().map(show).collect()),
        next_token: page.next,
    })
}

fn check_name(name: &str) -> Result<(), Fault> {
    if name.ends_with(".fifo") {
        return Err(fault::not_implemented("A FIFO topic"));
    }
    let mut all = name.chars();
    let sound = all.all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if sound && !name.is_empty() && name.len() <= LONGEST {
        Ok(())
    } else {
        Err(fault::invalid("Topic Name"))
    }
}
