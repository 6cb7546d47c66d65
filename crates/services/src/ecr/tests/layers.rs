//! Layers that are sent through ECR's own operations.

use super::{Region, digest, region};
use crate::ecr::digest_of;
use api::ecr::*;

fn initiate(region: &mut Region) -> String {
    let input =
        InitiateLayerUploadRequest { repository_name: "shop".to_owned(), ..Default::default() };
    let answer = region.ok::<InitiateLayerUpload>(input);
    assert_eq!(answer.part_size, Some(5_242_880));
    answer.upload_id.unwrap()
}

fn part(upload: &str, first: i64, bytes: &[u8]) -> UploadLayerPartRequest {
    UploadLayerPartRequest {
        registry_id: None,
        repository_name: "shop".to_owned(),
        upload_id: upload.to_owned(),
        part_first_byte: first,
        part_last_byte: first + i64::try_from(bytes.len()).unwrap() - 1,
        layer_part_blob: bytes.to_vec(),
    }
}

fn complete(upload: &str, digest: &str) -> CompleteLayerUploadRequest {
    CompleteLayerUploadRequest {
        registry_id: None,
        repository_name: "shop".to_owned(),
        upload_id: upload.to_owned(),
        layer_digests: vec![digest.to_owned()],
    }
}

#[test]
fn a_layer_comes_in_parts() {
    let mut region = region();
    let upload = initiate(&mut region);
    let first = region.ok::<UploadLayerPart>(part(&upload, 0, b"hel"));
    assert_eq!(first.last_byte_received, Some(2));
    assert_eq!(region.ok::<UploadLayerPart>(part(&upload, 3, b"lo")).last_byte_received, Some(4));
    let hello = digest_of(b"hello").to_string();
    let done = region.ok::<CompleteLayerUpload>(complete(&upload, &hello));
    assert_eq!(done.layer_digest.as_deref(), Some(hello.as_str()));
    let url = region.ok::<GetDownloadUrlForLayer>(GetDownloadUrlForLayerRequest {
        registry_id: None,
        repository_name: "shop".to_owned(),
        layer_digest: hello.clone(),
    });
    let expected = format!("http://localhost:4566/v2/shop/blobs/{hello}");
    assert_eq!(url.download_url, Some(expected));
    let again = initiate(&mut region);
    region.ok::<UploadLayerPart>(part(&again, 0, b"hello"));
    let fault = region.fault::<CompleteLayerUpload>(complete(&again, &hello));
    assert!(fault.starts_with("LayerAlreadyExistsException: Layer with digest"), "{fault}");
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut region = region();
    let upload = initiate(&mut region);
    let hello = digest_of(b"hello").to_string();
    let empty = region.fault::<CompleteLayerUpload>(complete(&upload, &hello));
    assert!(empty.starts_with("EmptyUploadException"), "{empty}");

    let upload = initiate(&mut region);
    region.ok::<UploadLayerPart>(part(&upload, 0, b"hel"));
    let gap = region.fault::<UploadLayerPart>(part(&upload, 4, b"o"));
    assert_eq!(gap, "InvalidLayerPartException: the part must begin at byte 3");
    let short = UploadLayerPartRequest { part_last_byte: 9, ..part(&upload, 3, b"lo") };
    let short = region.fault::<UploadLayerPart>(short);
    assert!(short.starts_with("InvalidLayerPartException"), "{short}");
    let other = region.fault::<CompleteLayerUpload>(complete(&upload, &hello));
    assert!(other.starts_with("InvalidLayerException"), "{other}");
    let none = region.fault::<CompleteLayerUpload>(complete(&upload, "md5:0"));
    assert!(none.starts_with("InvalidLayerException"), "{none}");

    let nobodys = "00000000-0000-0000-0000-0000000000ff";
    let gone = region.fault::<UploadLayerPart>(part(nobodys, 0, b"x"));
    assert_eq!(
        gone,
        "UploadNotFoundException: The upload with id '00000000-0000-0000-0000-0000000000ff' does \
         not exist in the repository with name 'shop' in the registry with id '000000000000'"
    );
    let absent = region.fault::<GetDownloadUrlForLayer>(GetDownloadUrlForLayerRequest {
        registry_id: None,
        repository_name: "shop".to_owned(),
        layer_digest: digest('a'),
    });
    assert!(absent.starts_with("LayersNotFoundException"), "{absent}");
}

#[test]
fn an_upload_is_known_in_its_own_repository_alone() {
    let mut region = region();
    let upload = initiate(&mut region);
    region.ok::<CreateRepository>(CreateRepositoryRequest {
        repository_name: "other".to_owned(),
        ..Default::default()
    });
    let elsewhere = UploadLayerPartRequest {
        repository_name: "other".to_owned(),
        ..part(&upload, 0, b"hello")
    };
    let fault = region.fault::<UploadLayerPart>(elsewhere);
    assert!(fault.starts_with("UploadNotFoundException"), "{fault}");
}
