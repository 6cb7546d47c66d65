//! Clients that are not Docker: skopeo, and crane of go-containerregistry. Both come to copy images
//! between registries, look at them, and delete them, and know no container engine.

use super::layout::Layout;
use crate::stage::{Driver, Line, Region, Scratch};
use api::Service::Ecr;
use serde_json::{Value as Json, json};
use std::path::PathBuf;

/// A program of this machine; none, and said so, where it is not there.
#[expect(clippy::print_stderr, reason = "who reads the tests' output has to know")]
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut candidates = std::env::split_paths(&path).map(|folder| folder.join(name));
    let found = candidates.find(|candidate| candidate.is_file());
    if found.is_none() {
        eprintln!("SKIPPED ({name}): this needs {name}, and this machine has none");
    }
    found
}

/// Makes two repositories; answers where the registry is.
async fn repositories(region: &Region, names: &[&str]) -> String {
    for name in names {
        region.call(Ecr, "CreateRepository", json!({ "repositoryName": name })).await;
    }
    region.endpoint().replace("http://127.0.0.1", "localhost")
}

/// The digests and tags of a repository's images.
async fn images(region: &Region, name: &str) -> Vec<(String, Json)> {
    let request = json!({ "repositoryName": name });
    let mut found = region.call(Ecr, "DescribeImages", request).await;
    let rows = found["imageDetails"].as_array_mut().unwrap().drain(..);
    rows.map(|mut row| (row["imageDigest"].as_str().unwrap().to_owned(), row["imageTags"].take()))
        .collect()
}

/// Copied in, looked at, copied on within the registry, copied out, deleted.
#[tokio::test]
async fn skopeo_copies_inspects_and_deletes() {
    let Some(skopeo) = program("skopeo") else { return };
    let region = Region::start(Driver::Process).await;
    let host = repositories(&region, &["team/shop", "copy"]).await;
    let layout = Layout::of(&[7; 300_000]);
    let skopeo = |words: &str| Line::new(&skopeo).args(words).env("HOME", region.data());
    let copy = "copy --insecure-policy --preserve-digests --src-tls-verify=false \
                --dest-tls-verify=false";
    let (source, shop) =
        (format!("oci:{}:latest", layout.path()), format!("docker://{host}/team/shop"));
    skopeo(&format!("{copy} {source} {shop}:v1")).output().await;
    assert_eq!(images(&region, "team/shop").await, [(layout.digest.clone(), json!(["v1"]))]);
    let seen = skopeo(&format!("inspect --tls-verify=false {shop}:v1")).json().await;
    assert_eq!(seen["Digest"], json!(layout.digest));
    assert_eq!(seen["RepoTags"], json!(["v1"]));
    skopeo(&format!("{copy} {shop}:v1 docker://{host}/copy:v2")).output().await;
    assert_eq!(images(&region, "copy").await, [(layout.digest.clone(), json!(["v2"]))]);
    let out = Scratch::new();
    let out = out.path().join("image");
    skopeo(&format!("{copy} docker://{host}/copy:v2 dir:{}", out.display())).output().await;
    assert!(out.join("manifest.json").is_file());
    skopeo(&format!("delete --tls-verify=false {shop}:v1")).output().await;
    assert_eq!(images(&region, "team/shop").await, []);
    let gone = skopeo(&format!("inspect --tls-verify=false {shop}:v1")).run().await;
    assert_ne!(gone.code, Some(0), "{gone:?}");
}

/// The same with crane, which tags and lists, too.
#[tokio::test]
async fn crane_pushes_tags_validates_and_deletes() {
    let Some(crane) = program("crane") else { return };
    let region = Region::start(Driver::Process).await;
    let host = repositories(&region, &["team/shop", "copy"]).await;
    let layout = Layout::of(&[9; 300_000]);
    let crane = |words: &str| Line::new(&crane).args(words).env("HOME", region.data());
    crane(&format!("push {} {host}/team/shop:v1", layout.path())).output().await;
    let digest = crane(&format!("digest {host}/team/shop:v1")).output().await;
    assert_eq!(digest.trim(), layout.digest);
    crane(&format!("tag {host}/team/shop:v1 v2")).output().await;
    let tags = crane(&format!("ls {host}/team/shop")).output().await;
    assert_eq!(tags.lines().collect::<Vec<_>>(), ["v1", "v2"]);
    crane(&format!("copy {host}/team/shop:v1 {host}/copy:v1")).output().await;
    assert_eq!(images(&region, "copy").await, [(digest.trim().to_owned(), json!(["v1"]))]);
    let catalog = crane(&format!("catalog {host}")).output().await;
    assert_eq!(catalog.lines().collect::<Vec<_>>(), ["copy", "team/shop"]);
    let out = Scratch::new();
    crane(&format!("pull --format oci {host}/copy:v1")).arg(out.path()).output().await;
    let blob = out.path().join("blobs/sha256").join(layout.digest.trim_start_matches("sha256:"));
    assert!(blob.is_file());
    crane(&format!("delete {host}/team/shop@{}", digest.trim())).output().await;
    assert_eq!(images(&region, "team/shop").await, []);
}
