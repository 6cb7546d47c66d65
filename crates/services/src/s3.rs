//! Simple Storage Service: buckets, what is set for them, and objects.
//!
//! The bytes of objects never come here: they are stored before a call that brings them is handled,
//! and read after one that wants them; [`span`] says which. Policies are checked and kept, and open or close nothing: locally no call is refused by a policy.

mod access;
mod bucket;
mod encryption;
mod fault;
mod lifecycle;
mod list;
mod md5;
mod multipart;
mod name;
mod object;
mod policy;
mod tagging;
#[cfg(test)]
mod tests;
mod versioning;

pub use md5::Md5;
pub use object::get::{Span, span};

use crate::Table;
use api::Fault;
use api::s3::*;
use world::{Bucket as Row, Draft, World};

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    (
        "CreateBucket.ObjectOwnership, PutBucketOwnershipControls",
        "there are no ACLs, and one owner",
    ),
    ("PutBucketPolicy.Policy", "checked, kept and shown; no call is refused by a policy"),
    ("PutBucketEncryption", "kept and shown; nothing is encrypted on this machine's disk"),
    ("PutPublicAccessBlock", "a public policy is refused where it says so; nothing is public here"),
    ("PutBucketLifecycleConfiguration", "kept and shown; nothing expires"),
    ("Put….ChecksumAlgorithm, ContentMD5", "documents are small and come over loopback"),
    (
        "PutObject.ServerSideEncryption, BucketKeyEnabled",
        "nothing is encrypted on this machine's disk",
    ),
    ("PutObject.StorageClass", "kept and shown; all classes are alike"),
    ("PutObject.Checksum…", "the bytes are checked against it; it is not kept"),
    ("GetObject.ChecksumMode", "checksums are not kept; the entity tag is the MD5 of the bytes"),
    ("…RequestPayer", "nobody pays"),
    (
        "ListObjectsV2.FetchOwner, OptionalObjectAttributes",
        "there is one owner, and nothing is restored",
    ),
    ("ListObjectVersions.VersionIdMarker", "a page ends with all versions of a key"),
    ("CompleteMultipartUpload.Checksum…", "parts are checked as they come"),
];

/// The operations of S3.
pub(crate) fn table() -> Table {
    Table::default()
        .write::<CreateBucket>(bucket::create)
        .write::<DeleteBucket>(bucket::delete)
        .read::<HeadBucket>(bucket::head)
        .read::<ListBuckets>(bucket::list)
        .read::<GetBucketLocation>(bucket::location)
        .write::<PutBucketPolicy>(policy::put)
        .read::<GetBucketPolicy>(policy::get)
        .write::<DeleteBucketPolicy>(policy::delete)
        .write::<PutBucketVersioning>(versioning::put)
        .read::<GetBucketVersioning>(versioning::get)
        .write::<PutBucketEncryption>(encryption::put)
        .read::<GetBucketEncryption>(encryption::get)
        .write::<DeleteBucketEncryption>(encryption::delete)
        .write::<PutPublicAccessBlock>(access::put_block)
        .read::<GetPublicAccessBlock>(access::block)
        .write::<DeletePublicAccessBlock>(access::delete_block)
        .write::<PutBucketOwnershipControls>(access::put_ownership)
        .read::<GetBucketOwnershipControls>(access::ownership)
        .write::<DeleteBucketOwnershipControls>(access::delete_ownership)
        .write::<PutBucketLifecycleConfiguration>(lifecycle::put)
        .read::<GetBucketLifecycleConfiguration>(lifecycle::get)
        .write::<DeleteBucketLifecycle>(lifecycle::delete)
        .write::<PutBucketTagging>(tagging::put)
        .read::<GetBucketTagging>(tagging::get)
        .write::<DeleteBucketTagging>(tagging::delete)
        .write::<PutObject>(object::put::put)
        .read::<GetObject>(object::get::get)
        .read::<HeadObject>(object::get::head)
        .write::<CopyObject>(object::copy::copy)
        .write::<DeleteObject>(object::delete::delete)
        .write::<DeleteObjects>(object::delete::several)
        .read::<ListObjects>(list::first)
        .read::<ListObjectsV2>(list::second)
        .read::<ListObjectVersions>(list::versions)
        .write::<CreateMultipartUpload>(multipart::create)
        .write::<UploadPart>(multipart::part)
        .write::<CompleteMultipartUpload>(multipart::complete)
        .write::<AbortMultipartUpload>(multipart::abort)
        .read::<ListParts>(multipart::list)
}

/// The bucket that a call names. Who expects another owner than the account is kept out.
fn find<'a>(world: &'a World, name: &str, owner: Option<&str>) -> Result<&'a Row, Fault> {
    let held = world.buckets.get(name).ok_or_else(|| fault::no_bucket(name))?;
    match owner {
        Some(owner) if owner != world.place.account.as_str() => Err(fault::access_denied()),
        _ => Ok(held),
    }
}

/// Changes a bucket.
fn change(
    draft: &mut Draft,
    (name, owner): (&str, Option<&str>),
    change: impl FnOnce(&mut Row),
) -> Result<(), Fault> {
    let mut bucket = find(draft, name, owner)?.clone();
    change(&mut bucket);
    draft.put(bucket);
    Ok(())
}
