//! `AWS::Logs::LogGroup`.

use super::{Kind, Look, Removal, changed, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish};
use api::logs::*;
use serde_json::json;
use world::stack::Standing;

/// The type.
#[derive(Debug)]
pub(super) struct LogGroup;

const NAME: Naming = Naming { most: 512, lower: Case::Any };

impl Kind for LogGroup {
    fn name(&self) -> &'static str {
        "AWS::Logs::LogGroup"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["LogGroupName", "LogGroupClass", "KmsKeyId"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("LogGroupName")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let name = wish.name("LogGroupName", NAME, hand);
        let mut input = wish.without(&["RetentionInDays"]);
        input.insert("LogGroupName".to_owned(), json!(name));
        let tags = wish.tags();
        if !tags.is_empty() {
            input.insert("tags".to_owned(), json!(tags));
        }
        hand.call::<CreateLogGroup>(input)?;
        retain(hand, &name, wish)?;
        Ok(name)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        let name = json!(held.physical);
        if changed(held, wish, &["RetentionInDays"]) {
            retain(hand, &held.physical, wish)?;
        }
        if changed(held, wish, &["DeletionProtectionEnabled"]) {
            let mut input = wish.only(&["DeletionProtectionEnabled"]);
            input.entry("deletionProtectionEnabled").or_insert(json!(false));
            input.insert("logGroupIdentifier".to_owned(), name);
            hand.call::<PutLogGroupDeletionProtection>(input)?;
        }
        let changes = wish.tag_changes(held);
        let arn = held.attributes.text("Arn").unwrap_or_default();
        let arn = json!(arn.strip_suffix(":*").unwrap_or(arn));
        if !changes.gone.is_empty() {
            let gone = json!(changes.gone);
            let input = members([("resourceArn", arn.clone()), ("tagKeys", gone)]);
            hand.call::<UntagResource>(input)?;
        }
        if !changes.set.is_empty() {
            let input = members([("resourceArn", arn), ("tags", json!(changes.set))]);
            hand.call::<TagResource>(input)?;
        }
        Ok(())
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<DeleteLogGroup>(members([("logGroupName", json!(held.physical))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let input = members([("logGroupNamePrefix", json!(held.physical))]);
        let found = hand.call::<DescribeLogGroups>(input)?.log_groups.unwrap_or_default();
        let own = found.into_iter().find(|it| it.log_group_name.as_ref() == Some(&held.physical));
        Ok(stable([("Arn", json!(own.and_then(|it| it.arn)))]))
    }
}

/// Says how long events are kept; for ever where the template says nothing.
fn retain(hand: &mut Hand<'_>, name: &str, wish: &Wish<'_>) -> Result<(), Failure> {
    let mut input = members([("logGroupName", json!(name))]);
    match wish.properties.get("RetentionInDays") {
        Some(days) => {
            input.insert("retentionInDays".to_owned(), days.clone());
            hand.call::<PutRetentionPolicy>(input)?;
        }
        None => drop(hand.call::<DeleteRetentionPolicy>(input)?),
    }
    Ok(())
}
