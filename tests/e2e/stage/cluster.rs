//! A cluster of a test's own, and tasks in it.

use super::region::{ACCOUNT, NAME, Region};
use super::scratch::number;
use super::{PATIENCE, eventually};
use serde_json::{Value as Json, json};

/// A cluster, and a log group of the same name for its tasks.
#[derive(Debug, Clone)]
pub(crate) struct Cluster {
    pub(crate) region: Region,
    pub(crate) name: String,
}

/// The first object with the members of the second laid over it.
pub(crate) fn with(mut below: Json, above: Json) -> Json {
    let Json::Object(above) = above else { panic!("only objects are laid over objects") };
    below.as_object_mut().unwrap().extend(above);
    below
}

/// A container that runs a script of the shell: in busybox, or on this machine.
pub(crate) fn shell(name: &str, script: &str) -> Json {
    json!({
        "name": name,
        "image": "busybox:latest",
        "entryPoint": ["/bin/sh", "-c"],
        "command": [script],
    })
}

/// A script that does nothing until it is told to stop. A process with the number 1 hears only the
/// signals that it asks for.
pub(crate) const FOREVER: &str = "trap 'exit 0' TERM; sleep 600 & wait";

/// A container that runs a program of Node.
pub(crate) fn node(name: &str, program: &str) -> Json {
    json!({ "name": name, "image": "node:22-alpine", "command": ["node", "-e", program] })
}

// === impl Cluster ===

impl Cluster {
    pub(crate) async fn new(region: &Region) -> Self {
        let name = format!("c{}", number());
        region.ecs("CreateCluster", json!({ "clusterName": name })).await;
        region.logs("CreateLogGroup", json!({ "logGroupName": name })).await;
        Self { region: region.clone(), name }
    }

    /// The ARN of a role of the region's account; it need not exist to be named.
    pub(crate) fn role(name: &str) -> String {
        format!("arn:aws:iam::{ACCOUNT}:role/{name}")
    }

    /// A container with its output in the cluster's log group.
    pub(crate) fn logged(&self, container: Json) -> Json {
        let options = json!({
            "awslogs-group": self.name, "awslogs-region": NAME, "awslogs-stream-prefix": "e2e",
        });
        let log = json!({ "logDriver": "awslogs", "options": options });
        with(container, json!({ "logConfiguration": log }))
    }

    /// Registers a task definition of these containers, whose output is logged; answers its ARN.
    pub(crate) async fn define(&self, containers: &[Json], more: Json) -> String {
        let containers: Vec<Json> =
            containers.iter().map(|held| self.logged(held.clone())).collect();
        self.define_plain(&containers, more).await
    }

    /// Registers a task definition of these containers as they are.
    pub(crate) async fn define_plain(&self, containers: &[Json], more: Json) -> String {
        let definition = json!({
            "family": format!("f{}", number()),
            "requiresCompatibilities": ["FARGATE"],
            "networkMode": "awsvpc",
            "cpu": "256",
            "memory": "512",
            "executionRoleArn": Self::role("execution"),
            "containerDefinitions": containers,
        });
        let made = self.region.ecs("RegisterTaskDefinition", with(definition, more)).await;
        text(&made["taskDefinition"]["taskDefinitionArn"])
    }

    /// Runs a task of these containers; answers its ARN.
    pub(crate) async fn run(&self, containers: &[Json]) -> String {
        let definition = self.define(containers, json!({})).await;
        self.run_defined(&definition, json!({})).await
    }

    /// Runs a task of a definition; answers its ARN.
    pub(crate) async fn run_defined(&self, definition: &str, more: Json) -> String {
        let request = json!({
            "cluster": self.name,
            "taskDefinition": definition,
            "launchType": "FARGATE",
            "networkConfiguration": self.network().await,
        });
        let ran = self.region.ecs("RunTask", with(request, more)).await;
        text(&ran["tasks"][0]["taskArn"])
    }

    /// Runs a task of these containers to its end.
    pub(crate) async fn run_to_end(&self, containers: &[Json]) -> Json {
        let task = self.run(containers).await;
        self.until(&task, "STOPPED").await
    }

    pub(crate) async fn network(&self) -> Json {
        let subnets = self.region.subnets().await;
        json!({ "awsvpcConfiguration": { "subnets": subnets, "assignPublicIp": "ENABLED" } })
    }

    pub(crate) async fn task(&self, arn: &str) -> Json {
        let request = json!({ "cluster": self.name, "tasks": [arn] });
        self.region.ecs("DescribeTasks", request).await["tasks"][0].take()
    }

    /// Waits until a task has a status; a task that stops meanwhile is told of.
    pub(crate) async fn until(&self, arn: &str, status: &str) -> Json {
        self.until_that(arn, status, |task| {
            assert!(
                status == "STOPPED" || task["lastStatus"] != "STOPPED",
                "the task stopped: {task:#}"
            );
            task["lastStatus"] == status
        })
        .await
    }

    /// Waits until something holds of a task.
    pub(crate) async fn until_that(
        &self,
        arn: &str,
        what: &str,
        holds: impl Fn(&Json) -> bool,
    ) -> Json {
        let what = format!("a task is {what}");
        eventually(&what, PATIENCE, async || Some(self.task(arn).await).filter(&holds)).await
    }

    pub(crate) async fn stop(&self, arn: &str, reason: &str) -> Json {
        let request = json!({ "cluster": self.name, "task": arn, "reason": reason });
        self.region.ecs("StopTask", request).await;
        self.until(arn, "STOPPED").await
    }

    /// What a container of a task wrote so far, by line.
    pub(crate) async fn output(&self, task: &str, container: &str) -> Vec<String> {
        let events = self.events(task, container).await;
        events.iter().map(|event| text(&event["message"])).collect()
    }

    /// The log events of a container of a task; none where its stream is not there yet.
    pub(crate) async fn events(&self, task: &str, container: &str) -> Vec<Json> {
        let id = task.rsplit('/').next().unwrap();
        let request = json!({
            "logGroupName": self.name,
            "logStreamName": format!("e2e/{container}/{id}"),
            "startFromHead": true,
        });
        let found = self.region.try_call(api::Service::Logs, "GetLogEvents", request).await;
        found.map(|mut found| found["events"].take()).ok().map(list).unwrap_or_default()
    }

    /// Waits for a line of a container's output that begins like this, and answers its rest.
    pub(crate) async fn line(&self, task: &str, container: &str, start: &str) -> String {
        let what = format!("a line `{start}…` of {container}");
        eventually(&what, PATIENCE, async || {
            let lines = self.output(task, container).await;
            lines.iter().find_map(|line| line.strip_prefix(start).map(str::to_owned))
        })
        .await
    }
}

/// A container of a task as the API shows it.
pub(crate) fn container<'a>(task: &'a Json, name: &str) -> &'a Json {
    let mut containers = task["containers"].as_array().unwrap().iter();
    containers.find(|held| held["name"] == name).unwrap_or_else(|| panic!("no {name} in {task:#}"))
}

/// A JSON text.
#[track_caller]
pub(crate) fn text(json: &Json) -> String {
    json.as_str().unwrap_or_else(|| panic!("{json} is no text")).to_owned()
}

/// A JSON list; nothing is an empty one.
pub(crate) fn list(json: Json) -> Vec<Json> {
    match json {
        Json::Array(items) => items,
        Json::Null => Vec::new(),
        other => panic!("{other} is no list"),
    }
}
