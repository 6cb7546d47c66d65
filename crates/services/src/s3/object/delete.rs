//! `DeleteObject` and `DeleteObjects`.

use super::super::{fault, find};
use super::{current, forget, id_of, is_tag, only, shown_id, write};
use crate::Cx;
use api::Fault;
use api::s3::*;
use model::Ids;
use world::bucket::Versioning;
use world::{Bucket, Draft};

/// The most objects of one request.
const MOST: usize = 1000;
const KNOWN: [&str; 5] = ["Bucket", "ExpectedBucketOwner", "IfMatch", "Key", "VersionId"];

/// `DeleteObject`. One that is not there is no mistake.
pub(in crate::s3) fn delete(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: DeleteObjectRequest,
) -> Result<DeleteObjectOutput, Fault> {
    only(&input, &KNOWN)?;
    let bucket = find(draft, &input.bucket, input.expected_bucket_owner.as_deref())?.clone();
    let held = current(draft, &bucket.name, &input.key).and_then(|held| held.content.as_ref());
    match (&input.if_match, held) {
        (Some(tag), Some(content)) if !is_tag(tag, &content.etag) => {
            return Err(fault::precondition("If-Match"));
        }
        (Some(_), None) => return Err(fault::no_key(&input.key)),
        _ => {}
    }
    let deleted = one(draft, &bucket, (&input.key, input.version_id.as_deref()), (cx, ids));
    Ok(DeleteObjectOutput {
        delete_marker: deleted.delete_marker,
        version_id: deleted.delete_marker_version_id.or(deleted.version_id),
        request_charged: None,
    })
}

/// `DeleteObjects`.
pub(in crate::s3) fn several(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: DeleteObjectsRequest,
) -> Result<DeleteObjectsOutput, Fault> {
    let checked = DeleteObjectsRequest { checksum_algorithm: None, ..input.clone() };
    only(&checked, &["Bucket", "Delete", "ExpectedBucketOwner"])?;
    let bucket = find(draft, &input.bucket, input.expected_bucket_owner.as_deref())?.clone();
    let quiet = input.delete.quiet == Some(true);
    let named = input.delete.objects;
    if named.is_empty() || named.len() > MOST {
        return Err(fault::malformed());
    }
    for object in &named {
        only(object, &["Key", "VersionId"])?;
    }
    let deleted: Vec<DeletedObject> = named
        .iter()
        .map(|named| one(draft, &bucket, (&named.key, named.version_id.as_deref()), (cx, ids)))
        .collect();
    Ok(DeleteObjectsOutput { deleted: (!quiet).then_some(deleted), ..Default::default() })
}

/// Deletes one: a version for good, or the object, of which a bucket with versions keeps all.
fn one(
    draft: &mut Draft,
    bucket: &Bucket,
    (name, id): (&str, Option<&str>),
    (cx, ids): (&Cx<'_>, &mut Ids),
) -> DeletedObject {
    let mut deleted = DeletedObject { key: Some(name.to_owned()), ..Default::default() };
    if let Some(id) = id {
        let gone = forget(draft, &bucket.name, (name, id));
        deleted.version_id = Some(id.to_owned());
        if let Some(marker) = gone.filter(|gone| gone.content.is_none()) {
            deleted.delete_marker = Some(true);
            deleted.delete_marker_version_id = Some(id_of(&marker).to_owned());
        }
        return deleted;
    }
    if bucket.versioning == Versioning::Never {
        forget(draft, &bucket.name, (name, super::NULL));
        return deleted;
    }
    let marker = write(draft, (bucket, name), (None, cx.now), ids);
    deleted.delete_marker = Some(true);
    deleted.delete_marker_version_id = shown_id(bucket, &marker);
    deleted
}
