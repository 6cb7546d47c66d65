//! Objects that come in parts.

use super::object::put::{check_acl, encrypted, pieces};
use super::object::{about, check_key, check_write, current, only, quoted, shown_id, write};
use super::{fault, find, md5};
use crate::Cx;
use api::Fault;
use api::s3::*;
use model::Ids;
use world::object::{Content, ObjectUpload, ObjectUploadKey, Part as Row, Piece};
use world::{Draft, RowKey, World};

/// The least bytes of all parts but the last.
const LEAST: u64 = 5 * 1024 * 1024;
/// The most parts of an object, and of a page.
const MOST: u32 = 10_000;
const PAGE: usize = 1000;

const KNOWN: [&str; 9] = [
    "ACL",
    "Bucket",
    "BucketKeyEnabled",
    "ChecksumAlgorithm",
    "ChecksumType",
    "ExpectedBucketOwner",
    "Key",
    "Metadata",
    "ServerSideEncryption",
];

/// `CreateMultipartUpload`.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateMultipartUploadRequest,
) -> Result<CreateMultipartUploadOutput, Fault> {
    only(&input, &KNOWN)?;
    check_acl(input.acl.as_deref())?;
    check_key(&input.key)?;
    let bucket = find(draft, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let id = ids.word(64);
    let key = ObjectUploadKey { bucket: bucket.name.clone(), name: input.key.clone(), id };
    let upload = ObjectUpload { key, at: cx.now, about: about(&input), parts: Default::default() };
    let upload_id = Some(upload.key.id.clone());
    draft.put(upload);
    Ok(CreateMultipartUploadOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id,
        server_side_encryption: Some(encrypted(input.server_side_encryption)),
        ..Default::default()
    })
}

/// `UploadPart`.
pub(super) fn part(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: UploadPartRequest,
) -> Result<UploadPartOutput, Fault> {
    let number = u32::try_from(input.part_number).unwrap_or(0);
    if !(1..=MOST).contains(&number) {
        return Err(fault::bad_part_number());
    }
    if input.sse_customer_algorithm.is_some() || input.sse_customer_key.is_some() {
        return Err(fault::not_implemented("Encryption with a client's own key"));
    }
    let owner = input.expected_bucket_owner.as_deref();
    let mut upload = upload(draft, (&input.bucket, owner), (&input.key, &input.upload_id))?.clone();
    let received = cx.received.ok_or_else(Fault::internal)?;
    let piece = Piece { digest: received.digest.clone(), size: received.size };
    let md5 = md5::hex(&received.md5);
    // An empty part has no bytes to find, and is a part.
    debug_assert_eq!(pieces(received).is_empty(), piece.size == 0);
    upload.parts.insert(number, Row { piece, md5: md5.clone(), at: cx.now });
    draft.put(upload);
    Ok(UploadPartOutput {
        e_tag: Some(quoted(&md5)),
        server_side_encryption: Some(encrypted(None)),
        ..Default::default()
    })
}

/// `CompleteMultipartUpload`.
pub(super) fn complete(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CompleteMultipartUploadRequest,
) -> Result<CompleteMultipartUploadOutput, Fault> {
    let owner = input.expected_bucket_owner.as_deref();
    let held = upload(draft, (&input.bucket, owner), (&input.key, &input.upload_id))?.clone();
    let bucket = find(draft, &input.bucket, owner)?.clone();
    let named = input.multipart_upload.and_then(|given| given.parts).unwrap_or_default();
    let parts = chosen(&held, &named)?;
    let (if_match, if_none_match) = (input.if_match.as_deref(), input.if_none_match.as_deref());
    let before = current(draft, &bucket.name, &input.key);
    check_write(before, if_match, if_none_match, &input.key)?;
    let size: u64 = parts.iter().map(|part| part.piece.size).sum();
    if input.mpu_object_size.is_some_and(|stated| u64::try_from(stated) != Ok(size)) {
        return Err(fault::invalid("The provided MpuObjectSize does not match the parts"));
    }
    let etag = etag(&parts);
    let full = parts.iter().filter(|part| part.piece.size > 0);
    let pieces = full.map(|part| part.piece.clone()).collect();
    let content = Content { pieces, etag: etag.clone(), about: held.about.clone() };
    draft.remove(RowKey::ObjectUpload(held.key));
    let object = write(draft, (&bucket, &input.key), (Some(content), cx.now), ids);
    Ok(CompleteMultipartUploadOutput {
        location: Some(format!("/{}/{}", input.bucket, input.key)),
        bucket: Some(input.bucket),
        key: Some(input.key),
        e_tag: Some(quoted(&etag)),
        server_side_encryption: Some(encrypted(None)),
        version_id: shown_id(&bucket, &object),
        ..Default::default()
    })
}

