//! `scale`, `run` and `rollback`: a service that is there is worked with.

use super::project::{Project, page};
use crate::stage::{Region, on_both_drivers};
use serde_json::json;

on_both_drivers![
    a_service_gets_another_number_of_tasks,
    a_command_runs_once_as_a_services_task,
    a_service_goes_back_to_what_ran_before
];

async fn a_service_gets_another_number_of_tasks(region: &Region) {
    let project = Project::new(region);
    project.up().await;
    let scaled = project.neargate("scale web 3 --json").run().await.expect(0);
    assert_eq!(scaled.json(), json!({ "service": "web", "before": 2, "desiredCount": 3 }));
    scaled.says("`count: 3` in the manifest");
    assert_eq!(project.tasks().await.len(), 3);
    project.neargate("scale web 0").run().await.expect(0).says("web has 0 tasks; it had 3");
    assert_eq!(project.tasks().await.len(), 0);
    project.neargate("scale api 1").run().await.expect(2).says("there are: web");
    project.neargate("down").output().await;
    project.neargate("scale web 1").run().await.expect(1).says("web is not deployed to `local`");
}

async fn a_command_runs_once_as_a_services_task(region: &Region) {
    let project = Project::new(region);
    project.up().await;
    let run = |code: u8| {
        let program =
            format!("console.log(process.env.VERSION, process.env.MORE); process.exit({code})");
        project.neargate("run web --var MORE=more --").args("node -e").arg(program)
    };
    let good = run(0).run().await.expect(0);
    assert_eq!(good.out, "one more\n");
    let bad = run(3).run().await.expect(1);
    assert_eq!(bad.out, "one more\n");
    bad.says("the command ended with exit code 3: Essential container in task exited");
    let never = project.neargate("run web --json -- /not/there").run().await.expect(1);
    never.says("the command");
    assert_eq!(project.tasks().await.len(), 2, "the service is as it was");
    project.neargate("down").output().await;
}

async fn a_service_goes_back_to_what_ran_before(region: &Region) {
    let project = Project::new(region);
    let (url, _) = project.up().await;
    project.neargate("rollback").run().await.expect(1).says("no other version has been deployed");
    for (old, new) in [("one", "two"), ("two", "three")] {
        project.folder.edit("neargate.yml", old, new);
        project.up().await;
    }
    assert_eq!(page(&url).await, "three");
    let back = project.neargate("rollback --json").run().await.expect(0);
    assert_eq!(page(&url).await, "two");
    let (from, to) = (back.json()["from"].clone(), back.json()["to"].clone());
    assert!(from.as_str().unwrap().ends_with(":3") && to.as_str().unwrap().ends_with(":2"));
    project.neargate("rollback web --to 1").run().await.expect(0).says("web runs");
    assert_eq!(page(&url).await, "one");
    project
        .neargate("rollback --to 1")
        .run()
        .await
        .expect(1)
        .says("is what the service runs already");
    // Unless somebody says otherwise, back is where it came from.
    project.neargate("rollback").run().await.expect(0);
    assert_eq!(page(&url).await, "two");
    project.neargate("down").output().await;
}
