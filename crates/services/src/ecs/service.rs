//! Services.
//!
//! A handler says what a service should be; the scheduler (`control::service`) makes it so. What the
//! two share is the row: a handler begins a deployment with `Draft::deploy` and leaves
//! counting, events and the scheduler's own times alone.

mod absent;
pub(super) mod balancers;
pub(super) mod configuration;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod describe;
pub(super) mod list;
mod pair;
mod show;
pub(super) mod strategy;
pub(super) mod update;

use super::names::{self, Reference};
use super::{definition, fault};
use api::Fault;
use world::service::PropagateTags;
use world::{Cluster, DefinitionStatus, Service, TaskDefinition, World};

/// The service that a request means, in whichever status.
fn find<'w>(world: &'w World, cluster: &Cluster, given: &str) -> Result<&'w Service, Fault> {
    let key = names::service(&world.place, &cluster.name, given)?;
    world.services.get(&key).ok_or_else(fault::service::not_found)
}

/// The ACTIVE revision that a request means.
fn usable<'w>(world: &'w World, given: &str) -> Result<&'w TaskDefinition, Fault> {
    let reference: Reference = names::definition(&world.place, given)?;
    let row = definition::find(world, &reference).ok_or_else(fault::definition::not_found)?;
    match row.status {
        DefinitionStatus::Active => Ok(row),
        DefinitionStatus::Inactive | DefinitionStatus::DeleteInProgress => {
            Err(fault::definition::inactive())
        }
    }
}

fn parse_propagation(given: Option<&str>) -> Result<PropagateTags, Fault> {
    match given {
        None | Some("NONE") => Ok(PropagateTags::None),
        Some("SERVICE") => Ok(PropagateTags::Service),
        Some("TASK_DEFINITION") => Ok(PropagateTags::TaskDefinition),
        Some(_) => Err(fault::not_one_of("propagateTags", &["TASK_DEFINITION", "SERVICE", "NONE"])),
    }
}

/// Whether zones are to be rebalanced, if a request says so. It takes an extra task to move one, so
/// a service whose deployments may not surge can't have it (reference §3.10).
fn parse_rebalancing(given: Option<&str>, maximum: u32) -> Result<Option<bool>, Fault> {
    match given {
        None => Ok(None),
        Some("DISABLED") => Ok(Some(false)),
        Some("ENABLED") if maximum <= 100 => Err(fault::service::rebalancing_without_surge()),
        Some("ENABLED") => Ok(Some(true)),
        Some(_) => {
            let words = ["ENABLED", "DISABLED"];
            Err(fault::not_one_of("availabilityZoneRebalancing", &words))
        }
    }
}

/// `ExecuteCommand` needs a role in the task; `verb` says what can't be done without.
fn check_task_role(definition: &TaskDefinition, verb: &str) -> Result<(), Fault> {
    match &definition.task_role {
        Some(_) => Ok(()),
        None => Err(fault::service::exec_without_role(verb)),
    }
}
