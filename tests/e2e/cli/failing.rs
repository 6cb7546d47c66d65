//! Deployments that fail: `up` says why and exits with 1, and what ran before runs on.

use super::project::{Project, page};
use crate::stage::{Driver, Region, on_both_drivers};

on_both_drivers![a_version_that_crashes_is_rolled_back];

async fn a_version_that_crashes_is_rolled_back(region: &Region) {
    let project = Project::new(region);
    let (url, _) = project.up().await;
    let tasks = project.tasks().await;
    project.folder.edit(
        "server.js",
        "const http =",
        "console.log('oh no');\nprocess.exit(7);\nconst http =",
    );
    let failed = project.neargate("up").run().await.expect(1);
    failed.says("error: service web: ECS rolled the deployment back to");
    failed.says("EssentialContainerExited: Essential container in task exited");
    failed.says("container web: exit code 7");
    failed.says("\n  web ended with exit code 7 (unknown)\n");
    failed.says("hint: `neargate logs web` shows what its tasks wrote");
    assert_eq!(failed.out, "", "what failed has no address");
    let logs = project.neargate("logs web").output().await;
    assert!(logs.contains("oh no"), "{logs}");
    assert_eq!(page(&url).await, "one", "the old version serves");
    assert_eq!(project.tasks().await, tasks, "its tasks are the same");
    project.neargate("down").output().await;
}

#[tokio::test]
async fn patience_ends_with_the_timeout() {
    let project = Project::new(&Region::shared(Driver::Process).await);
    project.folder.edit("neargate.yml", "VERSION: one", "HEALTH: 500");
    let failed = project.neargate("up --timeout 2").run().await.expect(1);
    failed.says("error: not done after 2 s: web: ");
    failed.says("hint: it goes on by itself; `neargate status` shows how far it is");
    project.neargate("down").output().await;
}

#[tokio::test]
async fn a_build_that_fails_shows_its_output_and_deploys_nothing() {
    let project = Project::new(&Region::shared(Driver::Process).await);
    let build = "process:\n      build: echo compiling; echo a mistake >&2; exit 3";
    project.folder.edit("neargate.yml", "process:", build);
    let failed = project.neargate("up").run().await.expect(1);
    failed.says("    compiling\n    a mistake\n");
    failed.says("error: service web can't be built: ");
    failed.says("exit status: 3");
    assert_eq!(project.status().await["status"], "ABSENT");
}

#[tokio::test]
async fn an_image_that_can_not_be_built_says_where() {
    if !crate::stage::engine::answers("a Dockerfile with a mistake") {
        return;
    }
    let project = Project::new(&Region::shared(Driver::Docker).await);
    project.folder.edit("Dockerfile", "CMD", "RUN echo compiling && exit 3\nCMD");
    let failed = project.neargate("up").run().await.expect(1);
    failed.says("compiling");
    failed.says("error: service web can't be built: ");
    assert_eq!(project.status().await["status"], "ABSENT");
}
