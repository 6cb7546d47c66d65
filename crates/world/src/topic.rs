//! SNS topics, and who wants to hear what is published to them.

use crate::{Held, Tags};
use model::{SubscriptionArn, Timestamp, TopicArn};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// Its ARN, which ends in its name.
    pub arn: TopicArn,
    /// The attributes that were set, by AWS's names.
    pub attributes: BTreeMap<String, String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Tags.
    pub tags: Tags,
}

/// A subscription to a topic. It waits for a confirmation that nobody asks for: nothing is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Its ARN: the topic's, and a UUID.
    pub arn: SubscriptionArn,
    /// The topic.
    pub topic: TopicArn,
    /// `email`, `email-json`, `http` or `https`.
    pub protocol: String,
    /// An address, as the protocol has them.
    pub endpoint: String,
    /// The attributes that were set, by AWS's names.
    pub attributes: BTreeMap<String, String>,
}

impl Held for Topic {
    type Key = TopicArn;

    fn key(&self) -> TopicArn {
        self.arn.clone()
    }
}

impl Held for Subscription {
    type Key = SubscriptionArn;

    fn key(&self) -> SubscriptionArn {
        self.arn.clone()
    }
}
