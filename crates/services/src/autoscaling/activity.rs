//! `DescribeScalingActivities` (reference §5.5).

use super::{DIMENSION, NAMESPACE, PAGE, asked, fault, id};
use crate::Cx;
use crate::page::{Ask, limit, page};
use api::Fault;
use api::autoscaling::*;
use model::Timestamp;
use std::cmp::Reverse;
use world::scaling::ScalingActivity as Activity;
use world::{ScalableTarget as Row, ServiceKey, World};

/// What the scheduler says when a service has its count.
const STEADY: &str = "has reached a steady state.";

/// How counts were moved, the newest first.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeScalingActivitiesRequest,
) -> Result<DescribeScalingActivitiesResponse, Fault> {
    let (resource, dimension) = (input.resource_id.as_deref(), input.scalable_dimension.as_deref());
    let wanted = asked(&input.service_namespace, resource, dimension)?;
    let targets = world.scalable_targets.iter().filter(|row| wanted(&row.service));
    let mut shown: Vec<ScalingActivity> = targets.flat_map(|row| activities(world, row)).collect();
    shown.sort_by_key(order);
    let ask = Ask {
        listing: "DescribeScalingActivities",
        token: input.next_token.as_deref(),
        limit: limit(input.max_results, PAGE, PAGE),
    };
    // The token is a place in an order that only grows at its beginning: newer ones are passed over.
    let key = |shown: &ScalingActivity| place(shown);
    let page = page(shown, &ask, key).map_err(fault::bad_token)?;
    Ok(DescribeScalingActivitiesResponse {
        scaling_activities: Some(page.rows),
        next_token: page.next,
    })
}

fn order(shown: &ScalingActivity) -> (Reverse<Timestamp>, String) {
    (Reverse(shown.start_time), shown.activity_id.clone())
}

/// A text that stands in the order of [`order`].
fn place(shown: &ScalingActivity) -> String {
    let left = i64::MAX - shown.start_time.millis();
    format!("{left:020}/{}", shown.activity_id)
}

fn activities<'a>(world: &'a World, row: &'a Row) -> impl Iterator<Item = ScalingActivity> + 'a {
    let after = row.activities.iter().skip(1).map(Some).chain([None]);
    row.activities.iter().zip(after).map(|(held, next)| show(world, row, held, next))
}

fn show(world: &World, row: &Row, held: &Activity, next: Option<&Activity>) -> ScalingActivity {
    let done = steady_after(world, &row.service, held.at);
    let overridden = next.map(|next| next.at).filter(|at| done.is_none_or(|done| *at < done));
    let set = format!("Successfully set desired count to {}.", held.count);
    let (code, end, message) = match (overridden, done) {
        (Some(at), _) => ("Overridden", Some(at), set),
        (None, Some(done)) => {
            ("Successful", Some(done), format!("{set} Change successfully fulfilled by ecs."))
        }
        (None, None) => {
            ("InProgress", None, format!("{set} Waiting for change to be fulfilled by ecs."))
        }
    };
    ScalingActivity {
        activity_id: held.id.clone(),
        service_namespace: NAMESPACE.to_owned(),
        resource_id: id(&row.service),
        scalable_dimension: DIMENSION.to_owned(),
        description: format!("Setting desired count to {}.", held.count),
        cause: held.cause.clone(),
        start_time: held.at,
        end_time: end,
        status_code: code.to_owned(),
        status_message: Some(message),
        details: None,
        not_scaled_reasons: None,
    }
}

/// When the service first had its count after a time, as its events tell.
fn steady_after(world: &World, service: &ServiceKey, at: Timestamp) -> Option<Timestamp> {
    let mut events = world.events_of(service).filter(|event| event.at > at);
    events.find(|event| event.message.ends_with(STEADY)).map(|event| event.at)
}
