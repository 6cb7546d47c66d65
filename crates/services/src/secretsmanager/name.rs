//! Which secret is meant, and what may be a secret's name.

use super::fault;
use api::Fault;
use model::Timestamp;
use world::{SecretItem, World};

/// The secret of an id: a name, an ARN, or a part of one.
pub(super) fn find<'a>(
    world: &'a World,
    id: &str,
    now: Timestamp,
) -> Result<&'a SecretItem, Fault> {
    if !id.starts_with("arn:") {
        check(id)?;
    }
    world.secret(id, now).ok_or_else(fault::no_secret)
}

/// The secret of an id, unless it is on its way out.
pub(super) fn find_usable<'a>(
    world: &'a World,
    id: &str,
    now: Timestamp,
) -> Result<&'a SecretItem, Fault> {
    let secret = find(world, id, now)?;
    if secret.deleted_at.is_some() { Err(fault::deleted()) } else { Ok(secret) }
}

/// The secret's ARN.
pub(super) fn arn(world: &World, secret: &SecretItem) -> String {
    world.place.secret_arn(&secret.name, &secret.suffix)
}

/// Whether a text may be a secret's name.
pub(super) fn check(name: &str) -> Result<(), Fault> {
    let known = |c: char| c.is_ascii_alphanumeric() || "-/_+=.@!".contains(c);
    if name.chars().all(known) {
        return Ok(());
    }
    // Observed in 2022, of every operation that is given a name.
    Err(Fault::refuse(
        "ValidationException",
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the \
         following: -/_+=.@!",
    ))
}
