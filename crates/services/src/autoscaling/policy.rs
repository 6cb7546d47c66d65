//! Scaling policies (reference §5.1 to §5.3).

use super::{
    DIMENSION, NAMESPACE, PAGE, alarms, asked, fault, id, place, resource, steps, tracking,
};
use crate::Cx;
use crate::page::{Ask, limit, page};
use api::Fault;
use api::autoscaling::*;
use model::Ids;
use world::scaling::ScalingKey;
use world::{Draft, RowKey, ScalingPolicy as Row, Stored, World};

/// The most policies of a target (reference §5.1).
const MOST: usize = 50;

/// The kind of a policy whose kind is not said.
const USUAL: &str = "StepScaling";

/// `PutScalingPolicy`: makes one, or replaces the one of that name, with its alarms.
pub(super) fn put(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    mut input: PutScalingPolicyRequest,
) -> Result<PutScalingPolicyResponse, Fault> {
    let service =
        resource(&input.service_namespace, &input.resource_id, &input.scalable_dimension)?;
    super::target(draft, &service)?;
    let key = ScalingKey { service, name: input.policy_name.clone() };
    let known = draft.scaling_policies.get(&key).cloned();
    let kind = input.policy_type.get_or_insert_with(|| USUAL.to_owned()).clone();
    check(draft, &key, &kind, &input)?;
    let (id, created_at) = known
        .as_ref()
        .map_or_else(|| (ids.uuid(), cx.now), |held| (held.id.clone(), held.created_at));
    let mut row = Row { key, id, settings: Stored(input), alarms: Vec::new(), created_at };
    if let Some(known) = &known {
        alarms::forget(draft, known);
    }
    row.alarms = alarms::make(draft, cx, ids, &row)?;
    let (policy_arn, alarms) = (arn(draft, &row), alarms::show(draft, &row));
    draft.put(row);
    Ok(PutScalingPolicyResponse { policy_arn, alarms: Some(alarms) })
}

/// `DescribeScalingPolicies`.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeScalingPoliciesRequest,
) -> Result<DescribeScalingPoliciesResponse, Fault> {
    let (resource, dimension) = (input.resource_id.as_deref(), input.scalable_dimension.as_deref());
    let wanted = asked(&input.service_namespace, resource, dimension)?;
    let names = input.policy_names.unwrap_or_default();
    let rows = world
        .scaling_policies
        .iter()
        .filter(|row| wanted(&row.key.service))
        .filter(|row| names.is_empty() || names.contains(&row.key.name));
    let limit = limit(input.max_results, PAGE, PAGE);
    let token = input.next_token.as_deref();
    let ask = Ask { listing: "DescribeScalingPolicies", token, limit };
    let key = |row: &&Row| place(&row.key);
    let page = page(rows, &ask, key).map_err(fault::bad_token)?;
    Ok(DescribeScalingPoliciesResponse {
        scaling_policies: Some(page.rows.into_iter().map(|row| show(world, row)).collect()),
        next_token: page.next,
    })
}

/// `DeleteScalingPolicy`, with the alarms that were made for it.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteScalingPolicyRequest,
) -> Result<DeleteScalingPolicyResponse, Fault> {
    let service =
        resource(&input.service_namespace, &input.resource_id, &input.scalable_dimension)?;
    let key = ScalingKey { service, name: input.policy_name };
    let Some(row) = draft.scaling_policies.get(&key).cloned() else {
        return Err(fault::no_policy(&id(&key.service), &key.name));
    };
    alarms::forget(draft, &row);
    draft.remove(RowKey::ScalingPolicy(key));
    Ok(DeleteScalingPolicyResponse::default())
}

/// A policy's ARN.
pub(super) fn arn(world: &World, row: &Row) -> String {
    let (service, name) = (id(&row.key.service), &row.key.name);
    let middle = format!("scalingPolicy:{}:resource/ecs/{service}", row.id);
    world.place.arn("autoscaling", &format!("{middle}:policyName/{name}"))
}

fn check(
    draft: &Draft,
    key: &ScalingKey,
    kind: &str,
    input: &PutScalingPolicyRequest,
) -> Result<(), Fault> {
    let others: Vec<&Row> = draft
        .scaling_policies
        .iter()
        .filter(|held| held.key.service == key.service && held.key.name != key.name)
        .collect();
    if others.len() >= MOST {
        return Err(fault::too_many("scaling policies", MOST));
    }
    match kind {
        "TargetTrackingScaling" => tracking::check(input, &others),
        "StepScaling" => steps::check(input),
        _ => Err(fault::not_implemented(format!("the policy type {kind}"))),
    }
}

fn show(world: &World, row: &Row) -> ScalingPolicy {
    let settings = &row.settings;
    ScalingPolicy {
        policy_arn: arn(world, row),
        policy_name: row.key.name.clone(),
        service_namespace: NAMESPACE.to_owned(),
        resource_id: id(&row.key.service),
        scalable_dimension: DIMENSION.to_owned(),
        policy_type: settings.policy_type.clone().unwrap_or_else(|| USUAL.to_owned()),
        step_scaling_policy_configuration: settings.step_scaling_policy_configuration.clone(),
        target_tracking_scaling_policy_configuration: settings
            .target_tracking_scaling_policy_configuration
            .clone(),
        predictive_scaling_policy_configuration: None,
        alarms: Some(alarms::show(world, row)),
        creation_time: row.created_at,
    }
}
