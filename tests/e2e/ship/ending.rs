//! How deployments end that are no success: each exits with 1, says its own words and leaves a record
//! of its kind. Those that a region never comes to by itself are in [`bending`](super::bending).

use super::environment::Shop;
use crate::stage::{Driver, Region, engine};
use api::Service::CloudWatch;
use serde_json::{Value as Json, json};
use tokio::process::Child;

/// A shop whose first version runs, on a region of containers.
async fn shop(what: &str, more: &str) -> Option<Shop> {
    if !engine::answers(what) {
        return None;
    }
    let shop = Shop::new(&Region::shared(Driver::Docker).await, more).await;
    shop.deploy().await.expect(0);
    Some(shop)
}

/// Waits for a deployment's end; it must have failed with these words.
async fn expect_failed(child: Child, words: &str) {
    let ended = child.wait_with_output().await.unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.contains(words), "not `{words}` in\n{said}");
}

/// The newest record's verdict.
async fn verdict(shop: &Shop) -> Json {
    shop.history().await[0]["verdict"].take()
}

/// Three tasks that die of the same are enough, whatever ECS's breaker would wait for. What they died
/// of is on the screen and in the record.
#[tokio::test]
async fn tasks_that_fail_alike_bring_the_old_version_back_early() {
    let Some(shop) = shop("a broken version", "").await else { return };
    let breaker = json!({
        "enable": true, "rollback": true,
        "thresholdConfiguration": { "type": "COUNT", "value": 50 },
    });
    shop.ecs(
        "UpdateService",
        json!({ "deploymentConfiguration": { "deploymentCircuitBreaker": breaker } }),
    )
    .await;
    shop.folder.edit("server.js", "const http", "require('express'); const http");
    let failed = shop.deploy().await.expect(1);
    failed.says("tasks failed in the same way: module not found: express");
    failed.says("ECS rolled the deployment back to");
    assert_eq!(shop.page().await, "one");
    let record = shop.history().await[0].take();
    assert_eq!(record["verdict"], json!("rolled-back"), "{record:#}");
    let evidence = record["evidence"].to_string();
    assert!(evidence.contains("Cannot find module 'express'"), "{evidence}");
    let id = record["id"].as_str().unwrap();
    shop.neargate("history").arg(id).run().await.expect(0).says("Cannot find module 'express'");
}

#[tokio::test]
async fn a_first_version_that_fails_has_no_way_back() {
    if !engine::answers("a broken first version") {
        return;
    }
    let shop = Shop::new(&Region::shared(Driver::Docker).await, "").await;
    shop.folder.edit("server.js", "const http", "require('express'); const http");
    shop.deploy().await.expect(1).says("There is no completed deployment to go back to.");
    assert_eq!(verdict(&shop).await, json!("no-way-back"));
}

#[tokio::test]
async fn a_deployment_that_somebody_stops_is_stopped() {
    let Some(shop) = shop("a stopped deployment", "").await else { return };
    let child = shop.begin_slow("").await;
    let listed = shop.ecs("ListServiceDeployments", json!({})).await;
    let newest = listed["serviceDeployments"][0]["serviceDeploymentArn"].clone();
    let stop = json!({ "serviceDeploymentArn": newest, "stopType": "ABORT" });
    shop.region.ecs("StopServiceDeployment", stop).await;
    expect_failed(child, "the deployment was stopped before its end").await;
    assert_eq!(verdict(&shop).await, json!("stopped"));
}

#[tokio::test]
async fn a_deployment_whose_place_another_takes_is_superseded() {
    let Some(shop) = shop("a superseded deployment", "").await else { return };
    let old = shop.service().await["taskDefinition"].clone();
    let child = shop.begin_slow("").await;
    shop.ecs("UpdateService", json!({ "taskDefinition": old })).await;
    expect_failed(child, "took its place").await;
    assert_eq!(verdict(&shop).await, json!("superseded"));
}

#[tokio::test]
async fn a_service_that_is_scaled_to_nothing_meanwhile_is_no_success() {
    let Some(shop) = shop("a service scaled to nothing", "").await else { return };
    let child = shop.begin_slow("").await;
    shop.ecs("UpdateService", json!({ "desiredCount": 0 })).await;
    expect_failed(child, "the service was scaled to 0 tasks, fewer than 1").await;
    assert_eq!(verdict(&shop).await, json!("scaled-down"));
    // Only who asks for nothing succeeds with nothing.
    shop.folder.edit("neargate.yml", "    drain: 0s", "    count: 0\n    drain: 0s");
    shop.folder.edit("neargate.yml", ", HEALTH: '500'", "");
    shop.neargate("deploy --yes --detach").run().await.expect(0);
}

/// At the end of the time the deployment goes on, and nobody says that it was a success. Meanwhile
/// nobody else deploys.
#[tokio::test]
async fn a_deployment_that_takes_too_long_is_late_and_keeps_others_out() {
    let Some(shop) = shop("a late deployment", "").await else { return };
    let child = shop.begin_slow("--timeout 15").await;
    let second = shop.deploy().await.expect(1);
    second.says("has deployed to prod since");
    second.says("`neargate unlock --env prod` takes it away at once");
    expect_failed(child, "not done after 15 s: ").await;
    assert_eq!(verdict(&shop).await, json!("late"));
}

/// ECS does not watch an alarm that fires already, so nothing is begun, unless somebody says that it
/// is meant so.
#[tokio::test]
async fn an_alarm_that_fires_at_the_start_is_minded() {
    if !engine::answers("a firing alarm") {
        return;
    }
    let region = Region::shared(Driver::Docker).await;
    let alarm = format!("alarm{}", crate::stage::scratch::number());
    let more = format!("    deploy: {{alarms: [{alarm}], bake: 0m}}");
    let shop = Shop::new(&region, &more).await;
    let put = json!({
        "AlarmName": alarm, "MetricName": "m", "Namespace": "n", "Period": 60, "Statistic": "Sum",
        "EvaluationPeriods": 1, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold",
    });
    region.call(CloudWatch, "PutMetricAlarm", put).await;
    let set = |state: &str| json!({ "AlarmName": alarm, "StateValue": state, "StateReason": "the test says so" });
    region.call(CloudWatch, "SetAlarmState", set("ALARM")).await;
    let minded = shop.deploy().await.expect(1);
    minded.says("is in ALARM before anything was done");
    assert!(shop.history().await.is_empty(), "nothing was begun");
    shop.neargate("deploy --yes --despite-alarms").run().await.expect(0);
    region.call(CloudWatch, "SetAlarmState", set("OK")).await;
}
