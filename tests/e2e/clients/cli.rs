//! The aws CLI, as people type it.

use crate::stage::clients::{aws, aws_line};
use crate::stage::cluster::{FOREVER, shell};
use crate::stage::region::ACCOUNT;
use crate::stage::{Cluster, Driver, Line, PATIENCE, Region, Scratch, eventually, on_both_drivers};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

on_both_drivers![a_service_comes_and_goes];

/// The waiters look every fifteen seconds, so they are asked when what they wait for is there; that
/// they wait is shown with boto3, whose waiters are the same.
async fn a_service_comes_and_goes(region: &Region) {
    let Some(aws) = aws("the aws CLI").await else { return };
    let cli = |words: &str| aws_line(&aws, region, words);
    let name = Cluster::new(region).await.name;
    let containers = json!([shell("main", FOREVER)]).to_string();
    let register = format!(
        "ecs register-task-definition --family {name} --network-mode awsvpc --cpu 256 --memory 512 \
         --requires-compatibilities FARGATE --query taskDefinition.taskDefinitionArn \
         --output text --container-definitions"
    );
    let arn = cli(&register).arg(containers).output().await;
    assert!(arn.trim().ends_with(&format!(":{ACCOUNT}:task-definition/{name}:1")), "{arn}");
    let subnets = region.subnets().await;
    let network = json!({ "awsvpcConfiguration": { "subnets": subnets } }).to_string();
    let create = format!(
        "ecs create-service --cluster {name} --service-name web --task-definition {name} \
         --desired-count 2 --launch-type FARGATE --network-configuration"
    );
    cli(&create).arg(network).output().await;
    until_service(region, &name, |service| service["runningCount"] == 2).await;
    cli(&format!("ecs wait services-stable --cluster {name} --services web")).output().await;
    let describe = format!("ecs describe-services --cluster {name} --services web");
    let described = cli(&describe).json().await;
    assert_eq!(described["services"][0]["runningCount"], 2, "{described:#}");
    cli(&format!("ecs delete-service --cluster {name} --service web --force")).output().await;
    until_service(region, &name, |service| service["status"] == "INACTIVE").await;
    cli(&format!("ecs wait services-inactive --cluster {name} --services web")).output().await;
    let refused = cli(&format!("ecs update-service --cluster {name} --service web")).run().await;
    refused.expect(254).says("(ServiceNotActiveException)");
}

async fn until_service(region: &Region, cluster: &str, holds: impl Fn(&Json) -> bool) {
    let request = json!({ "cluster": cluster, "services": ["web"] });
    eventually("the service is what is waited for", PATIENCE, async || {
        let found = region.ecs("DescribeServices", request.clone()).await;
        holds(&found["services"][0]).then_some(())
    })
    .await;
}

/// Lines are followed as they are written, each once and in order.
#[tokio::test]
async fn logs_are_followed_as_they_are_written() {
    let Some(aws) = aws("aws logs tail").await else { return };
    let region = Region::shared(Driver::Process).await;
    let cluster = Cluster::new(&region).await;
    let script =
        "trap 'exit 0' TERM; at=0; while :; do at=$((at + 1)); echo line-$at; sleep 0.5; done";
    cluster.run(&[shell("main", script)]).await;
    let tail: Line = aws_line(&aws, &region, "logs tail --follow --format short --since 1h");
    let mut child = tail.arg(&cluster.name).spawn();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut seen = Vec::new();
    let reading = async {
        while seen.len() < 15 {
            let line = lines.next_line().await.unwrap().expect("it goes on");
            seen.extend(line.rsplit(' ').next().map(str::to_owned));
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.expect("fifteen lines");
    let expected: Vec<String> = (1..=15).map(|at| format!("line-{at}")).collect();
    assert_eq!(seen, expected);
    child.kill().await.unwrap();
}

/// A folder goes to a bucket and comes back, as a site is brought to one.
#[tokio::test]
async fn a_folder_is_synced_with_a_bucket() {
    let Some(aws) = aws("aws s3 sync").await else { return };
    let region = Region::shared(Driver::Process).await;
    let cli = |words: &str| aws_line(&aws, &region, words);
    let folder = Scratch::new();
    folder.write("site/index.html", "<p>hello</p>");
    folder.write("site/assets/app.js", &"x".repeat(9 * 1024 * 1024));
    let path = |name: &str| folder.path().join(name).display().to_string();
    cli("s3 mb s3://synced-site").output().await;
    let up = format!("s3 sync {} s3://synced-site --no-progress", path("site"));
    assert_eq!(cli(&up).output().await.lines().count(), 2);
    assert_eq!(cli(&up).output().await, "", "nothing has changed");
    let down = format!("s3 sync s3://synced-site {} --no-progress", path("back"));
    cli(&down).output().await;
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    assert!(read("site/assets/app.js") == read("back/assets/app.js"));
    let typed = "s3api head-object --bucket synced-site --key index.html --query ContentType";
    assert_eq!(cli(typed).output().await.trim(), "\"text/html\"");
    cli("s3 rm s3://synced-site --recursive").output().await;
    cli("s3 rb s3://synced-site").output().await;
}
