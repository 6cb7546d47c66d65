//! Repositories and images.

mod archive;
mod layers;
mod scans;

use super::table;
use crate::testing::{Region, assert_complete};
use api::Service;
use api::ecr::*;
use model::{RepositoryName, Span};
use serde_json::json;
use world::{Layer, LayerKey};

const OCI: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A region with the repository `shop`.
fn region() -> Region {
    let mut region = Region::of(table());
    region.ok::<CreateRepository>(CreateRepositoryRequest {
        repository_name: "shop".to_owned(),
        ..Default::default()
    });
    region
}

fn digest(letter: char) -> String {
    format!("sha256:{}", letter.to_string().repeat(64))
}

/// A manifest whose configuration and layer have digests of one letter, and are in the repository.
fn manifest(region: &mut Region, letter: char) -> String {
    let repository = RepositoryName::from("shop");
    let key = LayerKey { repository, digest: digest(letter).into() };
    region.put(Layer { key, size: 10, arrived_at: region.now });
    let blob = json!({ "digest": digest(letter), "size": 10, "mediaType": "x" });
    let config = json!({
        "digest": digest(letter), "size": 10,
        "mediaType": "application/vnd.oci.image.config.v1+json",
    });
    json!({ "schemaVersion": 2, "mediaType": OCI, "config": config, "layers": [blob] }).to_string()
}

fn put(manifest: &str, tag: Option<&str>) -> PutImageRequest {
    PutImageRequest {
        repository_name: "shop".to_owned(),
        image_manifest: manifest.to_owned(),
        image_tag: tag.map(str::to_owned),
        ..Default::default()
    }
}

/// Puts an image and answers its digest.
fn push(region: &mut Region, letter: char, tag: Option<&str>) -> String {
    let manifest = manifest(region, letter);
    let image = region.ok::<PutImage>(put(&manifest, tag)).image.unwrap();
    image.image_id.unwrap().image_digest.unwrap()
}

fn tag(tag: &str) -> ImageIdentifier {
    ImageIdentifier { image_tag: Some(tag.to_owned()), image_digest: None }
}

fn of(digest: &str) -> ImageIdentifier {
    ImageIdentifier { image_digest: Some(digest.to_owned()), image_tag: None }
}

fn describe(region: &mut Region) -> Vec<ImageDetail> {
    let input = DescribeImagesRequest { repository_name: "shop".to_owned(), ..Default::default() };
    region.ok::<DescribeImages>(input).image_details.unwrap()
}

fn delete(region: &mut Region, image_ids: Vec<ImageIdentifier>) -> BatchDeleteImageResponse {
    region.ok::<BatchDeleteImage>(BatchDeleteImageRequest {
        repository_name: "shop".to_owned(),
        image_ids,
        ..Default::default()
    })
}

fn immutable(region: &mut Region, word: &str, filters: &[&str]) {
    let filter = |filter: &&str| ImageTagMutabilityExclusionFilter {
        filter_type: "WILDCARD".to_owned(),
        filter: (*filter).to_owned(),
    };
    region.ok::<PutImageTagMutability>(PutImageTagMutabilityRequest {
        repository_name: "shop".to_owned(),
        image_tag_mutability: word.to_owned(),
        image_tag_mutability_exclusion_filters: Some(filters.iter().map(filter).collect()),
        ..Default::default()
    });
}

#[test]
fn every_operation_has_a_handler() {
    assert_complete(Service::Ecr, &table());
}

#[test]
fn a_repository_is_where_docker_finds_it() {
    let mut region = region();
    let input = DescribeRepositoriesRequest::default();
    let [row] = &region.ok::<DescribeRepositories>(input).repositories.unwrap()[..] else {
        panic!("one repository")
    };
    assert_eq!(row.repository_uri.as_deref(), Some("localhost:4566/shop"));
    let arn = "arn:aws:ecr:eu-west-1:000000000000:repository/shop";
    assert_eq!(row.repository_arn.as_deref(), Some(arn));
    assert_eq!(row.image_tag_mutability.as_deref(), Some("MUTABLE"));
    let again =
        CreateRepositoryRequest { repository_name: "shop".to_owned(), ..Default::default() };
    assert_eq!(
        region.fault::<CreateRepository>(again),
        "RepositoryAlreadyExistsException: The repository with name 'shop' already exists in the \
         registry with id '000000000000'"
    );
}

