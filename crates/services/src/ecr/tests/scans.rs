//! Scans, which fail honestly; pulls, which are noted; referrers.

use super::{INDEX, OCI, Region, describe, digest, manifest, of, push, put, region, tag};
use crate::ecr::pulled;
use api::ecr::*;
use model::{RepositoryName, Span};
use serde_json::json;
use world::{Draft, ImageKey};

fn scan(image_id: ImageIdentifier) -> StartImageScanRequest {
    StartImageScanRequest { repository_name: "shop".to_owned(), image_id, registry_id: None }
}

fn findings(image_id: ImageIdentifier) -> DescribeImageScanFindingsRequest {
    DescribeImageScanFindingsRequest {
        repository_name: "shop".to_owned(),
        image_id,
        ..Default::default()
    }
}

/// The status of an image's scan.
fn status(region: &mut Region, id: ImageIdentifier) -> Option<String> {
    let answer = region.ok::<DescribeImageScanFindings>(findings(id));
    assert!(answer.image_scan_findings.is_none(), "nothing was found out");
    answer.image_scan_status.unwrap().status
}

#[test]
fn a_scan_fails_and_says_why() {
    let mut region = region();
    let pushed = push(&mut region, 'a', Some("v1"));
    assert_eq!(
        region.fault::<DescribeImageScanFindings>(findings(tag("v1"))),
        "ScanNotFoundException: Image scan does not exist for the image with '{imageDigest:'null', \
         imageTag:'v1'}' in the repository with name 'shop' in the registry with id '000000000000'"
    );
    let started = region.ok::<StartImageScan>(scan(tag("v1")));
    assert_eq!(started.image_id.unwrap().image_digest, Some(pushed));
    assert_eq!(status(&mut region, tag("v1")).as_deref(), Some("FAILED"));
    let again = region.fault::<StartImageScan>(scan(tag("v1")));
    assert_eq!(
        again,
        "LimitExceededException: The scan quota per image has been exceeded. Wait and try again."
    );
    region.pass(Span::minutes(24 * 60));
    region.ok::<StartImageScan>(scan(tag("v1")));
}

#[test]
fn an_image_is_scanned_on_push_where_that_is_set() {
    let mut region = region();
    push(&mut region, 'a', Some("before"));
    region.ok::<PutImageScanningConfiguration>(PutImageScanningConfigurationRequest {
        repository_name: "shop".to_owned(),
        image_scanning_configuration: ImageScanningConfiguration { scan_on_push: Some(true) },
        registry_id: None,
    });
    push(&mut region, 'b', Some("after"));
    assert_eq!(status(&mut region, tag("after")).as_deref(), Some("FAILED"));
    let none = region.fault::<DescribeImageScanFindings>(findings(tag("before")));
    assert!(none.starts_with("ScanNotFoundException"), "{none}");
    let names = vec!["shop".to_owned(), "nowhere".to_owned()];
    let settings = region.ok::<BatchGetRepositoryScanningConfiguration>(
        BatchGetRepositoryScanningConfigurationRequest { repository_names: names },
    );
    let [set] = &settings.scanning_configurations.unwrap()[..] else { panic!("one repository") };
    assert_eq!(set.scan_frequency.as_deref(), Some("SCAN_ON_PUSH"));
    let [missing] = &settings.failures.unwrap()[..] else { panic!("one is missing") };
    assert_eq!(missing.failure_code.as_deref(), Some("REPOSITORY_NOT_FOUND"));
}

#[test]
fn an_index_can_not_be_scanned() {
    let mut region = region();
    let child = push(&mut region, 'a', None);
    let entry = json!({ "digest": child, "size": 1, "mediaType": OCI });
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [entry] });
    region.ok::<PutImage>(put(&index.to_string(), Some("v1")));
    let fault = region.fault::<StartImageScan>(scan(tag("v1")));
    assert!(fault.starts_with("UnsupportedImageTypeException"), "{fault}");
}

#[test]
fn a_pull_is_noted_once_a_minute() {
    let mut region = region();
    let pushed = push(&mut region, 'a', Some("v1"));
    assert_eq!(describe(&mut region)[0].last_recorded_pull_time, None);
    let key = ImageKey { repository: RepositoryName::from("shop"), digest: pushed.as_str().into() };
    let noted = |region: &mut Region| {
        let mut draft = Draft::of(&region.world);
        pulled(&mut draft, &key, region.now);
        region.world = draft.commit().world;
        describe(region)[0].last_recorded_pull_time.unwrap()
    };
    let first = noted(&mut region);
    assert_eq!(first, region.now);
    region.pass(Span::seconds(59));
    assert_eq!(noted(&mut region), first);
    region.pass(Span::seconds(1));
    assert_eq!(noted(&mut region), region.now);
}

#[test]
fn what_is_about_an_image_is_listed() {
    let mut region = region();
    let subject = push(&mut region, 'a', Some("v1"));
    let mut about = |letter, kind: &str| {
        let mut about: serde_json::Value =
            serde_json::from_str(&manifest(&mut region, letter)).unwrap();
        about["subject"] = json!({ "digest": subject, "size": 1, "mediaType": OCI });
        about["artifactType"] = json!(kind);
        about["annotations"] = json!({ "by": kind });
        let put = region.ok::<PutImage>(put(&about.to_string(), None));
        put.image.unwrap().image_id.unwrap().image_digest.unwrap()
    };
    let signature = about('b', "x/signature");
    about('c', "x/sbom");
    let mut list = |subject: &str, filter: Option<ListImageReferrersFilter>| {
        let subject_id = SubjectIdentifier { image_digest: subject.to_owned() };
        let input = ListImageReferrersRequest {
            repository_name: "shop".to_owned(),
            subject_id,
            filter,
            ..Default::default()
        };
        region.ok::<ListImageReferrers>(input).referrers.unwrap()
    };
    assert_eq!(list(&subject, None).len(), 2);
    let artifact_types = Some(vec!["x/signature".to_owned()]);
    let filter = ListImageReferrersFilter { artifact_types, ..Default::default() };
    let [found] = &list(&subject, Some(filter))[..] else { panic!("one signature") };
    assert_eq!(found.digest, signature);
    assert_eq!(found.annotations.as_ref().unwrap()["by"], "x/signature");
    assert!(list(&digest('f'), None).is_empty());
    assert!(list(&of(&signature).image_digest.unwrap(), None).is_empty());
}
