//! What runs goes on while its region is away, and is known again when it is back.

use crate::stage::balanced::{Front, server};
use crate::stage::cluster::{FOREVER, shell, text};
use crate::stage::web::{Ask, until_status};
use crate::stage::{Cluster, Driver, PATIENCE, Region, engine, eventually};
use serde_json::Value as Json;
use std::collections::BTreeSet;

#[tokio::test]
async fn running_tasks_are_adopted_with_processes() {
    running_tasks_are_adopted(Driver::Process).await;
}

#[tokio::test]
async fn running_tasks_are_adopted_with_containers() {
    if engine::answers("adoption") {
        running_tasks_are_adopted(Driver::Docker).await;
    }
}

/// An engine goes on with what a region asked for that was killed, and a container may turn up when
/// nobody wants it any more.
#[tokio::test]
async fn a_container_that_turns_up_late_is_removed() {
    if !engine::answers("containers that turn up late") {
        return;
    }
    let region = Region::start(Driver::Docker).await;
    let cluster = Cluster::new(&region).await;
    let task = cluster.run(&[shell("main", FOREVER)]).await;
    cluster.until(&task, "RUNNING").await;
    let own = engine::region_of(&task).await;
    let Cluster { name, .. } = cluster;
    region.kill().await;
    let region = region.start_again().await;
    let cluster = Cluster { region, name };
    let labels = format!("--label neargate.region={own} --label neargate.cluster={}", cluster.name);
    let line = format!("create {labels} --label neargate.task=late busybox:latest");
    engine::docker(&line).output().await;
    eventually("the late container is gone", PATIENCE, async || {
        (!engine::tasks_of(&own).await.contains("late")).then_some(())
    })
    .await;
    assert_eq!(cluster.task(&task).await["lastStatus"], "RUNNING");
}

/// The same tasks, the same processes in them, their output without a gap, and the load balancer
/// leads to them again.
async fn running_tasks_are_adopted(driver: Driver) {
    let region = Region::start(driver).await;
    let front = Front::new(&region).await;
    let group = front.group().await;
    let service = front.serve(&server(&[]), &group, 2).await;
    let count = "trap 'exit 0' TERM; at=0; while :; do at=$((at + 1)); echo $at; sleep 0.1; done";
    let alone = front.cluster.run(&[shell("main", count)]).await;
    front.until_deployed(&service).await;
    front.cluster.until(&alone, "RUNNING").await;
    let before = (arns(&front.tasks(&service).await), who_answers(&front).await);
    let Front { cluster, balancer, listener, url } = front;
    let name = cluster.name.clone();
    drop(cluster);
    region.kill().await;
    let region = region.start_again().await;
    let cluster = Cluster { region: region.clone(), name };
    let front = Front { cluster, balancer, listener, url };

    assert_eq!(arns(&front.tasks(&service).await), before.0);
    until_status(&front.url, 200).await;
    assert_eq!(who_answers(&front).await, before.1);
    let task = front.cluster.task(&alone).await;
    assert_eq!(task["lastStatus"], "RUNNING", "{task:#}");
    let written = front.cluster.output(&alone, "main").await.len();
    let lines = eventually("more output", PATIENCE, async || {
        let lines = front.cluster.output(&alone, "main").await;
        (lines.len() > written + 5).then_some(lines)
    })
    .await;
    let expected: Vec<String> = (1..=lines.len()).map(|at| at.to_string()).collect();
    assert_eq!(lines, expected, "no line is lost, none comes twice");
}

fn arns(tasks: &[Json]) -> BTreeSet<String> {
    tasks.iter().map(|task| text(&task["taskArn"])).collect()
}

/// The processes of both tasks, by host and number.
async fn who_answers(front: &Front) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    eventually("both tasks answer", PATIENCE, async || {
        let who = Ask::get(&format!("{}/who", front.url)).try_send().await.ok()?;
        if who.status == 200 {
            seen.insert(who.body);
        }
        (seen.len() == 2).then_some(())
    })
    .await;
    seen
}
