//! Simple Storage Service: buckets and what is set for them.
//!
//! Policies are checked and kept, and open or close nothing: locally no call is refused by a policy.

mod access;
mod bucket;
mod encryption;
mod fault;
mod lifecycle;
mod name;
mod policy;
mod tagging;
#[cfg(test)]
mod tests;
mod versioning;

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
