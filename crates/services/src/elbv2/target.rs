//! Targets of target groups.

mod address;
pub(super) mod deregister;
pub(super) mod health;
pub(super) mod register;

use api::elbv2::TargetDescription;
use world::{TargetGroup, TargetKey};

/// The target that a request names; the group's port unless it gives one.
fn key(group: &TargetGroup, target: &TargetDescription) -> TargetKey {
    let port = target.port.and_then(|port| u16::try_from(port).ok());
    TargetKey { group: group.arn.clone(), id: target.id.clone(), port: port.unwrap_or(group.port) }
}
