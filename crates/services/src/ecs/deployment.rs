//! Service deployments: what is going on with a service's revisions, and what went on.
//!
//! They are made by `CreateService` and `UpdateService` and moved on by the scheduler
//! (`control::service`); here they are shown, and a person's wish about one is written down.

pub(super) mod describe;
pub(super) mod list;
pub(super) mod resume;
mod show;
pub(super) mod stop;

use super::{fault, names};
use api::Fault;
use world::{ServiceDeployment, World};

/// The service deployment that a request means.
fn find<'w>(world: &'w World, arn: &str) -> Result<&'w ServiceDeployment, Fault> {
    let key = names::service_deployment(&world.place, arn)?;
    world.service_deployments.get(&key).ok_or_else(fault::deployment::not_found)
}
