//! `AWS::SNS::Topic`.

use super::{Kind, Look, Removal, changed, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish, list};
use api::sns::*;
use serde_json::json;
use world::stack::Standing;

/// The type.
#[derive(Debug)]
pub(super) struct Topic;

const NAME: Naming = Naming { most: 256, lower: Case::Any };

impl Kind for Topic {
    fn name(&self) -> &'static str {
        "AWS::SNS::Topic"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["TopicArn", "TopicName"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["TopicName"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("TopicName")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let name = wish.name("TopicName", NAME, hand);
        let mut input = wish.without(&["DisplayName", "KmsMasterKeyId", "TopicName"]);
        input.insert("Name".to_owned(), json!(name));
        let attributes = wish.only(&["DisplayName", "KmsMasterKeyId"]);
        if !attributes.is_empty() {
            input.insert("Attributes".to_owned(), attributes.into());
        }
        input.extend(wish.tag_list().map(|tags| ("Tags".to_owned(), tags)));
        Ok(hand.call::<CreateTopic>(input)?.topic_arn.unwrap_or_default())
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        for name in ["DisplayName", "KmsMasterKeyId"] {
            if changed(held, wish, &[name]) {
                let value = wish.properties.get(name).cloned().unwrap_or_else(|| json!(""));
                let input = members([
                    ("TopicArn", json!(held.physical)),
                    ("AttributeName", json!(name)),
                    ("AttributeValue", value),
                ]);
                hand.call::<SetTopicAttributes>(input)?;
            }
        }
        let changes = wish.tag_changes(held);
        let arn = ("ResourceArn", json!(held.physical));
        if !changes.gone.is_empty() {
            let gone = json!(changes.gone);
            hand.call::<UntagResource>(members([arn.clone(), ("TagKeys", gone)]))?;
        }
        if let Some(tags) = list(&changes.set) {
            hand.call::<TagResource>(members([arn, ("Tags", tags)]))?;
        }
        Ok(())
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<DeleteTopic>(members([("TopicArn", json!(held.physical))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let name = held.physical.rsplit_once(':').map(|(_, name)| name);
        Ok(stable([("TopicArn", json!(held.physical)), ("TopicName", json!(name))]))
    }
}
