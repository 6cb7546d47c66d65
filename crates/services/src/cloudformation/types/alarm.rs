//! `AWS::CloudWatch::Alarm`.

use super::{Kind, Look, Removal, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish, list};
use api::cloudwatch::*;
use serde_json::json;
use world::stack::Standing;

/// The type.
#[derive(Debug)]
pub(super) struct Alarm;

const NAME: Naming = Naming { most: 255, lower: Case::Any };

impl Kind for Alarm {
    fn name(&self) -> &'static str {
        "AWS::CloudWatch::Alarm"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["AlarmName"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("AlarmName")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let name = wish.name("AlarmName", NAME, hand);
        let named = members([("AlarmNames", json!([name]))]);
        let there = hand.call::<DescribeAlarms>(named)?.metric_alarms;
        if there.is_some_and(|alarms| !alarms.is_empty()) {
            return Err(Failure::handler("AlreadyExists", format!("{name} already exists")));
        }
        let mut input = wish.without(&[]);
        input.insert("AlarmName".to_owned(), json!(name));
        input.extend(wish.tag_list().map(|tags| ("Tags".to_owned(), tags)));
        hand.call::<PutMetricAlarm>(input)?;
        Ok(name)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        let mut input = wish.without(&[]);
        input.insert("AlarmName".to_owned(), json!(held.physical));
        hand.call::<PutMetricAlarm>(input)?;
        let changes = wish.tag_changes(held);
        let arn = ("ResourceARN", json!(held.attributes.text("Arn")));
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
        hand.call::<DeleteAlarms>(members([("AlarmNames", json!([held.physical]))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let input = members([("AlarmNames", json!([held.physical]))]);
        let found = hand.call::<DescribeAlarms>(input)?.metric_alarms.unwrap_or_default();
        let Some(found) = found.into_iter().next() else { return Ok(Look::NotYet) };
        Ok(stable([("Arn", json!(found.alarm_arn))]))
    }
}
