//! Bytes that no repository has any more go; those that one still has stay.

use super::digest::digest;
use super::protocol::{push_blob, repository};
use crate::stage::{Driver, PATIENCE, Region, eventually};
use api::Service::Ecr;
use serde_json::json;
use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

const SHARED: &str = "a layer of two repositories";
const OWN: &str = "a layer of one repository";

/// Where the region keeps a blob.
fn file(region: &Region, bytes: &str) -> PathBuf {
    let digest = digest(bytes.as_bytes());
    let hex = digest.trim_start_matches("sha256:");
    region.data().join("registry/blobs/sha256").join(&hex[..2]).join(hex)
}

/// A region looks for such bytes when it starts, and leaves alone those that came lately: here they
/// came an hour ago.
#[tokio::test]
async fn bytes_of_a_deleted_repository_go_unless_another_one_has_them() {
    let region = Region::start(Driver::Process).await;
    for name in ["stays", "goes"] {
        repository(&region, name).await;
        push_blob(&region, name, &digest(SHARED.as_bytes()), SHARED).await;
    }
    push_blob(&region, "goes", &digest(OWN.as_bytes()), OWN).await;
    let delete = json!({ "repositoryName": "goes", "force": true });
    region.call(Ecr, "DeleteRepository", delete).await;
    region.kill().await;
    let region = region.start_again().await;
    let (shared, own) = (file(&region, SHARED), file(&region, OWN));
    assert!(shared.is_file() && own.is_file(), "what came lately stays");
    region.kill().await;
    let long_ago = SystemTime::now() - Duration::from_secs(3600);
    for path in [&shared, &own] {
        File::options().append(true).open(path).unwrap().set_modified(long_ago).unwrap();
    }
    let region = region.start_again().await;
    eventually("the bytes that nobody has are gone", PATIENCE, async || {
        (!own.exists()).then_some(())
    })
    .await;
    assert!(shared.is_file());
    let path = format!("/v2/stays/blobs/{}", digest(SHARED.as_bytes()));
    let url = format!("{}{path}", region.endpoint());
    assert_eq!(crate::stage::web::Ask::get(&url).send().await.body, SHARED);
}
