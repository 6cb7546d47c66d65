//! What an origin must be.

use super::super::super::{fault, part};
use api::Fault;
use api::cloudfront::{Origin, OriginAccessControlConfig, errors};
use world::World;

/// What the seconds of an origin's time-outs may be.
const CONNECTING: std::ops::RangeInclusive<i32> = 1..=10;
const READING: std::ops::RangeInclusive<i32> = 1..=120;
const ATTEMPTS: std::ops::RangeInclusive<i32> = 1..=3;

/// Checks an origin.
pub(super) fn check(world: &World, origin: &Origin) -> Result<(), Fault> {
    match (&origin.s3_origin_config, &origin.custom_origin_config) {
        (Some(_), None) if bucket(&origin.domain_name).is_none() => {
            let text = "The parameter Origin DomainName does not refer to a valid S3 bucket.";
            return Err(fault::invalid(text));
        }
        (Some(_), Some(_)) | (None, None) => {
            let text = "Exactly one of CustomOriginConfig and S3OriginConfig must be specified for an origin.";
            return Err(fault::of(&errors::INVALID_ORIGIN, text));
        }
        _ => {}
    }
    let path = origin.origin_path.as_deref().unwrap_or_default();
    if !path.is_empty() && (!path.starts_with('/') || path.ends_with('/')) {
        let text = "The parameter OriginPath begins with a slash and does not end with one.";
        return Err(fault::invalid(text));
    }
    let access = origin.origin_access_control_id.as_deref().filter(|id| !id.is_empty());
    if let Some(id) = access {
        part::find::<OriginAccessControlConfig>(world, id).map_err(|_| {
            let text = "The specified origin access control does not exist.";
            fault::of(&errors::INVALID_ORIGIN_ACCESS_CONTROL, text)
        })?;
        if origin.s3_origin_config.is_none() {
            let text = "An origin access control of S3 is associated with an origin whose domain name is not supported.";
            return Err(fault::of(&errors::INVALID_DOMAIN_NAME_FOR_ORIGIN_ACCESS_CONTROL, text));
        }
    }
    check_times(origin)
}

fn check_times(origin: &Origin) -> Result<(), Fault> {
    let outside = |given: Option<i32>, range: &std::ops::RangeInclusive<i32>| {
        given.is_some_and(|given| !range.contains(&given))
    };
    let custom = origin.custom_origin_config.as_ref();
    if outside(origin.connection_timeout, &CONNECTING) {
        return Err(fault::invalid("The parameter ConnectionTimeout is from 1 to 10."));
    }
    if outside(origin.connection_attempts, &ATTEMPTS) {
        return Err(fault::invalid("The parameter ConnectionAttempts is from 1 to 3."));
    }
    if custom.is_some_and(|custom| outside(custom.origin_read_timeout, &READING)) {
        let text = "The parameter OriginReadTimeout is from 1 to 120.";
        return Err(fault::of(&errors::INVALID_ORIGIN_READ_TIMEOUT, text));
    }
    Ok(())
}

/// The bucket that a domain name is of: `shop.s3.eu-west-1.amazonaws.com`, `shop.s3.amazonaws.com`.
#[must_use]
pub fn bucket(domain: &str) -> Option<&str> {
    let (bucket, rest) = domain.split_once(".s3.").or_else(|| domain.split_once(".s3-"))?;
    (!bucket.is_empty() && rest.ends_with("amazonaws.com")).then_some(bucket)
}
