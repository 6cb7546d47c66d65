//! What a container engine holds a container to: memory, CPU, user, file system.

use crate::stage::cluster::{container, node, shell};
use crate::stage::{Cluster, Driver, Region, engine, with};
use serde_json::json;

/// A cluster of a region with a container engine; none where no engine answers.
async fn contained(what: &str) -> Option<Cluster> {
    if !engine::answers(what) {
        return None;
    }
    Some(Cluster::new(&Region::shared(Driver::Docker).await).await)
}

/// AWS's words are in the container's reason; the task only says that an essential one exited.
#[tokio::test]
async fn a_container_that_takes_too_much_memory_is_killed_and_says_so() {
    let Some(cluster) = contained("memory limits").await else { return };
    let hungry = "const kept = []; for (;;) kept.push(Buffer.alloc(8 << 20, 1));";
    let task = cluster.run_to_end(&[with(node("main", hungry), json!({ "memory": 128 }))]).await;
    let main = container(&task, "main");
    assert_eq!(main["exitCode"], 137, "{task:#}");
    assert_eq!(main["reason"], "OutOfMemoryError: container killed due to memory usage");
    assert_eq!(task["stopCode"], "EssentialContainerExited");
    assert_eq!(task["stoppedReason"], "Essential container in task exited");
}

/// A quarter of a vCPU is a quarter of the time, however hard it tries.
#[tokio::test]
async fn cpu_and_memory_of_a_task_are_its_limits() {
    let Some(cluster) = contained("CPU limits").await else { return };
    let busy = "const begun = Date.now(); while (Date.now() - begun < 2000);
                const used = process.cpuUsage();
                console.log((used.user + used.system) / 1000 / (Date.now() - begun));";
    let task = cluster.run(&[node("main", busy)]).await;
    cluster.until(&task, "STOPPED").await;
    let lines = cluster.output(&task, "main").await;
    let share: f64 = lines[0].parse().unwrap();
    assert!((0.02..0.35).contains(&share), "a quarter was asked for, {share} was used");
    let read = "cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null \
                || cat /sys/fs/cgroup/memory.max";
    let task = cluster.run(&[with(shell("main", read), json!({ "memory": 100 }))]).await;
    cluster.until(&task, "STOPPED").await;
    assert_eq!(cluster.output(&task, "main").await, [(100 << 20).to_string()]);
}

#[tokio::test]
async fn user_folder_and_file_system_are_the_definitions() {
    let Some(cluster) = contained("users and file systems").await else { return };
    let script = "id -u; id -g; pwd; touch /new 2>/dev/null || echo read-only";
    let main = with(
        shell("main", script),
        json!({ "user": "1234:567", "workingDirectory": "/tmp", "readonlyRootFilesystem": true }),
    );
    let task = cluster.run(&[main]).await;
    cluster.until(&task, "STOPPED").await;
    assert_eq!(cluster.output(&task, "main").await, ["1234", "567", "/tmp", "read-only"]);
}
