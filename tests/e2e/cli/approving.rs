//! `deploy.approve` and `deploy.alarms` of the manifest, and `neargate promote`.

use super::project::{DEPLOYMENT, Project, page};
use crate::stage::{Region, eventually, on_both_drivers};
use api::Service::CloudWatch;
use serde_json::{Value as Json, json};

on_both_drivers![
    a_version_waits_until_it_is_promoted,
    a_version_that_is_not_wanted_goes_back,
    an_alarm_is_named_as_the_cause
];

/// A project whose versions are deployed in this way.
fn deployed(region: &Region, how: &str) -> Project {
    let project = Project::new(region);
    project.folder.edit(
        "neargate.yml",
        "    count: 2\n",
        &format!("    count: 1\n    deploy: {how}\n"),
    );
    project
}

/// Waits until the new version is up and waits for a person.
async fn until_it_waits(project: &Project) -> Json {
    eventually("the deployment waits for approval", DEPLOYMENT, async || {
        Some(project.status().await).filter(|status| !status["approval"].is_null())
    })
    .await
}

/// Brings a project up whose first deployment waits already.
async fn first_up(project: &Project) -> String {
    project.neargate("up --detach").run().await.expect(0);
    until_it_waits(project).await;
    project.neargate("promote").run().await.expect(0).says("web goes on");
    let (url, _) = project.up().await;
    assert_eq!(page(&url).await, "one");
    url
}

async fn a_version_waits_until_it_is_promoted(region: &Region) {
    let project = deployed(region, "{strategy: blue_green, approve: true, bake: 0s}");
    let url = first_up(&project).await;
    let refused = project.neargate("promote").run().await.expect(1);
    refused.says("no deployment waits for approval");

    project.folder.edit("neargate.yml", "one", "two");
    let (up, promoted) = tokio::join!(project.neargate("up").run(), async {
        let status = until_it_waits(&project).await;
        let waiting = status["waiting"].to_string();
        assert!(waiting.contains("`neargate promote web` moves the requests"), "{waiting}");
        project.neargate("status").run().await.expect(0).says("waiting: your approval until");
        assert_eq!(page(&url).await, "one", "no request has moved");
        project.neargate("promote web --json").json().await
    });
    assert_eq!(promoted["services"][0]["action"], "CONTINUE", "{promoted:#}");
    up.expect(0).says("is up");
    assert_eq!(page(&url).await, "two");
    project.neargate("down").output().await;
}

async fn a_version_that_is_not_wanted_goes_back(region: &Region) {
    let project = deployed(region, "{strategy: canary, approve: true, bake: 0s}");
    let url = first_up(&project).await;
    project.folder.edit("neargate.yml", "one", "two");
    let (up, _) = tokio::join!(project.neargate("up").run(), async {
        until_it_waits(&project).await;
        project.neargate("promote --rollback").run().await.expect(0).says("web goes back");
    });
    up.expect(1).says("ECS rolled the deployment back");
    assert_eq!(page(&url).await, "one");
    project.neargate("down").output().await;
}

async fn an_alarm_is_named_as_the_cause(region: &Region) {
    let project = deployed(region, "PLACE");
    let alarm = format!("{}-errors", project.app);
    let how = format!("{{alarms: [{alarm}], bake: 20m}}");
    project.folder.edit("neargate.yml", "PLACE", &how);
    let missing = project.neargate("up").run().await.expect(3);
    missing.says(&format!("there is no alarm `{alarm}`"));
    let settings = json!({
        "AlarmName": alarm,
        "Namespace": "shop",
        "MetricName": "Errors",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanThreshold",
    });
    region.call(CloudWatch, "PutMetricAlarm", settings).await;
    let (url, _) = project.up().await;
    project.folder.edit("neargate.yml", "one", "two");
    let (up, ()) = tokio::join!(project.neargate("up").run(), async {
        eventually("the new version serves", DEPLOYMENT, async || {
            (page(&url).await == "two").then_some(())
        })
        .await;
        // The deployment is watched for 20 minutes more, which are 24 s here.
        let state = json!({ "AlarmName": alarm, "StateValue": "ALARM", "StateReason": "a test" });
        region.call(CloudWatch, "SetAlarmState", state).await;
    });
    let up = up.expect(1);
    up.says(&format!("alarm {alarm} went off (alarm-triggered)"));
    up.says("ECS rolled the deployment back");
    let findings = project.status().await["findings"].to_string();
    assert!(findings.contains("alarm-triggered"), "{findings}");
    eventually("the old version is back", DEPLOYMENT, async || {
        (page(&url).await == "one").then_some(())
    })
    .await;
    project.neargate("down").output().await;
}
