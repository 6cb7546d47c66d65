//! `AWS::ApplicationAutoScaling::ScalableTarget` and `AWS::ApplicationAutoScaling::ScalingPolicy`.

use super::{Kind, Look, Removal, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::Wish;
use api::autoscaling::*;
use serde_json::{Map, Value as Json, json};
use world::stack::Standing;

/// The bounds of a service's count.
#[derive(Debug)]
pub(super) struct Target;

/// What moves it.
#[derive(Debug)]
pub(super) struct Policy;

/// Where a target is, in the order in which `Ref` names it: `service/a/b|ecs:service:DesiredCount|ecs`.
const PLACE: [&str; 3] = ["ResourceId", "ScalableDimension", "ServiceNamespace"];

// === impl Kind for Target ===

impl Kind for Target {
    fn name(&self) -> &'static str {
        "AWS::ApplicationAutoScaling::ScalableTarget"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Id"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &PLACE
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        register(hand, wish, &wish.only(&PLACE))
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        let place = place(&held.physical)?;
        for name in names(&held.properties) {
            if !names(wish.properties).contains(&name) {
                let named = [("ScheduledActionName", json!(name))];
                hand.call::<DeleteScheduledAction>(with(&place, named))?;
            }
        }
        register(hand, wish, &place).map(drop)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<DeregisterScalableTarget>(place(&held.physical)?)?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        Ok(stable([("Id", json!(held.physical))]))
    }
}

/// Registers the target, and puts its scheduled actions; answers what `Ref` does.
fn register(
    hand: &mut Hand<'_>,
    wish: &Wish<'_>,
    place: &Map<String, Json>,
) -> Result<String, Failure> {
    let mut input = wish.without(&["ScheduledActions"]);
    input.extend(place.clone());
    hand.call::<RegisterScalableTarget>(input)?;
    let actions = wish.properties.get("ScheduledActions").and_then(Json::as_array);
    for action in actions.into_iter().flatten().filter_map(Json::as_object) {
        let mut action = action.clone();
        action.extend(place.clone());
        hand.call::<PutScheduledAction>(action)?;
    }
    let text = |name: &str| place.get(name).and_then(Json::as_str).unwrap_or_default();
    Ok(PLACE.map(text).join("|"))
}

/// The names of scheduled actions among properties.
fn names(properties: &Map<String, Json>) -> Vec<String> {
    let actions = properties.get("ScheduledActions").and_then(Json::as_array);
    let name = |action: &Json| action["ScheduledActionName"].as_str().map(str::to_owned);
    actions.into_iter().flatten().filter_map(name).collect()
}

/// The members that `Ref` of a target stands for.
fn place(id: &str) -> Result<Map<String, Json>, Failure> {
    let parts: Vec<&str> = id.split('|').collect();
    if parts.len() != PLACE.len() {
        let message = format!("{id} is no scalable target");
        return Err(Failure::handler("InvalidRequest", message));
    }
    Ok(PLACE.iter().zip(parts).map(|(name, part)| ((*name).to_owned(), json!(part))).collect())
}

fn with<const N: usize>(place: &Map<String, Json>, more: [(&str, Json); N]) -> Map<String, Json> {
    let mut input = members(more);
    input.extend(place.clone());
    input
}

// === impl Kind for Policy ===

impl Kind for Policy {
    fn name(&self) -> &'static str {
        "AWS::ApplicationAutoScaling::ScalingPolicy"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["PolicyName", "ResourceId", "ScalableDimension", "ScalingTargetId", "ServiceNamespace"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("PolicyName")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        Ok(hand.call::<PutScalingPolicy>(policy(wish)?)?.policy_arn)
    }

    fn update(&self, hand: &mut Hand<'_>, _: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        hand.call::<PutScalingPolicy>(policy(wish)?).map(drop)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        let wish = policy_of(&held.properties)?;
        let kept = |name: &String| name == "PolicyName" || PLACE.contains(&name.as_str());
        hand.call::<DeleteScalingPolicy>(
            wish.into_iter().filter(|(name, _)| kept(name)).collect(),
        )?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        Ok(stable([("Arn", json!(held.physical))]))
    }
}

fn policy(wish: &Wish<'_>) -> Result<Map<String, Json>, Failure> {
    policy_of(&wish.without(&[]))
}

/// A policy names its target by `Ref` or by its three members.
fn policy_of(properties: &Map<String, Json>) -> Result<Map<String, Json>, Failure> {
    let mut input = properties.clone();
    if let Some(Json::String(target)) = input.remove("ScalingTargetId") {
        input.extend(place(&target)?);
    }
    Ok(input)
}
