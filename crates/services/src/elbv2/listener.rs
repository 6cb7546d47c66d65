//! Listeners, with and without TLS.

pub(super) mod certificate;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod describe;
pub(super) mod modify;
mod secure;
mod show;

pub(super) use secure::HTTPS;

use super::fault;
use api::Fault;
use world::{Listener, World};

/// The listener with this ARN.
pub(super) fn find<'a>(world: &'a World, arn: &str) -> Result<&'a Listener, Fault> {
    world.listeners.get(arn).ok_or_else(|| fault::no_listener(arn))
}
