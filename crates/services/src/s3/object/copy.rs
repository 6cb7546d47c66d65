//! `CopyObject`: the same bytes under another key. None is copied: both name them.

use super::super::{fault, find};
use super::put::{check_acl, encrypted};
use super::{
    about, check_key, check_write, current, id_of, only, quoted, shown_id, version, write,
};
use crate::Cx;
use api::Fault;
use api::s3::*;
use model::Ids;
use world::bucket::Versioning;
use world::object::Content;
use world::{Bucket, Draft};

const KNOWN: [&str; 12] = [
    "ACL",
    "Bucket",
    "BucketKeyEnabled",
    "CopySource",
    "ExpectedBucketOwner",
    "ExpectedSourceBucketOwner",
    "IfMatch",
    "IfNoneMatch",
    "Key",
    "Metadata",
    "MetadataDirective",
    "ServerSideEncryption",
];

/// Copies an object.
pub(in crate::s3) fn copy(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CopyObjectRequest,
) -> Result<CopyObjectOutput, Fault> {
    // No object has tags, so either directive comes to the same; a copy's checksum is not kept.
    let checked =
        CopyObjectRequest { tagging_directive: None, checksum_algorithm: None, ..input.clone() };
    only(&checked, &KNOWN)?;
    check_acl(input.acl.as_deref())?;
    check_key(&input.key)?;
    let bucket = find(draft, &input.bucket, input.expected_bucket_owner.as_deref())?.clone();
    let from = source(&input.copy_source).ok_or_else(fault::bad_source)?;
    let owner = input.expected_source_bucket_owner.as_deref();
    let source = find(draft, &from.bucket, owner)?.clone();
    let found = version(draft, &source.name, (&from.name, from.version.as_deref()))?;
    let (original, content) = (found.0.clone(), found.1.clone());
    let anew = input.metadata_directive.as_deref() == Some("REPLACE");
    if !anew && source.name == bucket.name && from.name == input.key && from.version.is_none() {
        return Err(fault::copied_onto_itself());
    }
    let held = current(draft, &bucket.name, &input.key);
    let (if_match, if_none_match) = (input.if_match.as_deref(), input.if_none_match.as_deref());
    check_write(held, if_match, if_none_match, &input.key)?;
    let about = if anew { about(&input) } else { content.about.clone() };
    let content = Content { about, ..content };
    let etag = quoted(&content.etag);
    let object = write(draft, (&bucket, &input.key), (Some(content), cx.now), ids);
    let version_kept = |bucket: &Bucket| bucket.versioning != Versioning::Never;
    Ok(CopyObjectOutput {
        copy_object_result: Some(CopyObjectResult {
            e_tag: Some(etag),
            last_modified: Some(cx.now),
            ..Default::default()
        }),
        copy_source_version_id: version_kept(&source).then(|| id_of(&original).to_owned()),
        version_id: shown_id(&bucket, &object),
        server_side_encryption: Some(encrypted(input.server_side_encryption)),
        ..Default::default()
    })
}

/// What is copied.
struct Source {
    bucket: String,
    name: String,
    version: Option<String>,
}

/// Reads `/bucket/key?versionId=id`, whose bucket and key are percent-encoded.
fn source(text: &str) -> Option<Source> {
    let (path, version) = match text.split_once("?versionId=") {
        Some((path, version)) => (path, Some(version.to_owned())),
        None => (text, None),
    };
    let path = decoded(path)?;
    let (bucket, name) = path.trim_start_matches('/').split_once('/')?;
    let whole = !bucket.is_empty() && !name.is_empty();
    whole.then(|| Source { bucket: bucket.to_owned(), name: name.to_owned(), version })
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).ok()
}
