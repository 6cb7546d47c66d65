//! Docker and the aws CLI, as a person uses them with ECR.

use super::layout::IMAGE;
use super::protocol::{INDEX, image, push, push_layers};
use crate::stage::balanced::{Front, server};
use crate::stage::clients::{aws, aws_line};
use crate::stage::cluster::shell;
use crate::stage::engine::{self, docker};
use crate::stage::region::{ACCOUNT, NAME};
use crate::stage::web::{Ask, until_status};
use crate::stage::{Cluster, Driver, PATIENCE, Region, Scratch, eventually, with};
use api::Service::Ecr;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use std::process::Stdio;
use tokio::io::AsyncWriteExt as _;

/// A repository, and the name that Docker pushes an image of it under.
async fn repository(region: &Region, name: &str) -> String {
    let made = region.call(Ecr, "CreateRepository", json!({ "repositoryName": name })).await;
    made["repository"]["repositoryUri"].as_str().unwrap().to_owned()
}

async fn images(region: &Region, name: &str) -> Json {
    let request = json!({ "repositoryName": name });
    region.call(Ecr, "DescribeImages", request).await["imageDetails"].take()
}

/// What is pushed is described, pulled again byte for byte, and pushed a second time without harm.
/// A repository that is not there is not made by a push.
#[tokio::test]
async fn an_image_is_pushed_and_pulled() {
    if !engine::answers("docker push") {
        return;
    }
    let region = Region::start(Driver::Process).await;
    let uri = repository(&region, "team/shop").await;
    let name = format!("{uri}:v1");
    docker("tag busybox:latest").arg(&name).output().await;
    docker("push --quiet").arg(&name).output().await;
    docker("push --quiet").arg(&name).output().await;
    let shown = images(&region, "team/shop").await;
    assert_eq!(shown.as_array().unwrap().len(), 1, "{shown:#}");
    assert_eq!(shown[0]["imageTags"], json!(["v1"]));
    assert!(shown[0]["imageSizeInBytes"].as_u64().unwrap() > 100_000, "{shown:#}");
    let digest = shown[0]["imageDigest"].as_str().unwrap().to_owned();
    docker("rmi").arg(&name).output().await;
    let pulled = format!("{uri}@{digest}");
    docker("pull --quiet").arg(&pulled).output().await;
    docker("rmi").arg(&pulled).output().await;

    let nowhere = format!("{}/nowhere:v1", uri.split('/').next().unwrap());
    docker("tag busybox:latest").arg(&nowhere).output().await;
    let refused = docker("push --quiet").arg(&nowhere).run().await;
    docker("rmi").arg(&nowhere).output().await;
    refused.expect(1).says("does not exist in the registry with id '000000000000'");
}

/// The token of the aws CLI lets Docker in. A password that is none is refused when it is sent;
/// Docker sends none to a registry that does not ask for one.
#[tokio::test]
async fn docker_logs_in_with_the_token_of_the_aws_cli() {
    let Some(aws) = aws("docker login").await.filter(|_| engine::answers("docker login")) else {
        return;
    };
    let region = Region::start(Driver::Process).await;
    let uri = repository(&region, "shop").await;
    let host = uri.split('/').next().unwrap();
    let password = aws_line(&aws, &region, "ecr get-login-password").output().await;
    let line = docker("login --username AWS --password-stdin").arg(host);
    let mut child = line.env("HOME", region.data()).stdin(Stdio::piped()).spawn();
    child.stdin.take().unwrap().write_all(password.as_bytes()).await.unwrap();
    let login = child.wait_with_output().await.unwrap();
    assert!(login.status.success(), "{login:?}");
    for (password, status) in [(password.trim(), 200), ("ASIAAAAAAAAAAAAAAAAA.no.token", 401)] {
        let basic = format!("Basic {}", STANDARD.encode(format!("AWS:{password}")));
        let base = Ask::get(&format!("{}/v2/", region.endpoint()));
        assert_eq!(base.header("authorization", &basic).send().await.status, status);
    }
    let name = format!("{uri}:v1");
    docker("tag busybox:latest").arg(&name).output().await;
    docker("push --quiet").arg(&name).env("HOME", region.data()).output().await;
    docker("rmi").arg(&name).output().await;
    let words = "ecr describe-images --repository-name shop --query imageDetails[].imageTags[]";
    assert_eq!(aws_line(&aws, &region, words).json().await, json!(["v1"]));
}

/// A task whose image is not in the registry fails in AWS's words, with the image's name as the task
/// definition has it.
#[tokio::test]
async fn an_image_that_was_not_pushed_is_missed_as_on_aws() {
    if !engine::answers("a missing image") {
        return;
    }
    let region = Region::shared(Driver::Docker).await;
    repository(&region, "unpushed").await;
    let cluster = Cluster::new(&region).await;
    let image = format!("{ACCOUNT}.dkr.ecr.{NAME}.amazonaws.com/unpushed:v1");
    let main = with(shell("main", "true"), json!({ "image": image }));
    let task = cluster.run_to_end(&[main]).await;
    let expected = format!(
        "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to \
         resolve ref {image}: {image}: not found"
    );
    assert_eq!(task["stoppedReason"], json!(expected), "{task:#}");
}

