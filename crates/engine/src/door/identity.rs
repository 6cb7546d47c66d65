//! Who calls.

use super::Door;
use crate::clock;
use services::Caller;
use wire::{Head, sigv4};

/// The caller of a signed request.
///
/// Credentials that the region issued are checked in full: signature, time, expiry. Any other
/// access key is the account's own user: the region holds no long-lived keys, so there is nothing
/// to check it against, and `test`/`test` is as good as any.
///
/// # Errors
/// When a signature is missing, malformed, wrong, late, or made for another region.
pub(crate) fn caller(
    door: &Door,
    head: &Head<'_>,
    body: &[u8],
    service: api::Service,
) -> Result<Caller, sigv4::Trouble> {
    if let Some(legacy) = sigv4::legacy(head) {
        return legacy_caller(door, &legacy);
    }
    let claim = sigv4::claim(head)?;
    claim.check_scope(door.config.region.as_str(), service)?;
    if claim.expires.is_some() {
        claim.check_time(clock::now())?;
    }
    let Some(token) = &claim.token else { return Ok(owner(door)) };
    let Some(session) = door.desk.issuer.session(&claim.access_key, token.reveal()) else {
        return Ok(owner(door));
    };
    let now = clock::now();
    if session.expires <= now {
        return Err(sigv4::Trouble::ExpiredToken);
    }
    claim.check_time(now)?;
    claim.check_signature(head, body, &session.secret_key)?;
    let world = door.desk.published.load();
    Ok(session.caller(&world))
}

/// The account's own user.
pub(crate) fn owner(door: &Door) -> Caller {
    let account = &door.config.account;
    Caller { arn: format!("arn:aws:iam::{account}:root"), id: account.to_string() }
}

/// The account's own user, by a URL presigned in the older way. Whoever has temporary credentials must
/// prove it, which this way does not do here.
fn legacy_caller(door: &Door, legacy: &sigv4::Legacy) -> Result<Caller, sigv4::Trouble> {
    let now = clock::now();
    if legacy.until < now {
        return Err(sigv4::Trouble::Expired { at: legacy.until, oldest: now, now });
    }
    match &legacy.token {
        None => Ok(owner(door)),
        Some(_) => Err(sigv4::Trouble::Algorithm { given: "AWS".to_owned() }),
    }
}
