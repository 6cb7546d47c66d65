//! Scalable targets: the bounds of a service's count (reference §5.1).

use super::{DIMENSION, NAMESPACE, PAGE, asked, check_service, fault, id, order, resource};
use crate::page::{Ask, limit, page};
use crate::{Cx, tags};
use api::Fault;
use api::autoscaling::*;
use model::Ids;
use world::scaling::ScalingActivity as Activity;
use world::{Draft, RowKey, ScalableTarget as Row, ServiceKey, Stored, World};

/// How long what an ARN ends in is.
const ID: usize = 32;

/// `RegisterScalableTarget`: makes a target, or gives it other bounds. What is not said stays.
pub(super) fn register(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: RegisterScalableTargetRequest,
) -> Result<RegisterScalableTargetResponse, Fault> {
    let key = resource(&input.service_namespace, &input.resource_id, &input.scalable_dimension)?;
    check_service(draft, &key)?;
    let known = draft.scalable_targets.get(&key).cloned();
    let min = bound("MinCapacity", input.min_capacity)?.or(known.as_ref().map(|held| held.min));
    let max = bound("MaxCapacity", input.max_capacity)?.or(known.as_ref().map(|held| held.max));
    let (Some(min), Some(max)) = (min, max) else { return Err(fault::no_bounds()) };
    if min > max {
        return Err(fault::bounds_cross());
    }
    let mut target = known.unwrap_or_else(|| made(key, cx, ids));
    let added = tags::merged(&target.tags, input.tags.unwrap_or_default(), tags::MOST);
    target.tags = added.map_err(|mistake| fault::bad_tags(&mistake))?;
    (target.min, target.max) = (min, max);
    target.suspended = Stored(suspended(&target.suspended, input.suspended_state));
    bring_within(draft, &mut target, cx, ids);
    let scalable_target_arn = Some(arn(draft, &target));
    draft.put(target);
    Ok(RegisterScalableTargetResponse { scalable_target_arn })
}

/// `DescribeScalableTargets`.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeScalableTargetsRequest,
) -> Result<DescribeScalableTargetsResponse, Fault> {
    let ids = input.resource_ids.unwrap_or_default();
    let dimension = input.scalable_dimension.as_deref();
    let namespace = input.service_namespace.as_str();
    let mut wanted = Vec::new();
    for id in &ids {
        wanted.push(asked(namespace, Some(id), dimension)?);
    }
    let any = asked(namespace, None, None)?;
    let fits = |row: &&Row| {
        any(&row.service) && (ids.is_empty() || wanted.iter().any(|fits| fits(&row.service)))
    };
    let rows = world.scalable_targets.iter().filter(fits);
    let limit = limit(input.max_results, PAGE, PAGE);
    let token = input.next_token.as_deref();
    let ask = Ask { listing: "DescribeScalableTargets", token, limit };
    let page = page(rows, &ask, |row| order(&row.service)).map_err(fault::bad_token)?;
    Ok(DescribeScalableTargetsResponse {
        scalable_targets: Some(page.rows.into_iter().map(|row| show(world, row)).collect()),
        next_token: page.next,
    })
}

/// `DeregisterScalableTarget`, with its policies, their alarms, and its scheduled actions.
pub(super) fn deregister(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeregisterScalableTargetRequest,
) -> Result<DeregisterScalableTargetResponse, Fault> {
    let key = resource(&input.service_namespace, &input.resource_id, &input.scalable_dimension)?;
    super::target(draft, &key)?;
    let policies: Vec<_> =
        draft.scaling_policies.iter().filter(|held| held.key.service == key).cloned().collect();
    for policy in policies {
        super::alarms::forget(draft, &policy);
        draft.remove(RowKey::ScalingPolicy(policy.key));
    }
    let actions: Vec<_> =
        draft.scheduled_actions.iter().filter(|held| held.key.service == key).cloned().collect();
    for action in actions {
        draft.remove(RowKey::ScheduledAction(action.key));
    }
    draft.remove(RowKey::ScalableTarget(key));
    Ok(DeregisterScalableTargetResponse::default())
}

/// A target's ARN.
pub(super) fn arn(world: &World, target: &Row) -> String {
    world.place.arn("application-autoscaling", &format!("scalable-target/{}", target.id))
}

fn made(service: ServiceKey, cx: &Cx<'_>, ids: &mut Ids) -> Row {
    Row {
        service,
        id: ids.hex(ID),
        min: 0,
        max: 0,
        suspended: Stored(SuspendedState::default()),
        created_at: cx.now,
        activities: std::collections::VecDeque::new(),
        tags: world::Tags::new(),
    }
}

fn bound(what: &str, given: Option<i32>) -> Result<Option<u32>, Fault> {
    given.map(|given| u32::try_from(given).map_err(|_| fault::below_zero(what))).transpose()
}

fn suspended(held: &SuspendedState, given: Option<SuspendedState>) -> SuspendedState {
    let given = given.unwrap_or_default();
    let either = |given: Option<bool>, held: Option<bool>| Some(given.or(held).unwrap_or(false));
    SuspendedState {
        dynamic_scaling_in_suspended: either(
            given.dynamic_scaling_in_suspended,
            held.dynamic_scaling_in_suspended,
        ),
        dynamic_scaling_out_suspended: either(
            given.dynamic_scaling_out_suspended,
            held.dynamic_scaling_out_suspended,
        ),
        scheduled_scaling_suspended: either(
            given.scheduled_scaling_suspended,
            held.scheduled_scaling_suspended,
        ),
    }
}

/// A count outside of the bounds is brought to the nearer one.
fn bring_within(draft: &mut Draft, target: &mut Row, cx: &Cx<'_>, ids: &mut Ids) {
    let Some(mut service) = draft.services.get(&target.service).cloned() else { return };
    let (cause, count) = match service.desired_count {
        less if less < target.min => ("minimum", target.min),
        more if more > target.max => ("maximum", target.max),
        _ => return,
    };
    service.desired_count = count;
    draft.put(service);
    let cause = format!("{cause} capacity was set to {count}");
    target.note(Activity { id: ids.uuid(), cause, count, at: cx.now });
}

fn show(world: &World, row: &Row) -> ScalableTarget {
    let count = |count| i32::try_from(count).unwrap_or(i32::MAX);
    let account = &world.place.account;
    ScalableTarget {
        service_namespace: NAMESPACE.to_owned(),
        resource_id: id(&row.service),
        scalable_dimension: DIMENSION.to_owned(),
        min_capacity: count(row.min),
        max_capacity: count(row.max),
        predicted_capacity: None,
        role_arn: format!(
            "arn:aws:iam::{account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/\
             AWSServiceRoleForApplicationAutoScaling_ECSService"
        ),
        creation_time: row.created_at,
        suspended_state: Some(row.suspended.0.clone()),
        scalable_target_arn: Some(arn(world, row)),
    }
}
