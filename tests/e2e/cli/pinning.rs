//! `neargate build --pin`: base images by digest.

use super::project::remove_images;
use crate::stage::cluster::text;
use crate::stage::engine::{self, docker};
use crate::stage::{Driver, PATIENCE, Region, Scratch};
use api::Service::Ecr;
use serde_json::json;

/// A tag moves on, the pinned image does not, until it is pinned again.
#[tokio::test]
async fn base_images_are_pinned_by_digest() {
    if !engine::answers("base images by digest") {
        return;
    }
    let region = Region::start(Driver::Process).await;
    let made = region.call(Ecr, "CreateRepository", json!({ "repositoryName": "base" })).await;
    let uri = text(&made["repository"]["repositoryUri"]);
    let (name, folder) = (format!("{uri}:1"), Scratch::new());
    folder.write("neargate.yml", "app: pinned\nservices:\n  api: {build: ., port: 3000}\n");
    folder.write("Dockerfile", &format!("FROM {name} AS base\nFROM base\nRUN true\n"));
    let pin = || region.neargate("build --pin").within(folder.path());
    pin().run().await.expect(6).says(&format!("the digest of the base image {name} can't be had"));
    let mut seen = Vec::new();
    for image in ["busybox:latest", "node:22-alpine"] {
        docker("tag").arg(image).arg(&name).output().await;
        docker("push --quiet").arg(&name).output().await;
        docker("rmi").arg(&name).output().await;
        pin().run().await.expect(0).says("pinned the base images in");
        let written = std::fs::read_to_string(folder.path().join("Dockerfile")).unwrap();
        let pushed = region
            .call(
                Ecr,
                "DescribeImages",
                json!({ "repositoryName": "base", "imageIds": [{ "imageTag": "1" }] }),
            )
            .await;
        let digest = pushed["imageDetails"][0]["imageDigest"].as_str().unwrap();
        assert_eq!(written, format!("FROM {name}@{digest} AS base\nFROM base\nRUN true\n"));
        seen.push(digest.to_owned());
    }
    assert_ne!(seen[0], seen[1]);
    pin().run().await.expect(0).says("nothing to pin");
    let built = region.neargate("build").within(folder.path()).patience(PATIENCE).run().await;
    built.expect(0);
    docker("rmi").arg(format!("{uri}@{}", seen[1])).run().await;
    remove_images("neargate/pinned-local-api");
}
