//! Simple Notification Service: topics, their attributes, and subscriptions that wait.
//!
//! The region sends nothing: no mail, no request. So no subscription is ever confirmed, and what is
//! published to a topic is taken and reaches nobody. What a subscription can't even wait for here (queues,
//! functions, phones) is refused.

mod attributes;
mod fault;
mod publish;
mod subscription;
mod tagging;
#[cfg(test)]
mod tests;
mod topic;

use crate::Table;
use crate::page::{Ask, Page, page};
use api::Fault;
use api::sns::*;
use world::{Topic as Row, World};

/// Why nothing is heard of a message.
const UNHEARD: &str = "the region sends nothing: no subscription is ever confirmed";

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    ("CreateTopic.Attributes, SetTopicAttributes", "kept and shown; the region sends nothing"),
    ("Subscribe.Endpoint", "kept and shown; nobody is asked for a confirmation"),
    ("Subscribe.Attributes", "kept and shown; the region sends nothing"),
    ("Publish.Message", UNHEARD),
    ("Publish.Subject", UNHEARD),
    ("Publish.MessageStructure", UNHEARD),
    ("Publish.MessageAttributes", UNHEARD),
];

/// How many rows a page of a listing has.
const PAGE: usize = 100;

/// The operations of SNS.
pub(crate) fn table() -> Table {
    Table::default()
        .write::<CreateTopic>(topic::create)
        .write::<DeleteTopic>(topic::delete)
        .read::<ListTopics>(topic::list)
        .read::<GetTopicAttributes>(attributes::get)
        .write::<SetTopicAttributes>(attributes::set)
        .write::<Subscribe>(subscription::subscribe)
        .read::<ListSubscriptions>(subscription::list)
        .read::<ListSubscriptionsByTopic>(subscription::list_of_topic)
        .read::<GetSubscriptionAttributes>(subscription::attributes)
        .write::<Unsubscribe>(subscription::unsubscribe)
        .read::<Publish>(publish::publish)
        .write::<TagResource>(tagging::add)
        .write::<UntagResource>(tagging::remove)
        .read::<ListTagsForResource>(tagging::list)
}

/// The topic with this ARN.
fn find<'a>(world: &'a World, arn: &str) -> Result<&'a Row, Fault> {
    let parts = arn.split(':').count();
    if parts < 6 {
        return Err(fault::no_arn("TopicArn", parts));
    }
    world.topics.get(arn).ok_or_else(fault::no_topic)
}

/// A page of one of SNS's listings.
fn pages<T>(
    rows: impl IntoIterator<Item = T>,
    listing: &'static str,
    token: Option<&str>,
    key: impl Fn(&T) -> String,
) -> Result<Page<T>, Fault> {
    page(rows, &Ask { listing, token, limit: PAGE }, key).map_err(|_| fault::bad_token())
}
