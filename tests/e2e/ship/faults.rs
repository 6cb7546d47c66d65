//! Calls that fail, and programs that are killed: a deployment comes to its end, or says plainly why
//! not, and then the next one does.

use super::between::{Between, Fault, Which};
use super::environment::Shop;
use crate::stage::processes::{signal, until_gone};
use crate::stage::{Driver, PATIENCE, Region, engine, eventually};
use rustix::process::Signal;

/// A shop on a region of containers, with a task before each version.
async fn shop(what: &str) -> Option<Shop> {
    if !engine::answers(what) {
        return None;
    }
    let before = "    before: {command: node -e 0, timeout: 60s}";
    Some(Shop::new(&Region::shared(Driver::Docker).await, before).await)
}

/// What a first deployment asks for, that changes something.
const STEPS: [&str; 4] = ["PutParameter", "RegisterTaskDefinition", "RunTask", "CreateService"];

/// Each operation fails once, in each way: the deployment succeeds, and nothing is made twice.
#[tokio::test]
async fn a_deployment_outlives_every_fault_of_the_moment() {
    let Some(mut shop) = shop("faults of the moment").await else { return };
    let faults = [Fault::Throttled, Fault::Failed, Fault::Expired, Fault::Lost, Fault::Slow];
    for (at, fault) in faults.into_iter().enumerate() {
        let between = Between::new(&shop.region.endpoint(), Which::FirstOfEach(fault)).await;
        shop.endpoint.clone_from(&between.endpoint);
        shop.deploy().await.expect(0).says("runs in prod");
        let spoilt = between.spoilt();
        let update = if at == 0 { "CreateService" } else { "UpdateService" };
        for step in ["PutParameter", "RegisterTaskDefinition", "RunTask", update, "DescribeTasks"] {
            assert!(spoilt.contains(step), "{fault:?}: {step} is not among {spoilt:?}");
        }
        let next = format!("VERSION: v{at}");
        let now = if at == 0 { "VERSION: one".to_owned() } else { format!("VERSION: v{}", at - 1) };
        shop.folder.edit("neargate.yml", &now, &next);
    }
    assert_eq!(shop.page().await, "v3");
}

/// A service that is down stays down: the deployment fails within bounds and names the call, and when
/// the service is back the next deployment finishes.
#[tokio::test]
async fn a_deployment_that_cannot_go_on_says_so_and_the_next_one_finishes() {
    let Some(mut shop) = shop("faults that last").await else { return };
    for step in STEPS {
        for fault in [Fault::Failed, Fault::Expired] {
            let between = Between::new(&shop.region.endpoint(), Which::All(step, fault)).await;
            shop.endpoint.clone_from(&between.endpoint);
            let failed = shop.deploy().await;
            assert_ne!(failed.code, Some(0));
            failed.says(step);
            let asked = between.asked().into_iter().filter(|operation| operation == step).count();
            assert!(asked <= 10, "{step} was asked for {asked} times");
        }
    }
    shop.endpoint = shop.region.endpoint();
    shop.deploy().await.expect(0);
    assert_eq!(shop.page().await, "one");
}

/// Killed while a call is on its way: the next run takes over the lock and finishes.
#[tokio::test]
async fn a_deployment_that_is_killed_is_finished_by_the_next_one() {
    let Some(mut shop) = shop("a killed deployment").await else { return };
    for step in STEPS.into_iter().chain(["DescribeTargetHealth"]) {
        let between = Between::new(&shop.region.endpoint(), Which::All(step, Fault::Hung)).await;
        shop.endpoint.clone_from(&between.endpoint);
        let mut child = shop.neargate("deploy --yes").spawn();
        eventually(&format!("the deployment comes to {step}"), PATIENCE, async || {
            between.spoilt().contains(step).then_some(())
        })
        .await;
        let pid = child.id().expect("it runs");
        signal(pid, Signal::KILL);
        child.wait().await.unwrap();
        until_gone(&[pid], PATIENCE).await;
    }
    shop.endpoint = shop.region.endpoint();
    shop.deploy().await.expect(0);
    assert_eq!(shop.page().await, "one");
    let records = shop.history().await;
    assert_eq!(records[0]["verdict"], "done");
    assert!(records[1..].iter().all(|record| record["verdict"] == "unfinished"), "{records:#?}");
}

/// What a deployment asks of AWS: no more than it needs to know.
#[tokio::test]
async fn a_deployment_without_a_change_asks_little() {
    let Some(mut shop) = shop("the calls of a deployment").await else { return };
    shop.deploy().await.expect(0);
    let between = Between::new(&shop.region.endpoint(), Which::None).await;
    shop.endpoint.clone_from(&between.endpoint);
    shop.deploy().await.expect(0).says("there is nothing to change");
    let asked = between.asked();
    assert!(asked.len() < 80, "{} calls: {asked:?}", asked.len());
    let changing = ["RegisterTaskDefinition", "RunTask", "CreateService", "UpdateService"];
    assert!(!asked.iter().any(|operation| changing.contains(&operation.as_str())), "{asked:?}");
}
