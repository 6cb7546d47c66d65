//! Findings as clients see them.

use super::super::show::NOT_CHECKED;
use super::compare::{Difference, differences};
use api::cloudformation::*;
use model::Timestamp;
use serde_json::Value as Json;
use world::stack::{Found, ResourceDrift};
use world::{Stack, StackResource as Row};

/// A stack's drift status, and when it was checked.
pub(in crate::cloudformation) fn of_stack(stack: &Stack) -> (&'static str, Option<Timestamp>) {
    let Some(drift) = &stack.drift else { return (NOT_CHECKED, None) };
    let drifted = drift.resources.values().any(is_drifted);
    (if drifted { "DRIFTED" } else { "IN_SYNC" }, Some(drift.at))
}

/// A resource's drift status, and when it was checked.
pub(in crate::cloudformation) fn of_resource(
    stack: &Stack,
    logical: &str,
) -> (&'static str, Option<Timestamp>) {
    let found = stack.drift.as_ref().and_then(|drift| drift.resources.get(logical));
    found.map_or((NOT_CHECKED, None), |found| (word(found), Some(found.at)))
}

pub(super) fn is_drifted(found: &ResourceDrift) -> bool {
    ["MODIFIED", "DELETED"].contains(&word(found))
}

fn word(found: &ResourceDrift) -> &'static str {
    match &found.found {
        Found::NotChecked => NOT_CHECKED,
        Found::Deleted => "DELETED",
        Found::There { expected, actual } if expected == actual => "IN_SYNC",
        Found::There { .. } => "MODIFIED",
    }
}

/// A finding.
pub(super) fn found(row: &Row, found: &ResourceDrift) -> StackResourceDrift {
    let (expected, actual, differing) = match &found.found {
        Found::There { expected, actual } => {
            let text =
                |held: &world::stack::Properties| Some(Json::Object(held.0.clone()).to_string());
            (text(expected), text(actual), differences(expected, actual))
        }
        Found::NotChecked | Found::Deleted => (None, None, Vec::new()),
    };
    StackResourceDrift {
        stack_id: row.key.stack.to_string(),
        logical_resource_id: row.key.logical.clone(),
        physical_resource_id: row.physical().map(str::to_owned),
        resource_type: row.kind.clone(),
        expected_properties: expected,
        actual_properties: actual,
        property_differences: Some(differing.into_iter().map(difference).collect()),
        stack_resource_drift_status: word(found).to_owned(),
        timestamp: found.at,
        ..StackResourceDrift::default()
    }
}

fn difference(held: Difference) -> PropertyDifference {
    let text = |value: Json| match value {
        Json::String(text) => text,
        other => other.to_string(),
    };
    PropertyDifference {
        property_path: held.path,
        expected_value: text(held.expected),
        difference_type: if held.actual.is_some() { "NOT_EQUAL" } else { "REMOVE" }.to_owned(),
        actual_value: text(held.actual.unwrap_or_default()),
    }
}
