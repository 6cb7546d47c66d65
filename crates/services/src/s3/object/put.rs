//! `PutObject`: the bytes have come, and now they have a key.

use super::super::{fault, find, md5};
use super::{about, check_key, check_write, current, only, quoted, shown_id, write};
use crate::{Cx, Received};
use api::Fault;
use api::s3::*;
use model::Ids;
use world::Draft;
use world::object::{Content, Piece};

/// What the region takes beside what S3 gives back; checksums were checked when the bytes came.
const KNOWN: [&str; 17] = [
    "ACL",
    "Bucket",
    "BucketKeyEnabled",
    "ChecksumAlgorithm",
    "ChecksumCRC32",
    "ChecksumCRC32C",
    "ChecksumCRC64NVME",
    "ChecksumSHA1",
    "ChecksumSHA256",
    "ContentLength",
    "ContentMD5",
    "ExpectedBucketOwner",
    "IfMatch",
    "IfNoneMatch",
    "Key",
    "Metadata",
    "ServerSideEncryption",
];

/// Writes an object.
pub(in crate::s3) fn put(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: PutObjectRequest,
) -> Result<PutObjectOutput, Fault> {
    only(&input, &KNOWN)?;
    check_acl(input.acl.as_deref())?;
    check_key(&input.key)?;
    let bucket = find(draft, &input.bucket, input.expected_bucket_owner.as_deref())?.clone();
    let held = current(draft, &bucket.name, &input.key);
    let (if_match, if_none_match) = (input.if_match.as_deref(), input.if_none_match.as_deref());
    check_write(held, if_match, if_none_match, &input.key)?;
    let received = cx.received.ok_or_else(Fault::internal)?;
    let etag = md5::hex(&received.md5);
    let content = Content { pieces: pieces(received), etag: etag.clone(), about: about(&input) };
    let object = write(draft, (&bucket, &input.key), (Some(content), cx.now), ids);
    Ok(PutObjectOutput {
        e_tag: Some(quoted(&etag)),
        server_side_encryption: Some(encrypted(input.server_side_encryption)),
        version_id: shown_id(&bucket, &object),
        ..Default::default()
    })
}

/// An object of no bytes has no piece.
pub(in crate::s3) fn pieces(received: &Received) -> Vec<Piece> {
    let piece = Piece { digest: received.digest.clone(), size: received.size };
    if received.size == 0 { Vec::new() } else { vec![piece] }
}

/// There are no ACLs: what says the same as none is taken.
pub(in crate::s3) fn check_acl(acl: Option<&str>) -> Result<(), Fault> {
    match acl {
        None | Some("private" | "bucket-owner-full-control") => Ok(()),
        Some(_) => Err(fault::acl_not_supported()),
    }
}

pub(in crate::s3) fn encrypted(asked: Option<String>) -> String {
    asked.unwrap_or_else(|| "AES256".to_owned())
}
