//! Tasks that can't start say why, in AWS's words (reference §1.5).

use crate::stage::cluster::{container, shell};
use crate::stage::region::{ACCOUNT, NAME};
use crate::stage::{Cluster, Region, on_both_drivers, with};
use serde_json::{Value as Json, json};

on_both_drivers![
    a_missing_secret_is_named,
    a_missing_parameter_is_named,
    a_missing_log_group_is_said,
    a_missing_image_is_named,
    a_program_that_is_not_there_is_named,
];

/// The task never ran; its reason holds these texts.
fn failed_to_start(task: &Json, texts: &[&str]) {
    assert_eq!(task["stopCode"], "TaskFailedToStart", "{task:#}");
    let reason = task["stoppedReason"].as_str().unwrap();
    for text in texts {
        assert!(reason.contains(text), "no `{text}` in `{reason}`");
    }
    assert_eq!(task["startedAt"], Json::Null);
    assert_eq!(container(task, "main")["exitCode"], Json::Null, "it never ran");
}

async fn a_missing_secret_is_named(region: &Region) {
    let cluster = Cluster::new(region).await;
    let arn = format!("arn:aws:secretsmanager:{NAME}:{ACCOUNT}:secret:nowhere-AbCdEf");
    let secrets = json!({ "secrets": [{ "name": "TOKEN", "valueFrom": arn }] });
    let task = cluster.run_to_end(&[with(shell("main", "exit 0"), secrets)]).await;
    let why = "Secrets Manager can't find the specified secret.";
    failed_to_start(&task, &["ResourceNotFoundException", &arn, why]);
}

async fn a_missing_parameter_is_named(region: &Region) {
    let cluster = Cluster::new(region).await;
    let secrets = json!({ "secrets": [{ "name": "TOKEN", "valueFrom": "/no/where" }] });
    let task = cluster.run_to_end(&[with(shell("main", "exit 0"), secrets)]).await;
    let what = "ResourceInitializationError: unable to pull secrets or registry auth";
    failed_to_start(&task, &[what, "invalid ssm parameters: /no/where"]);
}

async fn a_missing_log_group_is_said(region: &Region) {
    let cluster = Cluster::new(region).await;
    let options = json!({
        "awslogs-group": "no-such-group", "awslogs-region": NAME, "awslogs-stream-prefix": "e2e",
    });
    let log = json!({ "logDriver": "awslogs", "options": options });
    let main = with(shell("main", "exit 0"), json!({ "logConfiguration": log }));
    let definition = cluster.define_plain(&[main], json!({})).await;
    let task = cluster.run_defined(&definition, json!({})).await;
    let task = cluster.until(&task, "STOPPED").await;
    let what = "ResourceInitializationError: failed to validate logger args";
    failed_to_start(&task, &[what, "The specified log group does not exist."]);
}

/// On processes an image is a digest that the region keeps; one that it lacks is missing unless the
/// container says its own command.
async fn a_missing_image_is_named(region: &Region) {
    let cluster = Cluster::new(region).await;
    let image = "neargate-e2e.invalid/nobody/nothing:1";
    let task = cluster.run_to_end(&[json!({ "name": "main", "image": image })]).await;
    failed_to_start(&task, &["CannotPullContainerError", image]);
    let reason = container(&task, "main")["reason"].as_str().unwrap();
    assert!(reason.contains("CannotPullContainerError"), "{reason}");
}

async fn a_program_that_is_not_there_is_named(region: &Region) {
    let cluster = Cluster::new(region).await;
    let main = json!({ "name": "main", "image": "busybox:latest", "command": ["no-such-program"] });
    let task = cluster.run_to_end(&[main]).await;
    failed_to_start(&task, &["CannotStartContainerError", "no-such-program"]);
}
