//! The OCI distribution protocol, request by request.

use super::layout::IMAGE;
use crate::stage::web::{Answer, Ask};
use crate::stage::{Driver, PATIENCE, Region, eventually};
use api::Service::Ecr;
use http::Method;
use serde_json::{Value as Json, json};

const HELLO: &str = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
/// Of `{}`, an image's emptiest configuration.
const EMPTY: &str = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
pub(super) const INDEX: &str = "application/vnd.oci.image.index.v1+json";

pub(super) async fn repository(region: &Region, name: &str) {
    region.call(Ecr, "CreateRepository", json!({ "repositoryName": name })).await;
}

fn ask(region: &Region, method: Method, path: &str) -> Ask {
    Ask::new(method, &format!("{}{path}", region.endpoint()))
}

/// Begins an upload and answers where it goes on.
async fn begin(region: &Region, name: &str) -> String {
    let answer = ask(region, Method::POST, &format!("/v2/{name}/blobs/uploads/")).send().await;
    assert_eq!(answer.status, 202, "{answer:?}");
    answer.header("location").to_owned()
}

async fn chunk(region: &Region, upload: &str, range: &str, bytes: &'static str) -> Answer {
    let ask = ask(region, Method::PATCH, upload).header("content-range", range);
    ask.body(bytes).send().await
}

async fn finish(region: &Region, upload: &str, digest: &str, bytes: &'static str) -> Answer {
    ask(region, Method::PUT, &format!("{upload}?digest={digest}")).body(bytes).send().await
}

async fn blob(region: &Region, name: &str, digest: &str) -> Answer {
    ask(region, Method::GET, &format!("/v2/{name}/blobs/{digest}")).send().await
}

pub(super) async fn push_blob(region: &Region, name: &str, digest: &str, bytes: &'static str) {
    let upload = begin(region, name).await;
    assert_eq!(finish(region, &upload, digest, bytes).await.status, 201);
}

/// Puts a manifest and answers the digest that the registry gives it.
pub(super) async fn push(region: &Region, name: &str, reference: &str, manifest: &Json) -> String {
    let kind = manifest["mediaType"].as_str().unwrap();
    let ask = ask(region, Method::PUT, &format!("/v2/{name}/manifests/{reference}"));
    let answer = ask.header("content-type", kind).body(manifest.to_string()).send().await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.header("docker-content-digest").to_owned()
}

/// An image of one layer, told apart by a note.
pub(super) fn image(note: &str) -> Json {
    let config = json!({
        "mediaType": "application/vnd.oci.image.config.v1+json", "digest": EMPTY, "size": 2,
    });
    let layer = json!({
        "mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": HELLO, "size": 5,
    });
    json!({
        "schemaVersion": 2, "mediaType": IMAGE, "config": config, "layers": [layer],
        "annotations": { "note": note },
    })
}

pub(super) async fn push_layers(region: &Region, name: &str) {
    push_blob(region, name, HELLO, "hello").await;
    push_blob(region, name, EMPTY, "{}").await;
}

/// What had come when the region was killed is gone on with; before it is whole and has its digest,
/// nobody sees it.
#[tokio::test]
async fn an_upload_goes_on_after_a_crash_and_is_seen_only_when_it_is_whole() {
    let region = Region::start(Driver::Process).await;
    repository(&region, "shop").await;
    let upload = begin(&region, "shop").await;
    assert_eq!(chunk(&region, &upload, "0-2", "hel").await.header("range"), "0-2");
    region.kill().await;
    let region = region.start_again().await;
    assert_eq!(blob(&region, "shop", HELLO).await.status, 404);
    let status = ask(&region, Method::GET, &upload).send().await;
    assert_eq!((status.status, status.header("range")), (204, "0-2"));
    assert_eq!(chunk(&region, &upload, "1-2", "lo").await.status, 416);
    assert_eq!(chunk(&region, &upload, "3-3", "l").await.status, 202);
    assert_eq!(finish(&region, &upload, HELLO, "o").await.status, 201);
    region.kill().await;
    let region = region.start_again().await;
    let whole = blob(&region, "shop", HELLO).await;
    assert_eq!((whole.status, whole.body.as_str()), (200, "hello"));
    assert_eq!(whole.header("docker-content-digest"), HELLO);
    assert_eq!(whole.header("content-length"), "5");
    let path = format!("/v2/shop/blobs/{HELLO}");
    let part = ask(&region, Method::GET, &path).header("range", "bytes=1-3").send().await;
    assert_eq!((part.status, part.body.as_str()), (206, "ell"));
}

