//! Deployments that fail as a whole, and tasks that don't go when they are told to.

use super::shop::{Shop, node, region};
use crate::stage::{Driver, PATIENCE, Region, eventually, on_both_drivers, with};
use serde_json::{Value as Json, json};

on_both_drivers![tasks_that_ignore_the_stop_signal_are_named];

const FOREVER: &str = "setInterval(() => {}, 1e6)";
const DEAF: &str = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6)";

fn version(program: &str) -> Json {
    let mut service = node(program);
    service.as_object_mut().unwrap().remove("deploy");
    service
}

#[tokio::test]
async fn a_version_that_fails_is_rolled_back_and_the_one_that_runs_is_named() {
    let mut shop = Shop::new(&region(Driver::Process).await, &[("api", version(FOREVER))]).await;
    shop.deploy().await;
    shop.change("api", version("require('expresso')"));
    let up = shop.up();
    up.until_told("api", "module not found: expresso").await;
    let old = format!("{}-local-api:1", shop.app);
    let (code, said) = up.end().await;
    assert_eq!(code, Some(1), "{said}");
    let (_, last) = said.split_once("error: ").unwrap();
    for text in ["rolled the deployment back to", &old, "module not found: expresso", "hint: "] {
        assert!(last.contains(text), "no `{text}` in\n{last}");
    }
    let status = eventually("the old version is back", PATIENCE, async || {
        let status = shop.status("api").await;
        let runs = format!("ECS gave the new version up; {old} runs again");
        let mut findings = status["findings"].as_array().unwrap().iter();
        findings.any(|held| held["title"] == runs).then_some(status)
    })
    .await;
    let causes: Vec<&str> = status["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["cause"].as_str().unwrap())
        .collect();
    assert_eq!(causes, ["module-not-found", "rolled-back"]);
    // What works again is no trouble.
    shop.change("api", version(&format!("{FOREVER}; 'mended'")));
    shop.deploy().await;
    assert_eq!(shop.status("api").await["findings"], json!([]));
    shop.end().await;
}

/// The manifest refuses such bounds, and AWS some of them; somebody else may set others.
#[tokio::test]
async fn bounds_that_leave_no_room_are_named() {
    let shop = Shop::new(&region(Driver::Process).await, &[("api", node(FOREVER))]).await;
    shop.deploy().await;
    let request = json!({
        "cluster": format!("{}-local", shop.app),
        "service": "api",
        "forceNewDeployment": true,
        "deploymentConfiguration": { "minimumHealthyPercent": 100, "maximumPercent": 150 },
    });
    shop.region.ecs("UpdateService", request).await;
    let finding = eventually("the bounds are told of", PATIENCE, async || {
        let status = shop.status("api").await;
        status["findings"].as_array().unwrap().first().cloned()
    })
    .await;
    assert_eq!(finding["cause"], "no-room-to-move", "{finding:#}");
    assert_eq!(finding["evidence"][0], "desired 1, at least 100 %, at most 150 %");
    shop.end().await;
}

async fn tasks_that_ignore_the_stop_signal_are_named(region: &Region) {
    let mut shop = Shop::new(region, &[("api", node(DEAF))]).await;
    shop.deploy().await;
    shop.change("api", node(FOREVER));
    shop.deploy().await;
    let title = "api does not end when it is told to: killed after 2s";
    let finding = eventually("the old task is told of", PATIENCE, async || {
        let status = shop.status("api").await;
        let findings = status["findings"].as_array().unwrap().clone();
        findings.into_iter().find(|held| held["title"] == title)
    })
    .await;
    assert_eq!(finding["cause"], "stop-signal-ignored");
    assert_eq!(finding["severity"], "warning");
    shop.end().await;
}

#[tokio::test]
async fn a_migration_that_fails_says_why() {
    let before = json!({ "command": ["node", "-e", "require('net').connect(1, '127.0.0.1')"] });
    let service = with(node(FOREVER), json!({ "before": before }));
    let shop = Shop::new(&region(Driver::Process).await, &[("api", service)]).await;
    let (code, said) = shop.up().end().await;
    assert_eq!(code, Some(1), "{said}");
    let cause = "it can't reach what it needs: 127.0.0.1:1 (dependency-unreachable)";
    assert!(said.contains(&format!("✗ api: {cause}")), "{said}");
    let (_, last) = said.split_once("error: the task before service api failed").unwrap();
    assert!(last.contains(cause), "{last}");
}