/// `AbortMultipartUpload`.
pub(super) fn abort(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: AbortMultipartUploadRequest,
) -> Result<AbortMultipartUploadOutput, Fault> {
    only(&input, &["Bucket", "ExpectedBucketOwner", "Key", "UploadId"])?;
    let owner = input.expected_bucket_owner.as_deref();
    let held = upload(draft, (&input.bucket, owner), (&input.key, &input.upload_id))?;
    let key = RowKey::ObjectUpload(held.key.clone());
    draft.remove(key);
    Ok(AbortMultipartUploadOutput::default())
}

/// `ListParts`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListPartsRequest,
) -> Result<ListPartsOutput, Fault> {
    let owner = input.expected_bucket_owner.as_deref();
    let held = upload(world, (&input.bucket, owner), (&input.key, &input.upload_id))?;
    let marker = input.part_number_marker.unwrap_or(0);
    let most =
        input.max_parts.and_then(|most| usize::try_from(most).ok()).unwrap_or(PAGE).min(PAGE);
    let after = held.parts.iter().filter(|(number, _)| i64::from(**number) > i64::from(marker));
    let rows: Vec<_> = after.take(most + 1).collect();
    let more = rows.len() > most;
    let show = |(number, part): &(&u32, &Row)| Part {
        part_number: i32::try_from(**number).ok(),
        last_modified: Some(part.at),
        e_tag: Some(quoted(&part.md5)),
        size: i64::try_from(part.piece.size).ok(),
        ..Default::default()
    };
    let parts: Vec<Part> = rows.iter().take(most).map(show).collect();
    Ok(ListPartsOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(input.upload_id),
        part_number_marker: Some(marker),
        next_part_number_marker: parts.last().and_then(|part| part.part_number),
        max_parts: i32::try_from(most).ok(),
        is_truncated: Some(more),
        parts: Some(parts),
        storage_class: Some("STANDARD".to_owned()),
        ..Default::default()
    })
}

fn upload<'a>(
    world: &'a World,
    (bucket, owner): (&str, Option<&str>),
    (name, id): (&str, &str),
) -> Result<&'a ObjectUpload, Fault> {
    let bucket = find(world, bucket, owner)?.name.clone();
    let key = ObjectUploadKey { bucket, name: name.to_owned(), id: id.to_owned() };
    world.object_uploads.get(&key).ok_or_else(fault::no_upload)
}

/// The parts that a client names, which rise and are what it thinks they are.
fn chosen(held: &ObjectUpload, named: &[CompletedPart]) -> Result<Vec<Row>, Fault> {
    if named.is_empty() {
        return Err(fault::malformed());
    }
    let numbers: Vec<i32> = named.iter().filter_map(|part| part.part_number).collect();
    if numbers.len() < named.len() || !numbers.is_sorted_by(|one, other| one < other) {
        return Err(fault::bad_part_order());
    }
    let found = named.iter().zip(&numbers).map(|(named, number)| {
        let part = u32::try_from(*number).ok().and_then(|number| held.parts.get(&number));
        let tag = named.e_tag.as_deref().unwrap_or_default().trim_matches('"');
        part.filter(|part| part.md5 == tag).cloned().ok_or_else(fault::bad_part)
    });
    let parts = found.collect::<Result<Vec<Row>, Fault>>()?;
    let small = |part: &Row| part.piece.size < LEAST;
    match parts.split_last() {
        Some((_, others)) if others.iter().any(small) => Err(fault::small_part()),
        _ => Ok(parts),
    }
}

/// The digest of the parts' digests, and how many they are.
fn etag(parts: &[Row]) -> String {
    let digits: String = parts.iter().map(|part| part.md5.as_str()).collect();
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap_or_default();
    let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect();
    format!("{}-{}", md5::hex(&md5::Md5::of(&bytes)), parts.len())
}
