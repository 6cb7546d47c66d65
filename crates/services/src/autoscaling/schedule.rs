//! Scheduled actions: bounds that change by the clock (reference §5.4).

use super::{DIMENSION, NAMESPACE, PAGE, asked, fault, id, place, resource};
use crate::Cx;
use crate::page::{Ask, limit, page};
use api::Fault;
use api::autoscaling::*;
use model::Ids;
use world::scaling::ScalingKey;
use world::{Draft, RowKey, ScheduledAction as Row, Stored, World};

/// The most scheduled actions of a target.
const MOST: usize = 200;

/// `PutScheduledAction`: makes one, or changes what is said of the one of that name.
pub(super) fn put(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: PutScheduledActionRequest,
) -> Result<PutScheduledActionResponse, Fault> {
    let service =
        resource(&input.service_namespace, &input.resource_id, &input.scalable_dimension)?;
    super::target(draft, &service)?;
    let key = ScalingKey { service, name: input.scheduled_action_name.clone() };
    let known = draft.scheduled_actions.get(&key).cloned();
    let settings = merged(known.as_ref().map(|held| &held.settings.0), input);
    check(&settings)?;
    let of_target = draft.scheduled_actions.iter().filter(|held| held.key.service == key.service);
    let count = of_target.count();
    if known.is_none() && count >= MOST {
        return Err(fault::too_many("scheduled actions", MOST));
    }
    let (id, created_at) =
        known.map_or_else(|| (ids.uuid(), cx.now), |held| (held.id, held.created_at));
    draft.put(Row { key, id, settings: Stored(settings), created_at });
    Ok(PutScheduledActionResponse::default())
}

/// `DescribeScheduledActions`.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeScheduledActionsRequest,
) -> Result<DescribeScheduledActionsResponse, Fault> {
    let (resource, dimension) = (input.resource_id.as_deref(), input.scalable_dimension.as_deref());
    let wanted = asked(&input.service_namespace, resource, dimension)?;
    let names = input.scheduled_action_names.unwrap_or_default();
    let rows = world
        .scheduled_actions
        .iter()
        .filter(|row| wanted(&row.key.service))
        .filter(|row| names.is_empty() || names.contains(&row.key.name));
    let limit = limit(input.max_results, PAGE, PAGE);
    let token = input.next_token.as_deref();
    let ask = Ask { listing: "DescribeScheduledActions", token, limit };
    let key = |row: &&Row| place(&row.key);
    let page = page(rows, &ask, key).map_err(fault::bad_token)?;
    Ok(DescribeScheduledActionsResponse {
        scheduled_actions: Some(page.rows.into_iter().map(|row| show(world, row)).collect()),
        next_token: page.next,
    })
}

/// `DeleteScheduledAction`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteScheduledActionRequest,
) -> Result<DeleteScheduledActionResponse, Fault> {
    let service =
        resource(&input.service_namespace, &input.resource_id, &input.scalable_dimension)?;
    let key = ScalingKey { service, name: input.scheduled_action_name };
    if !draft.scheduled_actions.contains(&key) {
        return Err(fault::no_action(&id(&key.service), &key.name));
    }
    draft.remove(RowKey::ScheduledAction(key));
    Ok(DeleteScheduledActionResponse::default())
}

/// What is not said stays.
fn merged(
    held: Option<&PutScheduledActionRequest>,
    given: PutScheduledActionRequest,
) -> PutScheduledActionRequest {
    let Some(held) = held else { return given };
    PutScheduledActionRequest {
        schedule: given.schedule.or_else(|| held.schedule.clone()),
        timezone: given.timezone.or_else(|| held.timezone.clone()),
        start_time: given.start_time.or(held.start_time),
        end_time: given.end_time.or(held.end_time),
        scalable_target_action: given
            .scalable_target_action
            .or_else(|| held.scalable_target_action.clone()),
        ..given
    }
}

/// Texts unverified.
fn check(settings: &PutScheduledActionRequest) -> Result<(), Fault> {
    let schedule = settings.schedule.as_deref();
    let schedule = schedule.ok_or_else(|| fault::invalid("Schedule is required"))?;
    let form = ["at(", "rate(", "cron("].iter().find(|form| schedule.starts_with(**form));
    let (Some(form), true) = (form, schedule.ends_with(')')) else {
        return Err(fault::invalid("Schedule must be an at, rate or cron expression"));
    };
    let inner = &schedule[form.len()..schedule.len() - 1];
    if *form == "cron(" && inner.split_whitespace().count() != 6 {
        return Err(fault::invalid(
            "Invalid Schedule Expression: a cron expression has six fields",
        ));
    }
    let action = settings.scalable_target_action.clone().unwrap_or_default();
    match (action.min_capacity, action.max_capacity) {
        (None, None) => Err(fault::invalid("MinCapacity or MaxCapacity is required")),
        (Some(min), Some(max)) if min > max => Err(fault::bounds_cross()),
        (Some(less), _) | (_, Some(less)) if less < 0 => Err(fault::below_zero("Capacity")),
        _ => Ok(()),
    }
}

fn show(world: &World, row: &Row) -> ScheduledAction {
    let (resource_id, settings) = (id(&row.key.service), &row.settings);
    let name = &row.key.name;
    let middle = format!("scheduledAction:{}:resource/ecs/{resource_id}", row.id);
    ScheduledAction {
        scheduled_action_name: name.clone(),
        scheduled_action_arn: world
            .place
            .arn("autoscaling", &format!("{middle}:scheduledActionName/{name}")),
        service_namespace: NAMESPACE.to_owned(),
        schedule: settings.schedule.clone().unwrap_or_default(),
        timezone: settings.timezone.clone(),
        resource_id,
        scalable_dimension: Some(DIMENSION.to_owned()),
        start_time: settings.start_time,
        end_time: settings.end_time,
        scalable_target_action: settings.scalable_target_action.clone(),
        creation_time: row.created_at,
    }
}
