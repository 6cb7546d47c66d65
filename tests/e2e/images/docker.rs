//! Docker and the aws CLI, as a person uses them with ECR.

use crate::stage::clients::{aws, aws_line};
use crate::stage::cluster::{FOREVER, shell};
use crate::stage::engine::{self, docker};
use crate::stage::region::{ACCOUNT, NAME};
use crate::stage::web::Ask;
use crate::stage::{Cluster, Driver, PATIENCE, Region, eventually, with};
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

/// A service whose definition names the image as on AWS runs what was pushed here, and is healthy;
/// a moved tag is what the next task runs.
#[tokio::test]
async fn a_service_runs_a_pushed_image_until_it_is_healthy() {
    if !engine::answers("a pushed image") {
        return;
    }
    let region = Region::start(Driver::Docker).await;
    let uri = repository(&region, "shop").await;
    let pushed = format!("{uri}:v1");
    docker("tag busybox:latest").arg(&pushed).output().await;
    docker("push --quiet").arg(&pushed).output().await;
    // Nothing but the registry has it under this name now.
    docker("rmi").arg(&pushed).output().await;
    let digest = images(&region, "shop").await[0]["imageDigest"].clone();
    let cluster = Cluster::new(&region).await;
    let image = format!("{ACCOUNT}.dkr.ecr.{NAME}.amazonaws.com/shop:v1");
    let check = json!({ "command": ["CMD-SHELL", "true"], "interval": 5, "retries": 3 });
    let main = with(shell("main", FOREVER), json!({ "image": image, "healthCheck": check }));
    let definition = cluster.define(&[main], json!({})).await;
    let request = json!({
        "cluster": cluster.name,
        "serviceName": "web",
        "taskDefinition": definition,
        "desiredCount": 1,
        "launchType": "FARGATE",
        "networkConfiguration": cluster.network().await,
    });
    region.ecs("CreateService", request).await;
    let task = eventually("the service's task is healthy", PATIENCE, async || {
        let list = json!({ "cluster": cluster.name, "serviceName": "web" });
        let arns = region.ecs("ListTasks", list).await["taskArns"].take();
        let arn = arns.as_array().unwrap().first()?.as_str()?.to_owned();
        let task = cluster.task(&arn).await;
        (task["healthStatus"] == "HEALTHY").then_some(task)
    })
    .await;
    assert_eq!(task["containers"][0]["image"], json!(image));
    assert_eq!(task["containers"][0]["imageDigest"], digest);
    let shown = images(&region, "shop").await;
    assert!(shown[0]["lastRecordedPullTime"].is_number(), "{shown:#}");
    let delete = json!({ "cluster": cluster.name, "service": "web", "force": true });
    region.ecs("DeleteService", delete).await;
    let arn = task["taskArn"].as_str().unwrap();
    cluster.until(arn, "STOPPED").await;
    docker("rmi --force").arg(format!("{uri}@{}", digest.as_str().unwrap())).output().await;
}
