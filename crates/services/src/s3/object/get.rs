//! `GetObject` and `HeadObject`: what is said of an object, and which of its bytes are wanted.

use super::super::{fault, find};
use super::{is_tag, quoted, shown_id, version};
use crate::Cx;
use api::s3::*;
use api::{Fault, Field as _, Value};
use model::Timestamp;
use world::object::{Content, Object, Piece};
use world::{Bucket, World};

/// Bytes of an object: some of each of these pieces, in order.
pub type Span = Vec<(Piece, u64, u64)>;

/// `GetObject`, but for the bytes.
pub(in crate::s3) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetObjectRequest,
) -> Result<GetObjectOutput, Fault> {
    let bucket = find(world, &input.bucket, input.expected_bucket_owner.as_deref())?;
    refuse(&input)?;
    let id = input.version_id.as_deref();
    let (object, content) = version(world, &bucket.name, (&input.key, id))?;
    check_conditions(&input, object, content)?;
    let range = range(input.range.as_deref(), content.size())?;
    Ok(answer(bucket, (object, content), range, &input))
}

/// `HeadObject`: the same, without the bytes.
pub(in crate::s3) fn head(
    world: &World,
    cx: &Cx<'_>,
    input: HeadObjectRequest,
) -> Result<HeadObjectOutput, Fault> {
    // Both have the same members, in the same order.
    let input = GetObjectRequest::from_value(input.into_value()).map_err(|_| Fault::internal())?;
    let found = get(world, cx, input)?;
    Ok(HeadObjectOutput {
        accept_ranges: found.accept_ranges,
        last_modified: found.last_modified,
        content_length: found.content_length,
        e_tag: found.e_tag,
        version_id: found.version_id,
        cache_control: found.cache_control,
        content_disposition: found.content_disposition,
        content_encoding: found.content_encoding,
        content_language: found.content_language,
        content_range: found.content_range,
        content_type: found.content_type,
        expires: found.expires,
        server_side_encryption: found.server_side_encryption,
        metadata: found.metadata,
        storage_class: found.storage_class,
        ..Default::default()
    })
}

/// The bytes that a request for an object is answered with; nothing where it is refused.
#[must_use]
pub fn span(world: &World, input: Value) -> Option<Span> {
    let input = GetObjectRequest::from_value(input).ok()?;
    let bucket = world.buckets.get(input.bucket.as_str())?;
    let id = input.version_id.as_deref();
    let (_, content) = version(world, &bucket.name, (&input.key, id)).ok()?;
    let size = content.size();
    let (first, last) = range(input.range.as_deref(), size).ok()?.unwrap_or((0, size.max(1) - 1));
    let mut before = 0;
    let mut span = Vec::new();
    for piece in &content.pieces {
        let end = before + piece.size;
        if first < end && last >= before {
            let from = first.max(before) - before;
            let to = (last + 1).min(end) - before;
            span.push((piece.clone(), from, to - from));
        }
        before = end;
    }
    Some(span)
}

fn answer(
    bucket: &Bucket,
    (object, content): (&Object, &Content),
    range: Option<(u64, u64)>,
    input: &GetObjectRequest,
) -> GetObjectOutput {
    let size = content.size();
    let length = range.map_or(size, |(first, last)| last - first + 1);
    let kept = |name: &str| content.about.headers.get(name).cloned();
    let asked = |asked: &Option<String>, name: &str| asked.clone().or_else(|| kept(name));
    let metadata = content.about.metadata.clone();
    GetObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        last_modified: Some(object.at),
        content_length: i64::try_from(length).ok(),
        e_tag: Some(quoted(&content.etag)),
        version_id: shown_id(bucket, object),
        cache_control: asked(&input.response_cache_control, "CacheControl"),
        content_disposition: asked(&input.response_content_disposition, "ContentDisposition"),
        content_encoding: asked(&input.response_content_encoding, "ContentEncoding"),
        content_language: asked(&input.response_content_language, "ContentLanguage"),
        content_range: range.map(|(first, last)| format!("bytes {first}-{last}/{size}")),
        content_type: asked(&input.response_content_type, "ContentType")
            .or_else(|| Some("binary/octet-stream".to_owned())),
        expires: kept("Expires"),
        server_side_encryption: Some("AES256".to_owned()),
        storage_class: kept("StorageClass").filter(|class| class != "STANDARD"),
        metadata: (!metadata.is_empty()).then_some(metadata),
        ..Default::default()
    }
}

fn refuse(input: &GetObjectRequest) -> Result<(), Fault> {
    let keyed = input.sse_customer_algorithm.is_some() || input.sse_customer_key.is_some();
    match () {
        () if keyed => Err(fault::not_implemented("Encryption with a client's own key")),
        () if input.part_number.is_some() => Err(fault::not_implemented("partNumber")),
        () if input.response_expires.is_some() => Err(fault::not_implemented("response-expires")),
        () => Ok(()),
    }
}

/// Holds a request's conditions against a version, in RFC 9110's order. Times count in seconds.
fn check_conditions(
    input: &GetObjectRequest,
    object: &Object,
    content: &Content,
) -> Result<(), Fault> {
    let seconds = |at: Timestamp| at.millis().div_euclid(1000);
    let later = |than: Timestamp| seconds(object.at) > seconds(than);
    match (&input.if_match, input.if_unmodified_since) {
        (Some(tags), _) if !is_tag(tags, &content.etag) => {
            return Err(fault::precondition("If-Match"));
        }
        (None, Some(since)) if later(since) => {
            return Err(fault::precondition("If-Unmodified-Since"));
        }
        _ => {}
    }
    match (&input.if_none_match, input.if_modified_since) {
        (Some(tags), _) if is_tag(tags, &content.etag) => Err(fault::not_modified()),
        (None, Some(since)) if !later(since) => Err(fault::not_modified()),
        _ => Ok(()),
    }
}

/// The first and the last byte that a `Range` header asks for. What is no range of bytes, or several
/// of them, asks for all.
fn range(header: Option<&str>, size: u64) -> Result<Option<(u64, u64)>, Fault> {
    let Some((first, last)) = header.and_then(parse) else { return Ok(None) };
    let unsatisfiable = || fault::range(header.unwrap_or_default(), size);
    let end = size.checked_sub(1).ok_or_else(unsatisfiable)?;
    let (first, last) = match (first, last) {
        (None, Some(count)) => (size.saturating_sub(count), end),
        (Some(first), last) => (first, last.unwrap_or(end).min(end)),
        (None, None) => return Ok(None),
    };
    if first <= last { Ok(Some((first, last))) } else { Err(unsatisfiable()) }
}

fn parse(header: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    let number =
        |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
    let (first, last) = (number(first)?, number(last)?);
    let sound = first.zip(last).is_none_or(|(first, last)| first <= last);
    sound.then_some((first, last))
}
