//! What a bucket's objects come to. Their bytes are elsewhere; only their digests are here.

use super::{BUCKET, region};
use crate::Received;
use crate::s3::md5::Md5;
use crate::s3::span;
use crate::testing::Region;
use api::Field as _;
use api::s3::*;

fn put(region: &mut Region, key: &str, text: &str) -> PutObjectOutput {
    region.received = Some(Received {
        digest: format!("sha256:{text:0>64}"),
        size: text.len() as u64,
        md5: Md5::of(text.as_bytes()),
    });
    region.ok::<PutObject>(PutObjectRequest {
        bucket: BUCKET.into(),
        key: key.into(),
        content_encoding: Some("aws-chunked".into()),
        ..Default::default()
    })
}

fn get(key: &str) -> GetObjectRequest {
    GetObjectRequest { bucket: BUCKET.into(), key: key.into(), ..Default::default() }
}

fn version_them(region: &mut Region, status: &str) {
    let configuration =
        VersioningConfiguration { status: Some(status.to_owned()), mfa_delete: None };
    region.ok::<PutBucketVersioning>(PutBucketVersioningRequest {
        bucket: BUCKET.into(),
        versioning_configuration: configuration,
        ..Default::default()
    });
}

fn delete(region: &mut Region, key: &str) -> DeleteObjectOutput {
    let input =
        DeleteObjectRequest { bucket: BUCKET.into(), key: key.into(), ..Default::default() };
    region.ok::<DeleteObject>(input)
}

/// Which bytes a request for a range is answered with.
#[track_caller]
fn check_range(region: &Region, range: &str, expected: &[(u64, u64)]) {
    let input = GetObjectRequest { range: Some(range.to_owned()), ..get("c") };
    let span = span(&region.world, input.into_value()).unwrap_or_default();
    let found: Vec<_> = span.iter().map(|(_, from, count)| (*from, *count)).collect();
    assert_eq!(found, expected, "{range}");
}

#[test]
fn the_last_one_written_counts_where_no_versions_are_kept() {
    let mut region = region();
    put(&mut region, "a", "1");
    let written = put(&mut region, "a", "22");
    assert_eq!(written.version_id, None);
    let found = region.ok::<GetObject>(get("a"));
    assert_eq!((found.content_length, found.e_tag), (Some(2), written.e_tag));
    assert_eq!(found.content_encoding, None, "how the bytes came is nothing about them");
    delete(&mut region, "a");
    let fault = region.fault::<GetObject>(get("a"));
    assert_eq!(fault, "NoSuchKey: The specified key does not exist.");
    assert_eq!(region.world.objects.iter().count(), 0);
}

#[test]
fn a_deletion_is_a_version_where_versions_are_kept() {
    let mut region = region();
    put(&mut region, "a", "0");
    version_them(&mut region, "Enabled");
    let first = put(&mut region, "a", "1").version_id;
    assert_eq!(delete(&mut region, "a").delete_marker, Some(true));
    assert!(region.fault::<GetObject>(get("a")).starts_with("NoSuchKey"));
    let old = GetObjectRequest { version_id: first, ..get("a") };
    assert_eq!(region.ok::<GetObject>(old).content_length, Some(1));
    version_them(&mut region, "Suspended");
    let suspended = put(&mut region, "a", "33");
    assert_eq!(suspended.version_id.as_deref(), Some("null"));
    let null = GetObjectRequest { version_id: Some("null".into()), ..get("a") };
    assert_eq!(region.ok::<GetObject>(null).content_length, Some(2), "the older one is gone");
    let bucket = DeleteBucketRequest { bucket: BUCKET.into(), expected_bucket_owner: None };
    assert!(region.fault::<DeleteBucket>(bucket).starts_with("BucketNotEmpty: "));
}

#[test]
fn parts_become_one_object_and_ranges_reach_across_them() {
    let mut region = region();
    let created = region.ok::<CreateMultipartUpload>(CreateMultipartUploadRequest {
        bucket: BUCKET.into(),
        key: "c".into(),
        ..Default::default()
    });
    let upload_id = created.upload_id.unwrap();
    let large = 5 * 1024 * 1024;
    let mut parts = Vec::new();
    for (number, size) in [(1, large), (2, 10)] {
        let digest = format!("sha256:{number:064}");
        region.received = Some(Received { digest, size, md5: [7; 16] });
        let part = UploadPartRequest {
            bucket: BUCKET.into(),
            key: "c".into(),
            part_number: number,
            upload_id: upload_id.clone(),
            ..Default::default()
        };
        let e_tag = region.ok::<UploadPart>(part).e_tag;
        parts.push(CompletedPart { e_tag, part_number: Some(number), ..Default::default() });
    }
    let complete = CompleteMultipartUploadRequest {
        bucket: BUCKET.into(),
        key: "c".into(),
        upload_id,
        multipart_upload: Some(CompletedMultipartUpload { parts: Some(parts) }),
        ..Default::default()
    };
    let etag = region.ok::<CompleteMultipartUpload>(complete.clone()).e_tag.unwrap();
    assert!(etag.ends_with("-2\""), "{etag}");
    assert!(region.fault::<CompleteMultipartUpload>(complete).starts_with("NoSuchUpload: "));
    check_range(&region, "bytes=0-", &[(0, large), (0, 10)]);
    check_range(&region, "bytes=3-5", &[(3, 3)]);
    check_range(&region, &format!("bytes={}-{}", large - 2, large + 1), &[(large - 2, 2), (0, 2)]);
    check_range(&region, "bytes=-4", &[(6, 4)]);
    check_range(&region, "bytes=9-3", &[(0, large), (0, 10)]);
}

#[test]
fn keys_with_a_common_beginning_are_one_row() {
    let mut region = region();
    for key in ["a", "b/1", "b/2", "b/c/3", "d"] {
        put(&mut region, key, "1");
    }
    let mut token = None;
    let mut rows = Vec::new();
    loop {
        let page = region.ok::<ListObjectsV2>(ListObjectsV2Request {
            bucket: BUCKET.into(),
            delimiter: Some("/".into()),
            max_keys: Some(1),
            continuation_token: token,
            ..Default::default()
        });
        rows.extend(page.contents.unwrap().into_iter().filter_map(|held| held.key));
        rows.extend(page.common_prefixes.unwrap().into_iter().filter_map(|held| held.prefix));
        token = page.next_continuation_token;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(rows, ["a", "b/", "d"]);
}

#[test]
fn what_is_not_kept_is_refused_by_its_name() {
    let mut region = region();
    let input = PutObjectRequest {
        bucket: BUCKET.into(),
        key: "a".into(),
        tagging: Some("team=a".into()),
        ..Default::default()
    };
    let fault = region.fault::<PutObject>(input);
    assert!(fault.starts_with("NotImplemented: Tagging is not implemented"), "{fault}");
}
