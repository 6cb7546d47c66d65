//! A revision as AWS shows it.

use api::ecs;
use world::TaskDefinition;

/// The stored record with the status and the dates of now.
pub(super) fn show(row: &TaskDefinition) -> ecs::TaskDefinition {
    ecs::TaskDefinition {
        status: Some(row.status.as_str().to_owned()),
        registered_at: Some(row.registered_at),
        deregistered_at: row.deregistered_at,
        delete_requested_at: row.delete_requested_at,
        ..row.record.0.clone()
    }
}