#[test]
fn a_repository_with_images_goes_only_by_force() {
    let mut region = region();
    push(&mut region, 'a', Some("v1"));
    let mut input =
        DeleteRepositoryRequest { repository_name: "shop".to_owned(), ..Default::default() };
    assert!(region.fault::<DeleteRepository>(input.clone()).starts_with("RepositoryNotEmpty"));
    input.force = Some(true);
    region.ok::<DeleteRepository>(input.clone());
    assert!(region.world.images.is_empty() && region.world.layers.is_empty());
    assert_eq!(
        region.fault::<DeleteRepository>(input),
        "RepositoryNotFoundException: The repository with name 'shop' does not exist in the \
         registry with id '000000000000'"
    );
}

#[test]
fn an_image_needs_its_layers() {
    let mut region = region();
    let manifest = manifest(&mut region, 'a').replace(&digest('a'), &digest('b'));
    let fault = region.fault::<PutImage>(put(&manifest, Some("v1")));
    assert!(
        fault.starts_with("LayersNotFoundException") && fault.contains(&digest('b')),
        "{fault}"
    );
}

#[test]
fn an_index_needs_its_images_and_keeps_them() {
    let mut region = region();
    let child = push(&mut region, 'a', None);
    let index = |digest: &str| {
        let entry = json!({ "digest": digest, "size": 1, "mediaType": OCI });
        json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [entry] }).to_string()
    };
    let fault = region.fault::<PutImage>(put(&index(&digest('b')), Some("v1")));
    assert!(fault.starts_with("ReferencedImagesNotFoundException"), "{fault}");
    region.ok::<PutImage>(put(&index(&child), Some("v1")));
    let refused = delete(&mut region, vec![of(&child)]).failures.unwrap();
    assert_eq!(refused[0].failure_code.as_deref(), Some("ImageReferencedByManifestList"));
    // An index is as large as its largest image.
    let sizes: Vec<_> =
        describe(&mut region).iter().map(|image| image.image_size_in_bytes).collect();
    assert_eq!(sizes, [Some(10), Some(10)]);
    delete(&mut region, vec![tag("v1"), of(&child)]);
    assert!(describe(&mut region).is_empty());
}

#[test]
fn a_tag_moves_and_the_image_it_leaves_stays() {
    let mut region = region();
    let first = push(&mut region, 'a', Some("v1"));
    let second = push(&mut region, 'b', Some("v1"));
    let shown = describe(&mut region);
    let tags = |digest: &str| {
        let image = shown.iter().find(|image| image.image_digest.as_deref() == Some(digest));
        image.unwrap().image_tags.clone()
    };
    assert_eq!(tags(&first), None);
    assert_eq!(tags(&second), Some(vec!["v1".to_owned()]));
    let manifest = manifest(&mut region, 'b');
    let again = region.fault::<PutImage>(put(&manifest, Some("v1")));
    assert!(again.starts_with("ImageAlreadyExistsException"), "{again}");
}

#[test]
fn an_immutable_tag_stays_where_it_is() {
    let mut region = region();
    push(&mut region, 'a', Some("v1"));
    push(&mut region, 'b', Some("dev-1"));
    immutable(&mut region, "IMMUTABLE_WITH_EXCLUSION", &["dev-*"]);
    let third = manifest(&mut region, 'c');
    assert_eq!(
        region.fault::<PutImage>(put(&third, Some("v1"))),
        "ImageTagAlreadyExistsException: The image tag 'v1' already exists in the 'shop' repository \
         and cannot be overwritten because the tag is immutable."
    );
    region.ok::<PutImage>(put(&third, Some("dev-1")));
}

#[test]
fn an_image_goes_with_its_last_tag() {
    let mut region = region();
    let digest = push(&mut region, 'a', Some("v1"));
    let manifest = manifest(&mut region, 'a');
    region.ok::<PutImage>(put(&manifest, Some("v2")));
    delete(&mut region, vec![tag("v1")]);
    assert_eq!(describe(&mut region)[0].image_digest, Some(digest));
    delete(&mut region, vec![tag("v2")]);
    assert!(describe(&mut region).is_empty());
}

