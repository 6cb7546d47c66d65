//! Commands that look: for people by line, for programs as JSON.

use super::project::Project;
use crate::stage::cluster::{list, text};
use crate::stage::{Driver, PATIENCE, Region, eventually};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use tokio::io::{AsyncBufReadExt as _, BufReader};

#[tokio::test]
async fn status_logs_and_events_tell_what_runs_and_what_happened() {
    let project = Project::new(&Region::shared(Driver::Process).await);
    let (url, _) = project.up().await;
    status(&project, &url).await;
    logs(&project).await;
    events(&project).await;
    follow(&project).await;
    project.neargate("down").output().await;
}

async fn status(project: &Project, url: &str) {
    let shown = project.neargate("status --json").json().await;
    assert_eq!(shown["app"], project.app.as_str());
    assert_eq!(shown["urls"], serde_json::json!([url]));
    let service = &shown["services"][0];
    for (name, expected) in [("name", "web"), ("status", "ACTIVE"), ("verdict", "done")]
        .map(|(a, b)| (a, Json::from(b)))
    {
        assert_eq!(service[name], expected, "{service:#}");
    }
    assert_eq!((&service["desiredCount"], &service["runningCount"]), (&2.into(), &2.into()));
    let tasks = list(service["tasks"].clone());
    let arns: BTreeSet<String> = tasks.iter().map(|task| text(&task["taskArn"])).collect();
    assert_eq!(arns, project.tasks().await);
    let states: Vec<Json> =
        list(service["targets"].clone()).iter().map(|target| target["state"].clone()).collect();
    assert_eq!(states, ["healthy", "healthy"]);

    let lines = project.neargate("status").output().await;
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines[0], "✓ web: 2 of 2 tasks run, 2 of 2 targets healthy");
    for (line, arn) in lines[1..3].iter().zip(tasks.iter().map(|task| text(&task["taskArn"]))) {
        let id = arn.rsplit('/').next().unwrap();
        assert!(line.trim_start().starts_with(&id[..8]), "{line} of {arn}");
        assert!(line.contains("RUNNING") && line.ends_with("target healthy"), "{line}");
    }
    assert_eq!(lines[3..], [url]);
}

async fn logs(project: &Project) {
    let lines = eventually("both tasks have said something", PATIENCE, async || {
        let lines = project.neargate("logs --json").run().await.expect(0).json_lines();
        (lines.len() >= 2).then_some(lines)
    })
    .await;
    for line in &lines {
        assert_eq!(line["service"], "web");
        assert!(text(&line["message"]).starts_with("listening "), "{line}");
        assert!(text(&line["stream"]).starts_with("ecs/web/"), "{line}");
        assert!(text(&line["at"]).ends_with('Z'), "{line}");
    }
    let plain = project.neargate("logs web").output().await;
    assert!(plain.lines().all(|line| line.contains(" │ listening ")), "{plain}");
    assert_eq!(project.neargate("logs --since 0s").output().await, "");
}

async fn events(project: &Project) {
    let lines = project.neargate("events --json").run().await.expect(0).json_lines();
    let messages: Vec<String> = lines.iter().map(|line| text(&line["message"])).collect();
    assert!(messages[0].starts_with("(service web) has started 2 tasks: "), "{messages:#?}");
    let last = messages.last().unwrap();
    assert_eq!(last, "(service web) has reached a steady state.", "{messages:#?}");
    let plain = project.neargate("events web").output().await;
    let plain: Vec<&str> = plain.lines().map(|line| line.split_once("  ").unwrap().1).collect();
    assert_eq!(plain, messages);
}

/// `--follow` goes on until it is ended.
async fn follow(project: &Project) {
    let mut child = project.neargate("events --follow").spawn();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    project.folder.edit("neargate.yml", "one", "two");
    let reading = async {
        let mut steady = 0;
        while steady < 2 {
            let line = lines.next_line().await.unwrap().expect("it goes on");
            steady += usize::from(line.contains("has reached a steady state"));
        }
    };
    let (_, seen) = tokio::join!(project.up(), tokio::time::timeout(PATIENCE, reading));
    seen.expect("what happens later is told too");
    child.kill().await.unwrap();
}
