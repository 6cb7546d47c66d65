//! `dependsOn`: who starts after whom, and who never starts (reference §1.6).

use crate::stage::cluster::{FOREVER, container, node, shell};
use crate::stage::{Cluster, Region, on_both_drivers, with};
use serde_json::{Value as Json, json};

on_both_drivers![
    start_waits_for_the_start,
    complete_waits_for_any_end,
    success_waits_for_a_good_end,
    what_can_never_start_ends_the_task,
    healthy_waits_for_the_health_check,
    containers_stop_in_the_reverse_order,
];

fn after(name: &str, script: &str, condition: &str) -> Json {
    let dependency = json!([{ "containerName": "first", "condition": condition }]);
    with(shell(name, script), json!({ "dependsOn": dependency }))
}

fn side(script: &str) -> Json {
    with(shell("first", script), json!({ "essential": false }))
}

/// The second container asks when both were started.
async fn start_waits_for_the_start(region: &Region) {
    let cluster = Cluster::new(region).await;
    let program = "fetch(`${process.env.ECS_CONTAINER_METADATA_URI_V4}/task`)
           .then((answer) => answer.json()).then((task) => {
             const started = (name) => task.Containers.find((held) => held.Name === name).StartedAt;
             console.log(started('first') <= started('second') ? 'in order' : JSON.stringify(task));
           });";
    let dependency = json!([{ "containerName": "first", "condition": "START" }]);
    let second = with(node("second", program), json!({ "dependsOn": dependency }));
    let task = cluster.run(&[second, side(FOREVER)]).await;
    cluster.until(&task, "STOPPED").await;
    assert_eq!(cluster.output(&task, "second").await, ["in order"]);
}

async fn complete_waits_for_any_end(region: &Region) {
    let cluster = Cluster::new(region).await;
    let first = side("sleep 0.5; echo done; exit 7");
    let task = cluster.run(&[after("second", "echo begun", "COMPLETE"), first]).await;
    let stopped = cluster.until(&task, "STOPPED").await;
    assert_eq!(container(&stopped, "first")["exitCode"], 7);
    assert_eq!(container(&stopped, "second")["exitCode"], 0);
    in_order(&cluster, &task, "done", "begun").await;
}

async fn success_waits_for_a_good_end(region: &Region) {
    let cluster = Cluster::new(region).await;
    let first = side("sleep 0.5; echo done");
    let task = cluster.run(&[after("second", "echo begun", "SUCCESS"), first]).await;
    let stopped = cluster.until(&task, "STOPPED").await;
    assert_eq!(container(&stopped, "second")["exitCode"], 0);
    in_order(&cluster, &task, "done", "begun").await;
}

async fn what_can_never_start_ends_the_task(region: &Region) {
    let cluster = Cluster::new(region).await;
    let first = side("exit 1");
    let task = cluster.run(&[after("second", "echo begun", "SUCCESS"), first]).await;
    let stopped = cluster.until(&task, "STOPPED").await;
    assert_eq!(stopped["stopCode"], "TaskFailedToStart", "{stopped:#}");
    assert_eq!(container(&stopped, "second")["exitCode"], Json::Null, "it never ran");
    assert_eq!(cluster.output(&task, "second").await, [""; 0]);
}

async fn healthy_waits_for_the_health_check(region: &Region) {
    let cluster = Cluster::new(region).await;
    let check = json!({ "command": ["CMD-SHELL", "test -f \"$HOME/ready\""], "interval": 5 });
    let script = format!("sleep 1; echo ready; touch \"$HOME/ready\"; {FOREVER}");
    let first = with(side(&script), json!({ "healthCheck": check }));
    let task = cluster.run(&[after("second", "echo begun", "HEALTHY"), first]).await;
    let stopped = cluster.until(&task, "STOPPED").await;
    assert_eq!(container(&stopped, "second")["exitCode"], 0, "{stopped:#}");
    in_order(&cluster, &task, "ready", "begun").await;
}

/// A container is told to stop only after those that depend on it have stopped.
async fn containers_stop_in_the_reverse_order(region: &Region) {
    let cluster = Cluster::new(region).await;
    let polite = "trap 'sleep 0.3; echo stopped; exit 0' TERM; echo ready; sleep 600 & wait";
    let first = shell("first", "trap 'echo told; exit 0' TERM; sleep 600 & wait");
    let task = cluster.run(&[after("second", polite, "START"), first]).await;
    cluster.line(&task, "second", "ready").await;
    cluster.stop(&task, "done").await;
    let (told, stopped) =
        (at(&cluster, &task, "first", "told"), at(&cluster, &task, "second", "stopped"));
    let (told, stopped) = tokio::join!(told, stopped);
    assert!(stopped <= told, "stopped at {stopped}, told at {told}");
}

/// One line of the first container comes before another of the second.
async fn in_order(cluster: &Cluster, task: &str, earlier: &str, later: &str) {
    let earlier_at = at(cluster, task, "first", earlier).await;
    let later_at = at(cluster, task, "second", later).await;
    assert!(earlier_at <= later_at, "`{earlier}` at {earlier_at}, `{later}` at {later_at}");
}

/// When a line was written.
async fn at(cluster: &Cluster, task: &str, container: &str, line: &str) -> i64 {
    let events = cluster.events(task, container).await;
    let found = events.iter().find(|event| event["message"] == line);
    let found = found.unwrap_or_else(|| panic!("{container} did not write `{line}`: {events:?}"));
    found["timestamp"].as_i64().unwrap()
}
