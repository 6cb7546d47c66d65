//! Whether a bucket keeps versions.

use super::{change, fault, find};
use crate::Cx;
use api::Fault;
use api::s3::*;
use api::value::Nothing;
use model::Ids;
use world::bucket::Versioning;
use world::{Draft, World};

/// `PutBucketVersioning`.
pub(super) fn put(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: PutBucketVersioningRequest,
) -> Result<Nothing, Fault> {
    let given = input.versioning_configuration;
    if given.mfa_delete.as_deref() == Some("Enabled") {
        return Err(fault::not_implemented("MFA delete"));
    }
    let versioning = match given.status.as_deref() {
        Some("Enabled") => Versioning::Enabled,
        Some("Suspended") => Versioning::Suspended,
        _ => return Err(fault::malformed()),
    };
    let bucket = (input.bucket.as_str(), input.expected_bucket_owner.as_deref());
    change(draft, bucket, |bucket| bucket.versioning = versioning)?;
    Ok(Nothing)
}

/// `GetBucketVersioning`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetBucketVersioningRequest,
) -> Result<GetBucketVersioningOutput, Fault> {
    let bucket = find(world, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let status = bucket.versioning.as_status().map(str::to_owned);
    Ok(GetBucketVersioningOutput { status, mfa_delete: None })
}
