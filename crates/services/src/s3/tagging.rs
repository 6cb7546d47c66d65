//! Tags of buckets.

use super::{change, fault, find};
use crate::{Cx, tags};
use api::Fault;
use api::s3::*;
use api::value::Nothing;
use model::Ids;
use world::{Draft, Tags, World};

/// `PutBucketTagging`: these tags and no others.
pub(super) fn put(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: PutBucketTaggingRequest,
) -> Result<Nothing, Fault> {
    let pairs = input.tagging.tag_set.into_iter().map(|tag| (tag.key, tag.value));
    let tags = tags::new(pairs).map_err(|mistake| fault::bad_tags(&mistake))?;
    let bucket = (input.bucket.as_str(), input.expected_bucket_owner.as_deref());
    change(draft, bucket, |bucket| bucket.tags = tags)?;
    Ok(Nothing)
}

/// `GetBucketTagging`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetBucketTaggingRequest,
) -> Result<GetBucketTaggingOutput, Fault> {
    let bucket = find(world, &input.bucket, input.expected_bucket_owner.as_deref())?;
    if bucket.tags.is_empty() {
        return Err(fault::no_tags(&input.bucket));
    }
    let show = |(key, value): (&String, &String)| Tag { key: key.clone(), value: value.clone() };
    Ok(GetBucketTaggingOutput { tag_set: bucket.tags.iter().map(show).collect() })
}

/// `DeleteBucketTagging`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteBucketTaggingRequest,
) -> Result<Nothing, Fault> {
    let bucket = (input.bucket.as_str(), input.expected_bucket_owner.as_deref());
    change(draft, bucket, |bucket| bucket.tags = Tags::new())?;
    Ok(Nothing)
}
