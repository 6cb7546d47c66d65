//! Target groups.

mod check;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod describe;
pub(super) mod modify;
mod show;

use super::fault;
use api::Fault;
use world::{TargetGroup, World};

/// The protocol versions of groups that speak gRPC, whose checks ask for other codes.
const GRPC: &str = "GRPC";

/// The target group with this ARN.
pub(super) fn find<'a>(world: &'a World, arn: &str) -> Result<&'a TargetGroup, Fault> {
    world.target_groups.get(arn).ok_or_else(|| fault::group::missing(arn))
}
