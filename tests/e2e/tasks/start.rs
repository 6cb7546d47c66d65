//! What a container is started with: words, variables, folder, limits.

use crate::stage::cluster::shell;
use crate::stage::{Cluster, Region, on_both_drivers, with};
use serde_json::json;

on_both_drivers![
    entry_point_command_and_environment_are_the_definitions,
    an_override_wins_over_the_definition,
    ulimits_hold,
    the_surroundings_are_those_of_fargate,
];

/// Words stay words: no shell takes them apart.
async fn entry_point_command_and_environment_are_the_definitions(region: &Region) {
    let cluster = Cluster::new(region).await;
    let main = json!({
        "name": "main",
        "image": "busybox:latest",
        "entryPoint": ["/bin/sh", "-c", "for word; do echo \"<$word>\"; done; echo \"$GREETING\"", "sh"],
        "command": ["two words", "$HOME", ""],
        "environment": [{ "name": "GREETING", "value": "it's \"me\" & $you" }],
    });
    let task = cluster.run(&[main]).await;
    cluster.until(&task, "STOPPED").await;
    let expected = ["<two words>", "<$HOME>", "<>", "it's \"me\" & $you"];
    assert_eq!(cluster.output(&task, "main").await, expected);
}

async fn an_override_wins_over_the_definition(region: &Region) {
    let cluster = Cluster::new(region).await;
    let main = with(
        shell("main", "echo definition $A $B"),
        json!({ "environment": [{ "name": "A", "value": "1" }, { "name": "B", "value": "2" }] }),
    );
    let definition = cluster.define(&[main], json!({})).await;
    let overrides = json!({ "containerOverrides": [{
        "name": "main",
        "command": ["echo override $A $B"],
        "environment": [{ "name": "B", "value": "3" }],
    }] });
    let task = cluster.run_defined(&definition, json!({ "overrides": overrides })).await;
    cluster.until(&task, "STOPPED").await;
    assert_eq!(cluster.output(&task, "main").await, ["override 1 3"]);
}

async fn ulimits_hold(region: &Region) {
    let cluster = Cluster::new(region).await;
    let main = with(
        shell("main", "ulimit -Sn; ulimit -Hn"),
        json!({ "ulimits": [{ "name": "nofile", "softLimit": 777, "hardLimit": 888 }] }),
    );
    let task = cluster.run(&[main]).await;
    cluster.until(&task, "STOPPED").await;
    assert_eq!(cluster.output(&task, "main").await, ["777", "888"]);
}

/// The variables that every container on Fargate has (reference §6.5).
async fn the_surroundings_are_those_of_fargate(region: &Region) {
    let cluster = Cluster::new(region).await;
    let task = cluster.run(&[shell("main", "env")]).await;
    cluster.until(&task, "STOPPED").await;
    let lines = cluster.output(&task, "main").await;
    let id = task.rsplit('/').next().unwrap();
    for start in [
        "AWS_EXECUTION_ENV=AWS_ECS_FARGATE".to_owned(),
        "AWS_REGION=us-east-1".to_owned(),
        "AWS_DEFAULT_REGION=us-east-1".to_owned(),
        "ECS_CONTAINER_METADATA_URI=http://".to_owned(),
        "ECS_CONTAINER_METADATA_URI_V4=http://".to_owned(),
        "ECS_AGENT_URI=http://".to_owned(),
    ] {
        assert!(lines.iter().any(|line| line.starts_with(&start)), "no `{start}` in {lines:#?}");
    }
    let uri = lines.iter().find(|line| line.starts_with("ECS_CONTAINER_METADATA_URI_V4")).unwrap();
    assert!(uri.contains(&format!("/v4/{id}-")), "{uri}");
    assert!(!lines.iter().any(|line| line.contains("CREDENTIALS")), "without a role: {lines:#?}");
}
