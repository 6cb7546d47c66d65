//! `neargate secrets`: values are compared, set, and reach tasks that were started before.

use super::project::{Project, page};
use crate::stage::command::Finished;
use crate::stage::{Region, on_both_drivers};
use std::process::Stdio;

on_both_drivers![values_are_set_compared_and_renewed];

async fn set(project: &Project, words: &str, value: &str) -> Finished {
    project.folder.write("value", value);
    let value = std::fs::File::open(project.folder.path().join("value")).unwrap();
    project.neargate(&format!("secrets set {words}")).stdin(Stdio::from(value)).run().await
}

async fn states(project: &Project, code: i32) -> Vec<(String, String)> {
    let told = project.neargate("secrets list --json").run().await.expect(code).json();
    let rows = told["secrets"].as_array().unwrap().clone();
    let text = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap().to_owned();
    rows.iter().map(|row| (text(row, "variable"), text(row, "state"))).collect()
}

fn pairs(expected: [(&str, &str); 3]) -> Vec<(String, String)> {
    expected.map(|(variable, state)| (variable.to_owned(), state.to_owned())).to_vec()
}

async fn values_are_set_compared_and_renewed(region: &Region) {
    let project = Project::new(region);
    let app = &project.app;
    let secrets = format!(
        "secrets:
      HOST: secretsmanager:{app}/database:host
      USER_NAME: secretsmanager:{app}/database:user
      VERSION: ssm:/{app}/version"
    );
    project.folder.edit("neargate.yml", "env:\n      VERSION: one", &secrets);
    let expected = [("HOST", "missing"), ("USER_NAME", "missing"), ("VERSION", "missing")];
    assert_eq!(states(&project, 1).await, pairs(expected));
    set(&project, "web HOST", "db.internal\n").await.expect(0);
    set(&project, "web VERSION", "one").await.expect(0).says("set ssm:/");
    let expected =
        [("HOST", "there"), ("USER_NAME", "there, without the key `user`"), ("VERSION", "there")];
    assert_eq!(states(&project, 1).await, pairs(expected));
    set(&project, "web USER_NAME", "somebody").await.expect(0);
    let expected = [("HOST", "there"), ("USER_NAME", "there"), ("VERSION", "there")];
    assert_eq!(states(&project, 0).await, pairs(expected));

    let (url, _) = project.up().await;
    assert_eq!(page(&url).await, "one");
    project.neargate("secrets restart").run().await.expect(0).says("has the values as they are");
    let changed = set(&project, "web VERSION", "two").await.expect(0);
    assert!(!changed.err.contains("two") && !changed.out.contains("two"), "{changed:?}");
    let (variable, state) = states(&project, 0).await.remove(2);
    assert!(variable == "VERSION" && state.contains("after tasks were started"), "{state}");
    assert_eq!(page(&url).await, "one", "tasks read it when they start");
    project.neargate("secrets restart").run().await.expect(0).says("web: every task has");
    assert_eq!(page(&url).await, "two");
    assert_eq!(states(&project, 0).await, pairs(expected));

    set(&project, "web VERSION", "").await.expect(2).says("the value is empty");
    set(&project, "web OTHER", "x").await.expect(2).says("it has: HOST, USER_NAME, VERSION");
    project.neargate("down").output().await;
}