#[tokio::test]
async fn bytes_of_another_digest_are_refused() {
    let region = Region::shared(Driver::Process).await;
    repository(&region, "wrong").await;
    let upload = begin(&region, "wrong").await;
    let refused = finish(&region, &upload, HELLO, "hellO").await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.json()["errors"][0]["code"], "DIGEST_INVALID");
    assert_eq!(blob(&region, "wrong", HELLO).await.status, 404);
    assert_eq!(ask(&region, Method::GET, &upload).send().await.status, 404);
}

/// Small blobs come in one request, as some clients send them. An upload is known in the repository
/// that it was begun for, and in no other.
#[tokio::test]
async fn a_blob_comes_in_one_request() {
    let region = Region::shared(Driver::Process).await;
    for name in ["single", "single/other"] {
        repository(&region, name).await;
    }
    let head = ask(&region, Method::HEAD, &format!("/v2/single/blobs/{HELLO}")).send().await;
    assert_eq!(head.status, 404);
    let path = format!("/v2/single/blobs/uploads/?digest={HELLO}");
    let posted = ask(&region, Method::POST, &path).body("hello").send().await;
    assert_eq!((posted.status, posted.header("docker-content-digest")), (201, HELLO));
    let head = ask(&region, Method::HEAD, posted.header("location")).send().await;
    assert_eq!((head.status, head.header("content-length")), (200, "5"));

    let upload = begin(&region, "single").await;
    let elsewhere = upload.replace("/single/", "/single/other/");
    for method in [Method::GET, Method::PATCH, Method::DELETE] {
        let refused = ask(&region, method, &elsewhere).send().await;
        assert_eq!(refused.json()["errors"][0]["code"], "BLOB_UPLOAD_UNKNOWN", "{refused:?}");
    }
    assert_eq!(finish(&region, &elsewhere, HELLO, "hello").await.status, 404);
    assert_eq!(ask(&region, Method::DELETE, &upload).send().await.status, 204);
    assert_eq!(ask(&region, Method::GET, &upload).send().await.status, 404);
}

/// A blob is seen in the repositories that have it, and in no other; mounting needs no bytes.
#[tokio::test]
async fn a_blob_is_mounted_from_another_repository() {
    let region = Region::shared(Driver::Process).await;
    for name in ["mount/from", "mount/to"] {
        repository(&region, name).await;
    }
    push_blob(&region, "mount/from", HELLO, "hello").await;
    assert_eq!(blob(&region, "mount/to", HELLO).await.status, 404);
    let path = |from| format!("/v2/mount/to/blobs/uploads/?mount={HELLO}&from={from}");
    let elsewhere = ask(&region, Method::POST, &path("mount/nowhere")).send().await;
    assert_eq!(elsewhere.status, 202, "then it is uploaded");
    let mounted = ask(&region, Method::POST, &path("mount%2Ffrom")).send().await;
    assert_eq!(mounted.status, 201);
    assert_eq!(blob(&region, "mount/to", HELLO).await.body, "hello");
}

