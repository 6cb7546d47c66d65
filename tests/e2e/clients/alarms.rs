//! Deployment alarms, with clients that are not ours. CloudWatch is spoken to in three protocols: an
//! aws CLI of some age speaks Query, boto3 JSON 1.0, and the newest SDKs CBOR.

use crate::stage::clients::{aws, aws_line, python, script};
use crate::stage::cluster::{FOREVER, shell};
use crate::stage::{Cluster, Driver, Line, PATIENCE, Region, eventually, on_both_drivers};
use serde_json::{Value as Json, json};

on_both_drivers![an_alarm_sends_a_deployment_back];

/// An alarm goes off while a new version rolls out: the old one comes back, and the service
/// deployment says why. One that is there before a deployment begins has nothing to say of it.
async fn an_alarm_sends_a_deployment_back(region: &Region) {
    let Some(aws) = aws("deployment alarms with the aws CLI").await else { return };
    let cli = |words: &str| aws_line(&aws, region, words);
    let cluster = Cluster::new(region).await;
    let name = &cluster.name;
    put_alarm(cli, name).await;
    let old = cluster.define(&[shell("main", FOREVER)], json!({})).await;
    let broken = cluster.define(&[shell("main", "exit 1")], json!({})).await;
    let mended = cluster.define(&[shell("main", FOREVER)], json!({})).await;
    let network = cluster.network().await.to_string();
    let create = format!(
        "ecs create-service --cluster {name} --service-name web --task-definition {old} \
         --desired-count 1 --launch-type FARGATE --network-configuration"
    );
    cli(&create).arg(network).output().await;
    until(region, name, "SUCCESSFUL").await;

    let update = async |definition: &str| {
        cli(&format!(
            "ecs update-service --cluster {name} --service web --task-definition {definition} \
             --deployment-configuration alarms={{alarmNames=[{name}],enable=true,rollback=true}}"
        ))
        .output()
        .await
    };
    update(&broken).await;
    until(region, name, "IN_PROGRESS").await;
    set_state(cli, name, "ALARM").await;
    let deployment = until(region, name, "ROLLBACK_SUCCESSFUL").await;
    assert_eq!(deployment["alarms"]["status"], "TRIGGERED", "{deployment:#}");
    assert_eq!(deployment["alarms"]["triggeredAlarmNames"], json!([name]));
    let described =
        cli(&format!("ecs describe-services --cluster {name} --services web")).json().await;
    let service = &described["services"][0];
    assert_eq!(service["taskDefinition"], json!(old), "{service:#}");
    let failed = "deployment failed: alarm detected.";
    assert!(service["events"].to_string().contains(failed), "{service:#}");

    // The alarm still rings, so the next deployment is not watched.
    update(&mended).await;
    let deployment = until(region, name, "SUCCESSFUL").await;
    assert_eq!(deployment["alarms"]["status"], "DISABLED", "{deployment:#}");
    cli(&format!("cloudwatch delete-alarms --alarm-names {name}")).output().await;
    cli(&format!("ecs delete-service --cluster {name} --service web --force")).output().await;
}

/// Makes an alarm, and reads it back.
async fn put_alarm(cli: impl Fn(&str) -> Line, name: &str) {
    cli(&format!(
        "cloudwatch put-metric-alarm --alarm-name {name} --namespace AWS/ApplicationELB \
         --metric-name HTTPCode_Target_5XX_Count --statistic Sum --period 60 \
         --evaluation-periods 3 --threshold 10.5 --comparison-operator GreaterThanThreshold"
    ))
    .output()
    .await;
    let described = cli(&format!("cloudwatch describe-alarms --alarm-names {name}")).json().await;
    let alarm = &described["MetricAlarms"][0];
    assert_eq!(alarm["StateValue"], "INSUFFICIENT_DATA", "{alarm:#}");
    assert_eq!(alarm["Threshold"], 10.5, "{alarm:#}");
    let wrong = format!("cloudwatch set-alarm-state --alarm-name {name}x --state-value OK");
    let refused = cli(&wrong).args("--state-reason no-such").run().await;
    refused.expect(254).says("(ResourceNotFound)");
}

async fn set_state(cli: impl Fn(&str) -> Line, name: &str, state: &str) {
    let words = format!("cloudwatch set-alarm-state --alarm-name {name} --state-value {state}");
    cli(&words).args("--state-reason a-test").output().await;
}

/// Waits until the newest service deployment has a status.
async fn until(region: &Region, cluster: &str, status: &str) -> Json {
    let what = format!("the service deployment is {status}");
    eventually(&what, PATIENCE, async || {
        let request = json!({ "cluster": cluster, "services": ["web"] });
        let found = region.ecs("DescribeServices", request).await;
        let arn = found["services"][0]["currentServiceDeployment"].clone();
        let request = json!({ "serviceDeploymentArns": [arn] });
        let mut found = region.ecs("DescribeServiceDeployments", request).await;
        Some(found["serviceDeployments"][0].take()).filter(|held| held["status"] == status)
    })
    .await
}

/// boto3 knows all three protocols, and takes JSON unless told otherwise.
#[tokio::test]
async fn boto3_sees_deployments_go_back_for_an_alarm_in_every_protocol() {
    let Some(python) = python("deployment alarms with boto3").await else { return };
    let region = Region::shared(Driver::Process).await;
    for protocol in ["json", "smithy-rpc-v2-cbor", "query"] {
        script(&python, "alarms.py", &region).arg(protocol).output().await;
    }
}
