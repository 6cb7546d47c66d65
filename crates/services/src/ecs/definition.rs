//! Task definitions.
//!
//! A definition is parsed once, when it is registered: what comes out is what running a task needs,
//! and a definition that can't run on Fargate never gets further. Start reading at [`parse`]; the
//! files beside it each know one part of a definition.

mod absent;
mod attributes;
mod container;
pub(super) mod delete;
mod depend;
pub(super) mod deregister;
pub(super) mod describe;
mod echo;
pub(super) mod families;
mod fargate;
mod health;
pub(super) mod list;
mod logs;
mod parse;
mod ports;
pub(super) mod register;
mod secrets;
mod show;
pub(super) mod size;
mod volumes;

use super::names::Reference;
use world::{DefinitionKey, DefinitionStatus, TaskDefinition, World};

/// The revision that a reference means; without a revision, the latest ACTIVE one (reference §2.1).
pub(super) fn find<'w>(world: &'w World, reference: &Reference) -> Option<&'w TaskDefinition> {
    let key = |revision| DefinitionKey { family: reference.family.clone(), revision };
    match reference.revision {
        Some(revision) => world.definitions.get(&key(revision)),
        None => {
            let mut newest_first = world.definitions.range(key(0)..=key(u32::MAX)).rev();
            newest_first.find(|row| row.status == DefinitionStatus::Active)
        }
    }
}
