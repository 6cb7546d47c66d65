//! Endings that a region never comes to by itself, for what it does is what it says. Something between
//! changes what is asked or told, as AWS and its eventual consistency can.

use super::between::{Bend, Between, Which};
use super::environment::Shop;
use crate::stage::{Driver, Region, engine};
use serde_json::{Value as Json, json};

/// How many service deployments a verdict looks at.
const PAGE: usize = 20;

/// Nothing is changed.
fn plain(_: &str, _: &mut Json) {}

/// An update is taken, and nothing comes of it.
fn forget_the_update(operation: &str, asked: &mut Json) {
    if operation == "UpdateService" {
        asked.as_object_mut().unwrap().remove("taskDefinition");
    }
}

/// So many deployments came since that the page does not reach back to ours.
fn fill_the_page(operation: &str, told: &mut Json) {
    if operation == "DescribeServiceDeployments" {
        let held = told["serviceDeployments"].as_array_mut().unwrap();
        held.resize(PAGE, held[0].clone());
    }
}

/// A tag has moved while tasks were started.
fn run_another_image(operation: &str, told: &mut Json) {
    let tasks = told["tasks"].as_array_mut().filter(|_| operation == "DescribeTasks");
    for task in tasks.into_iter().flatten() {
        task["containers"][0]["imageDigest"] = json!(format!("sha256:{}", "7".repeat(64)));
    }
}

/// The way back fails too.
fn fail_the_rollback(operation: &str, told: &mut Json) {
    let all = told["serviceDeployments"].as_array_mut();
    for held in all.filter(|_| operation == "DescribeServiceDeployments").into_iter().flatten() {
        if held["status"] == "ROLLBACK_SUCCESSFUL" {
            held["status"] = json!("ROLLBACK_FAILED");
        }
    }
}

/// Deploys past something that bends words; it must fail with these words, and be noted as that.
async fn expect(shop: &mut Shop, bend: Bend, (words, verdict): (&str, &str)) {
    let between = Between::new(&shop.region.endpoint(), Which::Bent(bend)).await;
    shop.endpoint.clone_from(&between.endpoint);
    shop.deploy().await.expect(1).says(words);
    assert_eq!(shop.history().await[0]["verdict"], json!(verdict));
}

#[tokio::test]
async fn endings_that_only_aws_comes_to_have_words_of_their_own() {
    if !engine::answers("endings that only AWS comes to") {
        return;
    }
    let mut shop = Shop::new(&Region::shared(Driver::Docker).await, "").await;
    shop.deploy().await.expect(0);
    shop.folder.edit("neargate.yml", "VERSION: one", "VERSION: two");
    let bend = Bend { asked: forget_the_update, told: plain };
    let words = "runs, and no deployment of what was asked for ever began";
    expect(&mut shop, bend, (words, "never-happened")).await;
    let bend = Bend { asked: forget_the_update, told: fill_the_page };
    let words = "runs, and AWS no longer shows what became of the deployment";
    expect(&mut shop, bend, (words, "evidence-expired")).await;
    let bend = Bend { asked: plain, told: run_another_image };
    expect(&mut shop, bend, ("a task runs sha256:7777", "other-digest")).await;
    shop.folder.edit("server.js", "const http", "require('express'); const http");
    let bend = Bend { asked: plain, told: fail_the_rollback };
    let words = "ECS tried to bring the old version back, and that failed too";
    expect(&mut shop, bend, (words, "rollback-failed")).await;
    assert_eq!(shop.page().await, "two");
}
