//! The archive.

use super::{Region, describe, push, put, region, tag};
use api::ecr::*;
use model::Span;

fn moved(region: &mut Region, to: &str) -> Option<String> {
    region.ok::<UpdateImageStorageClass>(move_to(to)).image_status
}

fn move_to(target: &str) -> UpdateImageStorageClassRequest {
    UpdateImageStorageClassRequest {
        registry_id: None,
        repository_name: "shop".to_owned(),
        image_id: tag("v1"),
        target_storage_class: target.to_owned(),
    }
}

fn named(region: &mut Region) -> ImageDetail {
    let input = DescribeImagesRequest {
        repository_name: "shop".to_owned(),
        image_ids: Some(vec![tag("v1")]),
        ..Default::default()
    };
    region.ok::<DescribeImages>(input).image_details.unwrap().remove(0)
}

fn get(region: &mut Region) -> BatchGetImageResponse {
    region.ok::<BatchGetImage>(BatchGetImageRequest {
        repository_name: "shop".to_owned(),
        image_ids: vec![tag("v1")],
        ..Default::default()
    })
}

#[test]
fn an_archived_image_is_seen_by_name_and_can_not_be_had() {
    let mut region = region();
    push(&mut region, 'a', Some("v1"));
    assert_eq!(moved(&mut region, "ARCHIVE").as_deref(), Some("ARCHIVED"));
    assert!(describe(&mut region).is_empty(), "only active images are listed unasked");
    let image = named(&mut region);
    assert_eq!(image.image_status.as_deref(), Some("ARCHIVED"));
    assert_eq!(image.last_archived_at, Some(region.now));
    let failures = get(&mut region).failures.unwrap();
    assert_eq!(failures[0].failure_code.as_deref(), Some("ImageInaccessible"));
    let input = StartImageScanRequest {
        repository_name: "shop".to_owned(),
        image_id: tag("v1"),
        registry_id: None,
    };
    assert!(region.fault::<StartImageScan>(input).starts_with("ImageArchivedException"));
    let again = region.fault::<UpdateImageStorageClass>(move_to("ARCHIVE"));
    assert!(again.starts_with("ImageStorageClassUpdateNotSupportedException"), "{again}");
}

#[test]
fn the_way_back_takes_twenty_minutes() {
    let mut region = region();
    push(&mut region, 'a', Some("v1"));
    moved(&mut region, "ARCHIVE");
    assert_eq!(moved(&mut region, "STANDARD").as_deref(), Some("ACTIVATING"));
    region.pass(Span::seconds(20 * 60 - 1));
    assert!(describe(&mut region).is_empty());
    region.pass(Span::seconds(1));
    assert_eq!(describe(&mut region)[0].last_activated_at, Some(region.now));
    assert_eq!(get(&mut region).images.unwrap().len(), 1);
}

#[test]
fn an_image_that_is_pushed_again_is_back_at_once() {
    let mut region = region();
    push(&mut region, 'a', Some("v1"));
    moved(&mut region, "ARCHIVE");
    let manifest = super::manifest(&mut region, 'a');
    region.ok::<PutImage>(put(&manifest, Some("v1")));
    assert_eq!(describe(&mut region)[0].image_status.as_deref(), Some("ACTIVE"));
}
