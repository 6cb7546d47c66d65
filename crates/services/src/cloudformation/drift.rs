//! `DetectStackDrift` and what asks for its findings: resources held against what they were made with.
//!
//! Resources are read by ordinary operations, at once: by the time a client asks for the status, the
//! detection is complete.

mod actual;
mod compare;
mod show;

use super::hand::Hand;
use super::{fault, find};
use crate::page::{Ask, limit, page};
use crate::{Cx, Table};
use actual::actual;
use api::Fault;
use api::cloudformation::*;
use model::Ids;
use std::collections::BTreeMap;
use world::stack::{Found, Properties, ResourceDrift, StackDrift};
use world::{Draft, Stack, StackResource as Row, World};

pub(super) use show::{of_resource, of_stack};

/// How many findings AWS answers at once.
const MOST: usize = 100;

/// `DetectStackDrift`. It is done before it is answered.
pub(super) fn detect(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: DetectStackDriftInput,
) -> Result<DetectStackDriftOutput, Fault> {
    let mut stack = settled(draft, &input.stack_name)?;
    let wanted = input.logical_resource_ids.unwrap_or_default();
    let rows: Vec<Row> = standing(draft, &stack)
        .filter(|row| wanted.is_empty() || wanted.contains(&row.key.logical))
        .cloned()
        .collect();
    let mut resources = BTreeMap::new();
    for row in rows {
        resources.insert(row.key.logical.clone(), look(draft, cx, ids, &row)?);
    }
    let id = ids.uuid();
    stack.drift = Some(StackDrift { id: id.clone(), at: cx.now, resources });
    draft.put(stack);
    Ok(DetectStackDriftOutput { stack_drift_detection_id: id })
}

/// `DetectStackResourceDrift`, of one.
pub(super) fn detect_one(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: DetectStackResourceDriftInput,
) -> Result<DetectStackResourceDriftOutput, Fault> {
    let mut stack = settled(draft, &input.stack_name)?;
    let logical = &input.logical_resource_id;
    let row = standing(draft, &stack).find(|row| row.key.logical == *logical).cloned();
    let row = row.ok_or_else(|| fault::no_resource(logical, &input.stack_name))?;
    let found = look(draft, cx, ids, &row)?;
    let shown = show::found(&row, &found);
    let empty = || StackDrift { id: String::new(), at: cx.now, resources: BTreeMap::new() };
    let mut drift = stack.drift.take().unwrap_or_else(empty);
    drift.resources.insert(logical.clone(), found);
    stack.drift = Some(drift);
    draft.put(stack);
    Ok(DetectStackResourceDriftOutput { stack_resource_drift: shown })
}

/// `DescribeStackDriftDetectionStatus`. Of a stack only the last one is remembered.
pub(super) fn status(
    world: &World,
    _: &Cx<'_>,
    input: DescribeStackDriftDetectionStatusInput,
) -> Result<DescribeStackDriftDetectionStatusOutput, Fault> {
    let id = &input.stack_drift_detection_id;
    let has = |stack: &&Stack| stack.drift.as_ref().is_some_and(|drift| drift.id == *id);
    let stack = world.stacks.iter().find(has).ok_or_else(|| fault::no_detection(id))?;
    let drift = stack.drift.as_ref().ok_or_else(|| fault::no_detection(id))?;
    let drifted = drift.resources.values().filter(|it| show::is_drifted(it)).count();
    Ok(DescribeStackDriftDetectionStatusOutput {
        stack_id: stack.arn.to_string(),
        stack_drift_detection_id: id.clone(),
        stack_drift_status: Some(of_stack(stack).0.to_owned()),
        detection_status: "DETECTION_COMPLETE".to_owned(),
        detection_status_reason: None,
        drifted_stack_resource_count: i32::try_from(drifted).ok(),
        timestamp: drift.at,
    })
}

/// `DescribeStackResourceDrifts`, of the last detection.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: DescribeStackResourceDriftsInput,
) -> Result<DescribeStackResourceDriftsOutput, Fault> {
    let stack = find::shown(world, &input.stack_name)?;
    let wanted = input.stack_resource_drift_status_filters.unwrap_or_default();
    let known = standing(world, stack).filter_map(|row| {
        let found = stack.drift.as_ref()?.resources.get(&row.key.logical)?;
        Some(show::found(row, found))
    });
    let rows =
        known.filter(|it| wanted.is_empty() || wanted.contains(&it.stack_resource_drift_status));
    let token = input.next_token.as_deref();
    let most = limit(input.max_results, MOST, MOST);
    let ask = Ask { listing: "DescribeStackResourceDrifts", token, limit: most };
    let page = page(rows, &ask, |it| it.logical_resource_id.clone());
    let page = page.map_err(|_| fault::bad_token())?;
    Ok(DescribeStackResourceDriftsOutput {
        stack_resource_drifts: page.rows,
        next_token: page.next,
    })
}

/// A stack that is not being changed.
fn settled(world: &World, name: &str) -> Result<Stack, Fault> {
    let stack = find::changed(world, name)?;
    match stack.status.as_str() {
        status if status.ends_with("_IN_PROGRESS") => {
            Err(fault::not_for_drift(stack.arn.as_str(), status))
        }
        _ => Ok(stack.clone()),
    }
}

/// The resources that a stack has.
fn standing<'w>(world: &'w World, stack: &'w Stack) -> impl Iterator<Item = &'w Row> {
    world.resources_of(&stack.arn).filter(|row| row.is_present() && row.standing.is_some())
}

/// Holds a resource against what it was made with.
fn look(draft: &mut Draft, cx: &Cx<'_>, ids: &mut Ids, row: &Row) -> Result<ResourceDrift, Fault> {
    let found = |found: Found| ResourceDrift { at: cx.now, found };
    let Some(standing) = &row.standing else { return Ok(found(Found::NotChecked)) };
    let table = Table::all();
    // What is asked here was made of answers of the region.
    let mut hand = Hand { draft, cx: *cx, ids, table: &table, check: |_, _| Ok(()) };
    let actual = match actual(&mut hand, &row.kind, &standing.physical) {
        Ok(None) => return Ok(found(Found::NotChecked)),
        Err(why) if why.is_missing() => return Ok(found(Found::Deleted)),
        Err(_) => return Err(Fault::internal()),
        Ok(Some(actual)) if actual.is_empty() => return Ok(found(Found::Deleted)),
        Ok(Some(actual)) => actual,
    };
    let (expected, actual) = compare::of_both(&standing.properties, &actual);
    let (expected, actual) = (Properties(expected), Properties(actual));
    Ok(found(Found::There { expected, actual }))
}