/// A tag that stands for an index runs this machine's image of it, and is known by the index's own
/// digest.
#[tokio::test]
async fn a_task_runs_its_platforms_image_of_an_index() {
    if !engine::answers("an index of platforms") {
        return;
    }
    let region = Region::shared(Driver::Docker).await;
    let uri = repository(&region, "platforms").await;
    let own = format!("{uri}:own");
    docker("tag busybox:latest").arg(&own).output().await;
    docker("push --quiet").arg(&own).output().await;
    docker("rmi").arg(&own).output().await;
    let pushed = images(&region, "platforms").await[0].take();
    push_layers(&region, "platforms").await;
    let other = push(&region, "platforms", "other", &image("another platform's")).await;
    let (here, there) = match std::env::consts::ARCH {
        "aarch64" => ("arm64", "amd64"),
        _ => ("amd64", "arm64"),
    };
    let entry = |kind: &Json, digest: &Json, size: usize, architecture: &str| {
        json!({
            "mediaType": kind, "digest": digest, "size": size,
            "platform": { "os": "linux", "architecture": architecture },
        })
    };
    let manifest = format!("{}/v2/platforms/manifests/own", region.endpoint());
    let size = Ask::get(&manifest).send().await.body.len();
    let kind = &pushed["imageManifestMediaType"];
    let manifests = [
        entry(&json!(IMAGE), &json!(other), image("another platform's").to_string().len(), there),
        entry(kind, &pushed["imageDigest"], size, here),
    ];
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests });
    let digest = push(&region, "platforms", "v1", &index).await;
    let cluster = Cluster::new(&region).await;
    let name = format!("{ACCOUNT}.dkr.ecr.{NAME}.amazonaws.com/platforms:v1");
    let main = with(shell("main", "echo ran"), json!({ "image": name }));
    let task = cluster.run_to_end(&[main]).await;
    assert_eq!(task["containers"][0]["exitCode"], 0, "{task:#}");
    assert_eq!(task["containers"][0]["imageDigest"], json!(digest));
    docker("rmi --force").arg(format!("{uri}@{digest}")).run().await;
}

/// Builds an image that differs from Node's by a label alone, and pushes it; nothing but the
/// registry has it afterwards under its name. Answers its digest.
async fn push_node(region: &Region, name: &str, label: &str) -> String {
    let scratch = Scratch::new();
    scratch.write("Dockerfile", &format!("FROM node:22-alpine\nLABEL e2e={label}\n"));
    docker("build --quiet --tag").arg(name).arg(scratch.path()).output().await;
    docker("push --quiet").arg(name).output().await;
    docker("rmi").arg(name).output().await;
    let request = json!({ "repositoryName": "shop", "imageIds": [{ "imageTag": "v1" }] });
    let shown = region.call(Ecr, "DescribeImages", request).await;
    shown["imageDetails"][0]["imageDigest"].as_str().unwrap().to_owned()
}

/// The digests that a service's tasks run, once there are so many of them and all are running.
async fn digests(front: &Front, service: &str, count: usize) -> Vec<String> {
    eventually(&format!("{count} tasks run"), PATIENCE, async || {
        let tasks = front.tasks(service).await;
        let running =
            tasks.len() == count && tasks.iter().all(|task| task["lastStatus"] == "RUNNING");
        let digest = |task: &Json| task["containers"][0]["imageDigest"].as_str().map(str::to_owned);
        if running { tasks.iter().map(digest).collect() } else { None }
    })
    .await
}

/// A service whose definition names the image as on AWS runs what was pushed here, behind the load
/// balancer. Its tag stands for one digest in a deployment, wherever it points meanwhile; the next
/// deployment looks again.
#[tokio::test]
async fn a_service_runs_a_pushed_image_behind_the_balancer() {
    if !engine::answers("a pushed image") {
        return;
    }
    let region = Region::start(Driver::Docker).await;
    let name = format!("{}:v1", repository(&region, "shop").await);
    let first = push_node(&region, &name, "first").await;
    let front = Front::new(&region).await;
    let group = front.group().await;
    let image = format!("{ACCOUNT}.dkr.ecr.{NAME}.amazonaws.com/shop:v1");
    let web = with(server(&[]), json!({ "image": image }));
    let service = front.serve(&web, &group, 1).await;
    front.until_deployed(&service).await;
    until_status(&front.url, 200).await;
    assert_eq!(digests(&front, &service, 1).await, std::slice::from_ref(&first));
    let shown = images(&region, "shop").await;
    assert!(shown[0]["lastRecordedPullTime"].is_number(), "{shown:#}");

    let second = push_node(&region, &name, "second").await;
    assert_ne!(first, second);
    let update = |more: Json| {
        let request = json!({ "cluster": front.cluster.name, "service": service });
        region.ecs("UpdateService", with(request, more))
    };
    update(json!({ "desiredCount": 2 })).await;
    assert_eq!(digests(&front, &service, 2).await, [first.clone(), first.clone()]);
    update(json!({ "desiredCount": 1, "forceNewDeployment": true })).await;
    eventually("the new image runs alone", PATIENCE, async || {
        let tasks = front.tasks(&service).await;
        let new = |task: &Json| task["containers"][0]["imageDigest"] == json!(second);
        (tasks.len() == 1 && tasks.iter().all(new)).then_some(())
    })
    .await;
    front.until_deployed(&service).await;
    update(json!({ "desiredCount": 0 })).await;
    for digest in [first, second] {
        let pinned = name.replace(":v1", &format!("@{digest}"));
        eventually("no container needs the image", PATIENCE, async || {
            (docker("rmi").arg(&pinned).run().await.code == Some(0)).then_some(())
        })
        .await;
    }
}
