//! The aws CLI with AWS's unmodified session-manager-plugin.

use crate::stage::clients::{aws, aws_line, session_manager_plugin};
use crate::stage::cluster::{FOREVER, shell};
use crate::stage::terminal::Terminal;
use crate::stage::{Cluster, Line, Region, on_both_drivers, with};
use serde_json::{Value as Json, json};
use std::path::PathBuf;

on_both_drivers![
    a_person_works_in_a_container,
    several_work_side_by_side,
    what_can_not_be_had_is_said,
    a_task_that_stops_ends_its_sessions,
];

/// AWS's two programs.
struct Clients {
    aws: PathBuf,
    plugin: PathBuf,
}

impl Clients {
    async fn found() -> Option<Self> {
        let aws = aws("aws ecs execute-command").await?;
        Some(Self { aws, plugin: session_manager_plugin("aws ecs execute-command").await? })
    }

    /// The aws CLI's command line about a container of a task.
    fn line(&self, cluster: &Cluster, task: &str, command: &str) -> Line {
        let path = std::env::var("PATH").unwrap();
        let path = format!("{}:{path}", self.plugin.parent().unwrap().display());
        let words = format!(
            "ecs execute-command --cluster {} --task {task} --container main --interactive --command",
            cluster.name
        );
        aws_line(&self.aws, &cluster.region, &words).arg(command).env("PATH", path)
    }
}

/// A task whose container lets commands in; answers its ARN once it does.
async fn task(cluster: &Cluster, more: Json) -> String {
    let main = with(
        shell("main", FOREVER),
        json!({ "environment": [
        { "name": "GREETING", "value": "hello there" },
    ] }),
    );
    let definition = cluster.define(&[with(main, more)], json!({})).await;
    let enabled = json!({ "enableExecuteCommand": true });
    let task = cluster.run_defined(&definition, enabled).await;
    cluster.until(&task, "RUNNING").await;
    let agent = |task: &Json| task["containers"][0]["managedAgents"][0].clone();
    let running = cluster
        .until_that(&task, "open to commands", |task| agent(task)["lastStatus"] == "RUNNING")
        .await;
    assert_eq!(agent(&running)["name"], "ExecuteCommandAgent");
    assert!(agent(&running)["lastStartedAt"].is_number());
    task
}

async fn a_person_works_in_a_container(region: &Region) {
    let Some(clients) = Clients::found().await else { return };
    let cluster = Cluster::new(region).await;
    let task = task(&cluster, json!({})).await;
    let command = "/bin/sh -c 'echo \"[$GREETING]\"; echo two words; exit 3'";
    let once = Terminal::of(clients.line(&cluster, &task, command));
    let (code, shown) = once.ends().await;
    assert!(shown.contains("Starting session with SessionId: ecs-execute-command-"), "{shown}");
    assert!(shown.replace('\r', "").contains("[hello there]\ntwo words\n"), "{shown}");
    assert!(shown.contains("Exiting session with sessionId: ecs-execute-command-"), "{shown}");
    assert_eq!(code, Some(0), "ECS tells no exit codes");

    let mut terminal = Terminal::of(clients.line(&cluster, &task, "/bin/sh"));
    terminal.shows("Starting session").await;
    terminal.types("echo is-$((40 + 2)) $GREETING\r");
    terminal.shows("is-42 hello there").await;
    terminal.types("until test \"$(stty size)\" = '33 101'; do :; done; echo size-$((1 + 1))\r");
    terminal.shows("size-2").await;
    terminal.resize(90, 20);
    terminal.types("until test \"$(stty size)\" = '20 90'; do :; done; echo size-$((1 + 2))\r");
    terminal.shows("size-3").await;
    terminal.types("seq 1 5000; echo counted-$((1 + 3))\r");
    let counted = terminal.shows("counted-4").await;
    let counted = counted.lines().map(str::trim).filter(|line| line.parse::<u32>().is_ok());
    let counted: Vec<&str> = counted.collect();
    let expected: Vec<String> = (1..=5000).map(|number| number.to_string()).collect();
    assert!(counted == expected, "all of it is there, in order: {counted:?}");
    terminal.types("exit\r");
    let (code, shown) = terminal.ends().await;
    assert!(shown.contains("Exiting session with sessionId: "), "{shown}");
    assert_eq!(code, Some(0));
    let still = cluster.task(&task).await;
    assert_eq!(still["lastStatus"], "RUNNING", "{still:#}");
    cluster.stop(&task, "done").await;
}

