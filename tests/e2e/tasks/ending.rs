//! How tasks end: exit codes, stop codes and reasons in AWS's words (reference §1.5, §1.6).

use crate::stage::cluster::{container, shell};
use crate::stage::{Cluster, Driver, Region, engine, on_both_drivers, with};
use serde_json::json;

on_both_drivers![
    a_task_ends_with_its_essential_container,
    an_essential_container_that_ends_well_ends_the_task_as_well,
    a_stopped_task_says_who_stopped_it_and_why,
    a_container_that_does_not_stop_in_time_is_killed,
    a_container_that_is_not_essential_may_end,
    the_times_of_a_task_are_in_their_order,
];

/// Ends when it is told to, with a code of its own. Without a trap, a process with the number 1
/// does not hear the signal.
const POLITE: &str = "trap 'echo told; exit 4' TERM; echo ready; sleep 600 & wait";

/// The exit code is told; the other container is told to stop.
async fn a_task_ends_with_its_essential_container(region: &Region) {
    let cluster = Cluster::new(region).await;
    let side = with(shell("side", POLITE), json!({ "essential": false }));
    let waits = with(
        shell("main", "exit 3"),
        json!({ "dependsOn": [{ "containerName": "side", "condition": "START" }] }),
    );
    let task = cluster.run_to_end(&[waits, side]).await;
    assert_eq!(task["stopCode"], "EssentialContainerExited", "{task:#}");
    assert_eq!(task["stoppedReason"], "Essential container in task exited");
    assert_eq!(container(&task, "main")["exitCode"], 3);
    assert_eq!(container(&task, "side")["lastStatus"], "STOPPED");
    assert!(container(&task, "side")["exitCode"].is_i64(), "{task:#}");
}

async fn an_essential_container_that_ends_well_ends_the_task_as_well(region: &Region) {
    let cluster = Cluster::new(region).await;
    let task = cluster.run_to_end(&[shell("main", "exit 0")]).await;
    assert_eq!(task["stopCode"], "EssentialContainerExited", "{task:#}");
    assert_eq!(task["stoppedReason"], "Essential container in task exited");
    assert_eq!(container(&task, "main")["exitCode"], 0);
    assert_eq!(task["desiredStatus"], "STOPPED");
}

async fn a_stopped_task_says_who_stopped_it_and_why(region: &Region) {
    let cluster = Cluster::new(region).await;
    let (told, untold) = tokio::join!(
        async {
            let task = cluster.run(&[shell("main", POLITE)]).await;
            cluster.line(&task, "main", "ready").await;
            (cluster.stop(&task, "we are done").await, task)
        },
        async {
            let task = cluster.run(&[shell("main", POLITE)]).await;
            cluster.line(&task, "main", "ready").await;
            let request = json!({ "cluster": cluster.name, "task": task });
            region.ecs("StopTask", request).await;
            cluster.until(&task, "STOPPED").await
        },
    );
    let (told, arn) = told;
    assert_eq!(told["stopCode"], "UserInitiated", "{told:#}");
    assert_eq!(told["stoppedReason"], "we are done");
    assert_eq!(container(&told, "main")["exitCode"], 4);
    assert_eq!(cluster.output(&arn, "main").await, ["ready", "told"], "its last words are kept");
    assert_eq!(untold["stopCode"], "UserInitiated");
    assert_eq!(untold["stoppedReason"], "Task stopped by user");
}

/// The stop timeout is the container's own time: the region's speed does not shorten it.
async fn a_container_that_does_not_stop_in_time_is_killed(region: &Region) {
    let cluster = Cluster::new(region).await;
    let deaf = shell("main", "trap 'echo told' TERM; echo ready; while :; do sleep 0.1; done");
    let task = cluster.run(&[with(deaf, json!({ "stopTimeout": 2 }))]).await;
    cluster.line(&task, "main", "ready").await;
    let stopped = cluster.stop(&task, "enough").await;
    assert_eq!(container(&stopped, "main")["exitCode"], 137, "{stopped:#}");
    assert_eq!(cluster.output(&task, "main").await, ["ready", "told"]);
    let took = millis(&stopped, "executionStoppedAt") - millis(&stopped, "stoppingAt");
    assert!((2000..10_000).contains(&took), "it had {took} ms");
}

async fn a_container_that_is_not_essential_may_end(region: &Region) {
    let cluster = Cluster::new(region).await;
    let side = with(shell("side", "exit 9"), json!({ "essential": false }));
    let task = cluster.run(&[shell("main", POLITE), side]).await;
    let seen = cluster
        .until_that(&task, "running beside what has ended", |task| {
            container(task, "side")["exitCode"] == 9 && task["lastStatus"] == "RUNNING"
        })
        .await;
    assert_eq!(container(&seen, "main")["lastStatus"], "RUNNING");
    cluster.stop(&task, "done").await;
}

async fn the_times_of_a_task_are_in_their_order(region: &Region) {
    let cluster = Cluster::new(region).await;
    let task = cluster.run_to_end(&[shell("main", "exit 0")]).await;
    let names = [
        "createdAt",
        "connectivityAt",
        "pullStartedAt",
        "pullStoppedAt",
        "startedAt",
        "stoppingAt",
        "executionStoppedAt",
        "stoppedAt",
    ];
    let times: Vec<i64> = names.iter().map(|name| millis(&task, name)).collect();
    assert!(times.is_sorted(), "{names:?} = {times:?}");
}

/// The signal is the one that the image asks for.
#[tokio::test]
async fn a_container_is_told_with_its_images_own_signal() {
    if !engine::answers("stop signals of images") {
        return;
    }
    let region = Region::shared(Driver::Docker).await;
    let image = "neargate-e2e-stop-signal";
    let file = crate::stage::Scratch::new();
    file.write("Dockerfile", "FROM busybox:latest\nSTOPSIGNAL SIGUSR1\n");
    engine::docker("build --quiet --tag").arg(image).arg(file.path()).output().await;
    let cluster = Cluster::new(&region).await;
    let script = "trap 'exit 5' USR1; trap 'exit 6' TERM; echo ready; sleep 600 & wait";
    let main = with(shell("main", script), json!({ "image": image }));
    let task = cluster.run(&[main]).await;
    cluster.line(&task, "main", "ready").await;
    let stopped = cluster.stop(&task, "done").await;
    assert_eq!(container(&stopped, "main")["exitCode"], 5, "{stopped:#}");
    engine::docker("image rm --no-prune").arg(image).output().await;
}

fn millis(task: &serde_json::Value, name: &str) -> i64 {
    task[name].as_i64().unwrap_or_else(|| panic!("no {name} in {task:#}"))
}
