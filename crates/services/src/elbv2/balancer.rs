//! Load balancers.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod describe;
mod hosted_zone;
pub(super) mod network;
mod show;

use super::fault;
use api::Fault;
use world::{LoadBalancer, World};

/// The load balancer with this ARN.
pub(super) fn find<'a>(world: &'a World, arn: &str) -> Result<&'a LoadBalancer, Fault> {
    world.load_balancers.get(arn).ok_or_else(|| fault::no_balancer(arn))
}
