//! Who gets at a bucket: what of public access is blocked, and who owns what others write.

use super::{change, fault, find};
use crate::Cx;
use api::Fault;
use api::s3::*;
use api::value::Nothing;
use model::Ids;
use world::{Draft, Stored, World};

/// S3's word for objects that are their bucket's owner's, whoever writes them.
pub(super) const ENFORCED: &str = "BucketOwnerEnforced";

/// What a new bucket has: all public access is blocked.
pub(super) fn all_blocked() -> PublicAccessBlockConfiguration {
    PublicAccessBlockConfiguration {
        block_public_acls: Some(true),
        ignore_public_acls: Some(true),
        block_public_policy: Some(true),
        restrict_public_buckets: Some(true),
    }
}

/// `PutPublicAccessBlock`.
pub(super) fn put_block(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: PutPublicAccessBlockRequest,
) -> Result<Nothing, Fault> {
    let mut given = input.public_access_block_configuration;
    let all = [
        &mut given.block_public_acls,
        &mut given.ignore_public_acls,
        &mut given.block_public_policy,
        &mut given.restrict_public_buckets,
    ];
    for member in all {
        member.get_or_insert(false);
    }
    let bucket = (input.bucket.as_str(), input.expected_bucket_owner.as_deref());
    change(draft, bucket, |bucket| bucket.access_block = Some(Stored(given)))?;
    Ok(Nothing)
}

/// `GetPublicAccessBlock`.
pub(super) fn block(
    world: &World,
    _: &Cx<'_>,
    input: GetPublicAccessBlockRequest,
) -> Result<GetPublicAccessBlockOutput, Fault> {
    let bucket = find(world, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let held = bucket.access_block.as_ref().ok_or_else(|| fault::no_block(&input.bucket))?;
    Ok(GetPublicAccessBlockOutput { public_access_block_configuration: Some(held.0.clone()) })
}

/// `DeletePublicAccessBlock`.
pub(super) fn delete_block(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeletePublicAccessBlockRequest,
) -> Result<Nothing, Fault> {
    let bucket = (input.bucket.as_str(), input.expected_bucket_owner.as_deref());
    change(draft, bucket, |bucket| bucket.access_block = None)?;
    Ok(Nothing)
}

/// `PutBucketOwnershipControls`.
pub(super) fn put_ownership(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: PutBucketOwnershipControlsRequest,
) -> Result<Nothing, Fault> {
    let [rule] = input.ownership_controls.rules.as_slice() else { return Err(fault::malformed()) };
    let ownership = rule.object_ownership.clone();
    let bucket = (input.bucket.as_str(), input.expected_bucket_owner.as_deref());
    change(draft, bucket, |bucket| bucket.ownership = Some(ownership))?;
    Ok(Nothing)
}

/// `GetBucketOwnershipControls`.
pub(super) fn ownership(
    world: &World,
    _: &Cx<'_>,
    input: GetBucketOwnershipControlsRequest,
) -> Result<GetBucketOwnershipControlsOutput, Fault> {
    let bucket = find(world, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let held = bucket.ownership.clone().ok_or_else(|| fault::no_ownership(&input.bucket))?;
    let rules = vec![OwnershipControlsRule { object_ownership: held }];
    Ok(GetBucketOwnershipControlsOutput { ownership_controls: Some(OwnershipControls { rules }) })
}

/// `DeleteBucketOwnershipControls`.
pub(super) fn delete_ownership(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteBucketOwnershipControlsRequest,
) -> Result<Nothing, Fault> {
    let bucket = (input.bucket.as_str(), input.expected_bucket_owner.as_deref());
    change(draft, bucket, |bucket| bucket.ownership = None)?;
    Ok(Nothing)
}
