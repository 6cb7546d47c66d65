//! Tasks as processes of this machine: side by side, alone with what is theirs, and never longer
//! there than their region.

use crate::stage::balanced::{Front, server};
use crate::stage::cluster::shell;
use crate::stage::engine;
use crate::stage::processes::{is_alive, pids_below, pids_of, pids_that_name, until_gone};
use crate::stage::region::CANARY;
use crate::stage::web::Ask;
use crate::stage::{Cluster, Driver, PATIENCE, Region, eventually, on_both_drivers};
use std::collections::BTreeSet;
use std::time::Duration;

on_both_drivers![nothing_of_this_machines_environment_reaches_a_task];

/// How long tasks wait for a region that went away, and some time to end.
const LINGER: Duration = Duration::from_secs(30);

/// Says who it is, and leaves two children behind: one in its own session, which only its ancestry
/// tells.
const FAMILY: &str = "trap 'exit 0' TERM; sleep 600 & child=$!; \
    if command -v setsid >/dev/null; then setsid sleep 600 & fi; \
    echo pids $$ $child $!; wait";

#[tokio::test]
async fn two_tasks_of_a_service_listen_on_the_same_port_side_by_side() {
    let front = Front::new(&Region::shared(Driver::Process).await).await;
    let group = front.group().await;
    let service = front.serve(&server(&[]), &group, 2).await;
    front.until_deployed(&service).await;
    let mut seen = BTreeSet::new();
    eventually("two processes answer", PATIENCE, async || {
        let who = Ask::get(&format!("{}/who", front.url)).send().await.json();
        seen.insert(who["pid"].as_u64().unwrap());
        (seen.len() == 2).then_some(())
    })
    .await;
}

/// The region's own environment has the canary; a task's has what is documented.
async fn nothing_of_this_machines_environment_reaches_a_task(region: &Region) {
    let cluster = Cluster::new(region).await;
    let task = cluster.run(&[shell("main", "env")]).await;
    cluster.until(&task, "STOPPED").await;
    let lines = cluster.output(&task, "main").await;
    assert!(!lines.is_empty());
    assert!(!lines.iter().any(|line| line.contains(CANARY)), "{lines:#?}");
    let home = format!("HOME={}", region.data().display());
    assert!(!lines.contains(&home), "{lines:#?}");
    let known = ["AWS_", "ECS_", "HOME=", "HOSTNAME=", "PATH=", "TMPDIR=", "PWD=", "SHLVL=", "_="];
    let strange = lines.iter().find(|line| !known.iter().any(|start| line.starts_with(start)));
    assert_eq!(strange, None, "{lines:#?}");
}

#[tokio::test]
async fn tasks_end_soon_after_a_region_that_was_killed() {
    let region = Region::start(Driver::Process).await;
    let cluster = Cluster::new(&region).await;
    let task = cluster.run(&[shell("main", FAMILY)]).await;
    let pids = pids_of(&cluster, &task, "main").await;
    region.kill().await;
    assert!(is_alive(pids[0]), "it waits for the region to come back");
    until_gone(&pids, LINGER).await;
    until_no_process_names(&region).await;
}

#[tokio::test]
async fn a_region_that_stops_leaves_no_process() {
    let region = Region::start(Driver::Process).await;
    let cluster = Cluster::new(&region).await;
    let task = cluster.run(&[shell("main", FAMILY)]).await;
    let pids = pids_of(&cluster, &task, "main").await;
    region.neargate("region stop").output().await;
    let left: Vec<&u32> = pids.iter().filter(|pid| is_alive(**pid)).collect();
    assert!(left.is_empty(), "{left:?} of {pids:?} are still there");
    until_no_process_names(&region).await;
}

/// A process that has ended is listed until its parent asks about it; the first process of many
/// containers never does.
#[tokio::test]
async fn a_region_whose_parent_never_asks_about_it_has_stopped_nevertheless() {
    let region = Region::start(Driver::Process).await;
    region.neargate("region stop").output().await;
    let _child = region.neargate("region start --driver process --port 0").spawn();
    let running = async || {
        let status = region.neargate("region status --json").run().await;
        (status.code == Some(0)).then_some(())
    };
    eventually("the region answers", PATIENCE, running).await;
    region.neargate("region stop").output().await;
}

#[tokio::test]
async fn a_region_that_stops_leaves_no_container_and_no_network() {
    if !engine::answers("what a region leaves behind") {
        return;
    }
    let region = Region::start(Driver::Docker).await;
    let cluster = Cluster::new(&region).await;
    let task = cluster.run(&[shell("main", FAMILY)]).await;
    cluster.line(&task, "main", "pids ").await;
    let own = engine::region_of(&task).await;
    region.neargate("region stop").output().await;
    assert_eq!(engine::containers(&format!("neargate.region={own}")).await, [""; 0]);
    assert_eq!(engine::networks(&format!("neargate.region={own}")).await, [""; 0]);
}

/// Regions name their data directory, supervisors and tasks work in it.
async fn until_no_process_names(region: &Region) {
    eventually("no process of the region is left", PATIENCE, async || {
        let named = !pids_that_name(region.data().to_str().unwrap()).await.is_empty();
        (!named && pids_below(region.data()).is_empty()).then_some(())
    })
    .await;
}
