//! `up` that does not come to its end: the next one takes it from there.

use super::project::{Project, page};
use crate::stage::cluster::list;
use crate::stage::{Driver, PATIENCE, Region, engine};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};

/// What the killed commands had just said: from before the first step to after the last.
const MOMENTS: [&str; 5] = [
    "build web",
    "create cluster",
    "create target group",
    "register task definition",
    "create service",
];

#[tokio::test]
async fn a_killed_up_is_run_again_with_processes() {
    let region = Region::shared(Driver::Process).await;
    for moment in MOMENTS {
        a_killed_up_is_run_again(&region, moment).await;
    }
}

#[tokio::test]
async fn a_killed_up_is_run_again_with_containers() {
    if engine::answers("a killed up") {
        let region = Region::shared(Driver::Docker).await;
        a_killed_up_is_run_again(&region, "build web").await;
        a_killed_up_is_run_again(&region, "create service").await;
    }
}

/// There is one of everything in the end, whatever the first one had made.
async fn a_killed_up_is_run_again(region: &Region, moment: &str) {
    let project = Project::new(region);
    project.folder.edit("neargate.yml", "process:", "process:\n      build: 'true'");
    let mut child = project.neargate("up").spawn();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let reading = async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if line.contains(moment) {
                return;
            }
        }
        panic!("it never said `{moment}`");
    };
    tokio::time::timeout(PATIENCE, reading).await.expect("it goes on");
    child.kill().await.unwrap();

    let (url, _) = project.up().await;
    assert_eq!(page(&url).await, "one", "killed at `{moment}`");
    assert_eq!(project.tasks().await.len(), 2, "killed at `{moment}`");
    let services = region.ecs("ListServices", json!({ "cluster": project.cluster() })).await;
    assert_eq!(list(services["serviceArns"].clone()).len(), 1, "{services}");
    let balancers = region.elb("DescribeLoadBalancers", json!({})).await;
    let own = list(balancers["LoadBalancers"].clone()).into_iter();
    let own = own.filter(|held| held["LoadBalancerName"] == project.cluster());
    assert_eq!(own.count(), 1, "{balancers}");
    project.neargate("down").output().await;
}

/// `--detach` returns when everything is asked for; the next `up` watches to the end.
#[tokio::test]
async fn a_detached_up_does_not_wait() {
    let region = Region::shared(Driver::Process).await;
    let project = Project::new(&region);
    // Its tasks are healthy only after a while.
    let late = "setTimeout(() => server.listen(process.env.PORT), 2000, () =>";
    project.folder.edit("server.js", "server.listen(process.env.PORT, () =>", late);
    let asked = project.neargate("up --detach").run().await.expect(0);
    asked.says(&format!("{} is asked for", project.app));
    let status = project.status().await;
    assert_eq!(status["verdict"], "waiting", "{status:#}");
    assert!(!list(status["waiting"].clone()).is_empty(), "{status:#}");
    let (url, _) = project.up().await;
    assert_eq!(page(&url).await, "one");
    let status = project.status().await;
    assert_eq!(status["verdict"], "done", "{status:#}");
    project.neargate("down").output().await;
}