#[test]
fn failures_say_which_image_and_why() {
    let mut region = region();
    push(&mut region, 'a', Some("v1"));
    let ids =
        vec![tag("v1"), tag("v2"), of("nonsense"), of(&digest('f')), ImageIdentifier::default()];
    let answer = region.ok::<BatchGetImage>(BatchGetImageRequest {
        repository_name: "shop".to_owned(),
        image_ids: ids,
        ..Default::default()
    });
    assert_eq!(answer.images.unwrap().len(), 1);
    let codes: Vec<String> =
        answer.failures.unwrap().into_iter().filter_map(|failure| failure.failure_code).collect();
    let expected = ["ImageNotFound", "InvalidImageDigest", "ImageNotFound", "MissingDigestAndTag"];
    assert_eq!(codes, expected);
    let fault = region.fault::<DescribeImages>(DescribeImagesRequest {
        repository_name: "shop".to_owned(),
        image_ids: Some(vec![tag("v2")]),
        ..Default::default()
    });
    assert_eq!(
        fault,
        "ImageNotFoundException: The image with imageId {imageTag:'v2'} does not exist within the \
         repository with name 'shop' in the registry with id '000000000000'"
    );
}

#[test]
fn every_tag_is_listed_in_pages() {
    let mut region = region();
    push(&mut region, 'a', None);
    push(&mut region, 'b', Some("v1"));
    let manifest = manifest(&mut region, 'b');
    region.ok::<PutImage>(put(&manifest, Some("v2")));
    let (mut seen, mut next_token) = (Vec::new(), None);
    loop {
        let input = ListImagesRequest {
            repository_name: "shop".to_owned(),
            max_results: Some(1),
            next_token,
            ..Default::default()
        };
        let page = region.ok::<ListImages>(input);
        seen.extend(page.image_ids.unwrap().into_iter().map(|id| id.image_tag));
        next_token = page.next_token;
        if next_token.is_none() {
            break;
        }
    }
    seen.sort();
    assert_eq!(seen, [None, Some("v1".to_owned()), Some("v2".to_owned())]);
}

#[test]
fn a_manifest_that_is_none_is_refused() {
    let mut region = region();
    for text in [
        "",
        "{}",
        r#"{"schemaVersion":1}"#,
        r#"{"schemaVersion":2}"#,
        r#"{"schemaVersion":2,"mediaType":"text/plain"}"#,
        &format!(r#"{{"schemaVersion":2,"mediaType":"{OCI}"}}"#),
        &format!(r#"{{"schemaVersion":2,"mediaType":"{INDEX}"}}"#),
    ] {
        let fault = region.fault::<PutImage>(put(text, None));
        assert!(fault.starts_with("InvalidParameterException"), "{text}: {fault}");
    }
}

#[test]
fn a_preview_says_what_would_go() {
    let mut region = region();
    let old = push(&mut region, 'a', Some("v1"));
    region.pass(Span::minutes(1));
    push(&mut region, 'b', Some("v2"));
    let policy = json!({ "rules": [{
        "rulePriority": 7,
        "selection": { "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1 },
        "action": { "type": "expire" },
    }] });
    region.ok::<StartLifecyclePolicyPreview>(StartLifecyclePolicyPreviewRequest {
        repository_name: "shop".to_owned(),
        lifecycle_policy_text: Some(policy.to_string()),
        ..Default::default()
    });
    let input = GetLifecyclePolicyPreviewRequest {
        repository_name: "shop".to_owned(),
        ..Default::default()
    };
    let preview = region.ok::<GetLifecyclePolicyPreview>(input);
    assert_eq!(preview.status.as_deref(), Some("COMPLETE"));
    let [result] = &preview.preview_results.unwrap()[..] else { panic!("one image") };
    assert_eq!(result.image_digest, Some(old));
    assert_eq!(result.applied_rule_priority, Some(7));
    assert_eq!(describe(&mut region).len(), 2, "a preview deletes nothing");
}

#[test]
fn a_token_is_the_password_of_aws() {
    use base64::Engine as _;
    let mut region = region();
    let answer = region.ok::<GetAuthorizationToken>(GetAuthorizationTokenRequest::default());
    let [data] = &answer.authorization_data.unwrap()[..] else { panic!("one token") };
    let token = data.authorization_token.as_ref().unwrap();
    let decoded = base64::prelude::BASE64_STANDARD.decode(token).unwrap();
    let text = String::from_utf8(decoded).unwrap();
    let (user, password) = text.split_once(':').unwrap();
    assert_eq!(user, "AWS");
    assert_eq!(super::password_pair(password).unwrap().0, "ASIAAAAAAAAAAAAAAAAA");
    assert_eq!(data.expires_at, Some(region.now + Span::minutes(720)));
}