async fn several_work_side_by_side(region: &Region) {
    let Some(clients) = Clients::found().await else { return };
    let cluster = Cluster::new(region).await;
    let task = task(&cluster, json!({})).await;
    let mut terminals = Vec::new();
    for _ in 0..3 {
        terminals.push(Terminal::of(clients.line(&cluster, &task, "/bin/sh")));
    }
    for (at, terminal) in terminals.iter_mut().enumerate() {
        terminal.shows("Starting session").await;
        terminal.types(&format!("echo own-$(({at} + 0))\r"));
    }
    for (at, terminal) in terminals.iter_mut().enumerate() {
        terminal.shows(&format!("own-{at}")).await;
        terminal.types("exit\r");
    }
    for terminal in terminals {
        assert_eq!(terminal.ends().await.0, Some(0));
    }
    cluster.stop(&task, "done").await;
}

async fn what_can_not_be_had_is_said(region: &Region) {
    let Some(clients) = Clients::found().await else { return };
    let cluster = Cluster::new(region).await;
    let closed = cluster.run(&[shell("main", FOREVER)]).await;
    cluster.until(&closed, "RUNNING").await;
    let refused = clients.line(&cluster, &closed, "/bin/sh").run().await;
    let refused = refused.expect(254);
    refused.says("(InvalidParameterException)");
    refused.says("execute command was not enabled when the task was run");
    cluster.stop(&closed, "done").await;

    let read_only = json!({ "readonlyRootFilesystem": true });
    let main = with(shell("main", FOREVER), read_only);
    let definition = cluster.define(&[main], json!({})).await;
    let enabled = json!({ "enableExecuteCommand": true });
    let sealed = cluster.run_defined(&definition, enabled).await;
    cluster.until(&sealed, "RUNNING").await;
    clients.line(&cluster, &sealed, "/bin/sh").run().await.expect(254);
    cluster.stop(&sealed, "done").await;

    let open = task(&cluster, json!({})).await;
    let terminal = Terminal::of(clients.line(&cluster, &open, "no-such-program"));
    let (_, shown) = terminal.ends().await;
    assert!(shown.contains("executable file not found"), "{shown}");
    let terminal = Terminal::of(clients.line(&cluster, &open, "sh -c 'echo"));
    let (_, shown) = terminal.ends().await;
    assert!(shown.contains("Unable to start command: EOF found when expecting closing"), "{shown}");
    cluster.stop(&open, "done").await;
}

async fn a_task_that_stops_ends_its_sessions(region: &Region) {
    let Some(clients) = Clients::found().await else { return };
    let cluster = Cluster::new(region).await;
    let task = task(&cluster, json!({})).await;
    let mut terminal = Terminal::of(clients.line(&cluster, &task, "/bin/sh"));
    terminal.shows("Starting session").await;
    terminal.types("echo re''ady\r");
    terminal.shows("ready").await;
    let stopped = cluster.stop(&task, "room is needed").await;
    let agent = &stopped["containers"][0]["managedAgents"][0];
    assert_eq!(agent["lastStatus"], "STOPPED", "{stopped:#}");
    let (_, shown) = terminal.ends().await;
    assert!(shown.contains("The task is stopping: room is needed"), "{shown}");
    let refused = clients.line(&cluster, &task, "/bin/sh").run().await.expect(254);
    refused.says("execute command agent isn");
}