/// An index of two platforms leads to both; what is about an image is found from it.
#[tokio::test]
async fn an_index_and_its_referrers_are_found() {
    let region = Region::shared(Driver::Process).await;
    repository(&region, "index").await;
    push_layers(&region, "index").await;
    let mut entries = Vec::new();
    for architecture in ["amd64", "arm64"] {
        let manifest = image(architecture);
        let digest = push(&region, "index", architecture, &manifest).await;
        entries.push(json!({
            "mediaType": IMAGE, "digest": digest, "size": manifest.to_string().len(),
            "platform": { "os": "linux", "architecture": architecture },
        }));
    }
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": entries });
    let digest = push(&region, "index", "v1", &index).await;
    let read = ask(&region, Method::GET, "/v2/index/manifests/v1").send().await;
    assert_eq!((read.header("content-type"), read.json()), (INDEX, index));

    let mut signature = image("a signature");
    let subject = json!({ "mediaType": INDEX, "digest": digest, "size": read.body.len() });
    signature["subject"] = subject;
    signature["artifactType"] = json!("application/x.signature");
    let put = push(&region, "index", "signature", &signature).await;
    let path = format!("/v2/index/referrers/{digest}");
    let found = ask(&region, Method::GET, &path).send().await.json();
    assert_eq!(found["manifests"][0]["digest"], json!(put));
    assert_eq!(found["manifests"][0]["annotations"]["note"], "a signature");
    let other = ask(&region, Method::GET, &format!("{path}?artifactType=x")).send().await;
    assert_eq!(other.json()["manifests"], json!([]));

    let tags = ask(&region, Method::GET, "/v2/index/tags/list?n=2").send().await;
    assert_eq!(tags.json()["tags"], json!(["amd64", "arm64"]));
    let next = tags.header("link").split(['<', '>']).nth(1).unwrap().to_owned();
    let tags = ask(&region, Method::GET, &next).send().await;
    assert_eq!(tags.json()["tags"], json!(["signature", "v1"]));
}

/// Both APIs show the same images.
#[tokio::test]
async fn what_one_api_changes_the_other_shows() {
    let region = Region::shared(Driver::Process).await;
    repository(&region, "both").await;
    push_layers(&region, "both").await;
    let manifest = image("both");
    let put = json!({
        "repositoryName": "both", "imageManifest": manifest.to_string(), "imageTag": "v1",
    });
    let put = region.call(Ecr, "PutImage", put).await;
    let digest = put["image"]["imageId"]["imageDigest"].as_str().unwrap().to_owned();
    let head = ask(&region, Method::HEAD, "/v2/both/manifests/v1").send().await;
    assert_eq!((head.status, head.header("docker-content-digest")), (200, digest.as_str()));
    // Only what is given out counts as a pull.
    let shown = async || {
        let request = json!({ "repositoryName": "both" });
        region.call(Ecr, "DescribeImages", request).await["imageDetails"][0].take()
    };
    assert_eq!(shown().await["lastRecordedPullTime"], Json::Null);
    assert_eq!(ask(&region, Method::GET, "/v2/both/manifests/v1").send().await.status, 200);
    eventually("the pull is noted", PATIENCE, async || {
        shown().await["lastRecordedPullTime"].as_f64()
    })
    .await;
    // In the archive it is not found; a push brings it back.
    let archive = json!({
        "repositoryName": "both", "imageId": { "imageTag": "v1" }, "targetStorageClass": "ARCHIVE",
    });
    region.call(Ecr, "UpdateImageStorageClass", archive).await;
    let gone = ask(&region, Method::GET, "/v2/both/manifests/v1").send().await;
    assert_eq!(gone.json()["errors"][0]["code"], "MANIFEST_UNKNOWN");
    push(&region, "both", "v1", &manifest).await;
    let back = ask(&region, Method::HEAD, "/v2/both/manifests/v1").send().await;
    assert_eq!(back.status, 200);
    let immutable = json!({ "repositoryName": "both", "imageTagMutability": "IMMUTABLE" });
    region.call(Ecr, "PutImageTagMutability", immutable).await;
    let other = ask(&region, Method::PUT, "/v2/both/manifests/v1").header("content-type", IMAGE);
    let refused = other.body(image("other").to_string()).send().await;
    assert_eq!(refused.json()["errors"][0]["code"], "TAG_INVALID", "{refused:?}");
    let path = format!("/v2/both/manifests/{digest}");
    assert_eq!(ask(&region, Method::DELETE, &path).send().await.status, 202);
    let listed = region.call(Ecr, "ListImages", json!({ "repositoryName": "both" })).await;
    assert_eq!(listed["imageIds"], json!([]));
    let gone = ask(&region, Method::GET, "/v2/both/manifests/v1").send().await;
    assert_eq!(gone.json()["errors"][0]["code"], "MANIFEST_UNKNOWN");
    assert_eq!(gone.header("docker-distribution-api-version"), "registry/2.0");
}
