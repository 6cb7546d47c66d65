//! What a deployed environment is worked with: the same verbs as for the local region.

use super::environment::Shop;
use crate::stage::region::ACCOUNT;
use crate::stage::{Driver, Region, engine};
use serde_json::json;

#[tokio::test]
async fn the_verbs_of_the_local_region_hold_for_an_environment() {
    if !engine::answers("working with prod") {
        return;
    }
    let shop = Shop::new(&Region::shared(Driver::Docker).await, "").await;
    shop.neargate("status").run().await.expect(0).says("web: not deployed");
    shop.neargate("scale web 1").run().await.expect(1).says("is not deployed to `prod`");
    shop.deploy().await.expect(0);
    let status = shop.neargate("status --json").json().await;
    assert_eq!(status["environment"], "prod");
    assert_eq!(status["services"][0]["verdict"], "done", "{status:#}");
    let url = shop.front.url.trim_end_matches('/');
    assert_eq!(status["urls"], json!([url]));
    assert!(shop.neargate("logs").output().await.contains("listening"));
    assert!(shop.neargate("events").output().await.contains("has reached a steady state"));
    shop.neargate("verify").run().await.expect(0).says("/health answers 200");
    let run = shop.neargate("run web").args("-- node -p process.env.VERSION");
    assert_eq!(run.run().await.expect(0).out, "one\n");
    shop.neargate("scale web 3").run().await.expect(0).says("web has 3 tasks");

    shop.folder.edit("neargate.yml", "VERSION: one", "VERSION: two");
    shop.deploy().await.expect(0);
    assert_eq!(shop.page().await, "two");
    shop.neargate("rollback").run().await.expect(0);
    assert_eq!(shop.page().await, "one");
}

/// By ECS's own way: what stands for AWS here is asked as AWS is.
#[tokio::test]
async fn a_command_runs_in_a_container_of_an_environment() {
    if !engine::answers("a command in prod") {
        return;
    }
    let shop = Shop::new(&Region::shared(Driver::Docker).await, "    exec: true").await;
    let role =
        format!("        task_role: arn:aws:iam::{ACCOUNT}:role/{}-prod-execution\n", shop.app);
    let groups = "        target_groups:";
    shop.folder.edit("neargate.yml", groups, &format!("{role}{groups}"));
    shop.deploy().await.expect(0);
    let exec = shop.neargate("exec web").args("-- sh -c").arg("echo \"$VERSION\"; id -u; exit 4");
    assert_eq!(exec.run().await.expect(4).out, "one\n0\n", "as root, whatever the image's user is");
    shop.folder.edit("neargate.yml", "    exec: true\n", "");
    shop.deploy().await.expect(0).says("exec: true → false");
}
