//! `up` and `down`: what changed is rolled out without losing a request, nothing else is, and nothing
//! is left in the end.

use super::project::{Project, page};
use crate::stage::web::Load;
use crate::stage::{Region, on_both_drivers};
use api::Service::{Ec2, Iam};
use serde_json::json;

on_both_drivers![what_changed_is_rolled_out_and_nothing_else, down_leaves_only_what_holds_data];

async fn what_changed_is_rolled_out_and_nothing_else(region: &Region) {
    let project = Project::new(region);
    let (url, first) = project.up().await;
    first.says(&format!("✓ {} is up", project.app));
    assert_eq!(page(&url).await, "one");
    let tasks = project.tasks().await;
    assert_eq!(tasks.len(), 2);

    let (_, again) = project.up().await;
    let steps: Vec<&str> = again.err.lines().filter(|line| !line.contains("build web")).collect();
    assert_eq!(steps, [format!("✓ {} is up", project.app)], "there was nothing to do");
    assert_eq!(project.tasks().await, tasks, "the same tasks run");

    let load = Load::start(&url, 2);
    project.folder.edit("neargate.yml", "one", "two");
    let (_, edited) = project.up().await;
    edited.says("web: variable VERSION changed");
    assert_eq!(page(&url).await, "two");
    project.folder.edit("server.js", "response.end(version)", "response.end(version + ' edited')");
    let (_, edited) = project.up().await;
    edited.says("web: image neargate/");
    assert_eq!(page(&url).await, "two edited");
    let tally = load.stop().await;
    assert_eq!(tally.failures, [""; 0], "of {:?}", tally.bodies);
    let seen: Vec<&str> = tally.bodies.keys().map(String::as_str).collect();
    assert_eq!(seen, ["one", "two", "two edited"]);
    assert!(project.tasks().await.is_disjoint(&tasks), "every task is new");
    project.neargate("down").output().await;
}

/// Logs, parameters and secrets stay; `down` says so in its help.
async fn down_leaves_only_what_holds_data(region: &Region) {
    let project = Project::new(region);
    let (url, _) = project.up().await;
    page(&url).await;
    project.neargate("down").run().await.expect(0).says("is gone from the local region");
    let clusters = region.ecs("ListClusters", json!({})).await.to_string();
    assert!(!clusters.contains(&project.app), "{clusters}");
    let balancers = region.elb("DescribeLoadBalancers", json!({})).await.to_string();
    assert!(!balancers.contains(&project.app), "{balancers}");
    let groups = region.elb("DescribeTargetGroups", json!({})).await.to_string();
    assert!(!groups.contains(&project.app), "{groups}");
    let roles = region.call(Iam, "ListRoles", json!({})).await.to_string();
    assert!(!roles.contains(&project.app), "{roles}");
    let security = region.call(Ec2, "DescribeSecurityGroups", json!({})).await.to_string();
    assert!(!security.contains(&project.app), "{security}");
    let endpoints = region.neargate("region endpoints --json").output().await;
    assert!(!endpoints.contains(&project.app), "{endpoints}");
    let logs = project.neargate("logs").output().await;
    assert!(logs.contains("listening"), "{logs}");
    project.neargate("down").run().await.expect(0).says("is gone from the local region");
    let status = project.status().await;
    assert_eq!(status, json!({ "name": "web", "status": "ABSENT" }));
}
