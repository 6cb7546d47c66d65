//! The example that is rolled, as its clients and its pipeline see it.

use super::super::call::{Caller, eventually};
use super::super::house::House;
use crate::bench::aws::between;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// The variable that both examples greet with.
const GREETING: &str = "GREETING";

/// What `DescribeTaskDefinition` tells and `RegisterTaskDefinition` does not take.
const GIVEN: [&str; 8] = [
    "taskDefinitionArn",
    "revision",
    "status",
    "requiresAttributes",
    "compatibilities",
    "registeredAt",
    "registeredBy",
    "deregisteredAt",
];

/// How often it is looked whether a rollout is over.
const LOOK: Duration = Duration::from_millis(20);

/// A running example.
#[derive(Debug)]
pub(super) struct App {
    folder: PathBuf,
    caller: Caller,
    pub(super) cluster: String,
    service: String,
    /// Its target group.
    pub(super) group: String,
    /// Its task definition, ready to be registered anew.
    definition: Value,
    /// Where its load balancer listens.
    pub(super) port: u16,
}

impl App {
    /// Brings an example up as README says, and gives it so many tasks.
    pub(super) fn up(house: &House, folder: &Path, count: usize) -> Result<Self, String> {
        let url = house.neargate(&["up"], folder)?;
        let port = url.rsplit(':').next().and_then(|digits| digits.parse().ok());
        let port = port.ok_or_else(|| format!("`{url}` names no port"))?;
        let caller = house.caller;
        let first = |listed: &Value| {
            let arn = listed[0].as_str().unwrap_or_default();
            arn.rsplit('/').next().unwrap_or_default().to_owned()
        };
        let cluster = first(&caller.ecs("ListClusters", &json!({}))?["clusterArns"]);
        let service =
            first(&caller.ecs("ListServices", &json!({ "cluster": cluster }))?["serviceArns"]);
        let described = caller.service(&cluster, &service)?;
        let asked = json!({ "taskDefinition": described["taskDefinition"] });
        let definition = caller.ecs("DescribeTaskDefinition", &asked)?["taskDefinition"].take();
        let group = described["loadBalancers"][0]["targetGroupArn"].as_str().unwrap_or_default();
        let (folder, group) = (folder.to_path_buf(), group.to_owned());
        let mut app = Self { folder, caller, cluster, service, group, definition, port };
        app.definition = without_given(app.definition);
        app.update(&json!({ "desiredCount": count }))?;
        Ok(app)
    }

    /// The text that a version greets with.
    pub(super) fn greeting(version: usize) -> String {
        format!("version {version}")
    }

    /// Rolls the service to a version, to the end; answers how long it took.
    pub(super) fn roll_to(&self, version: usize) -> Result<Duration, String> {
        let begun = Instant::now();
        let mut definition = self.definition.clone();
        let variables = &mut definition["containerDefinitions"][0]["environment"];
        let mut given = variables.as_array().cloned().unwrap_or_default();
        given.retain(|variable| variable["name"] != GREETING);
        given.push(json!({ "name": GREETING, "value": Self::greeting(version) }));
        *variables = Value::Array(given);
        let made = self.caller.ecs("RegisterTaskDefinition", &definition)?;
        self.update(&json!({ "taskDefinition": made["taskDefinition"]["taskDefinitionArn"] }))?;
        Ok(begun.elapsed())
    }

    /// Changes the service, and waits until its one deployment is complete.
    fn update(&self, change: &Value) -> Result<(), String> {
        let mut update = json!({ "cluster": self.cluster, "service": self.service });
        update["desiredCount"] = change["desiredCount"].clone();
        update["taskDefinition"] = change["taskDefinition"].clone();
        if let Some(members) = update.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        self.caller.ecs("UpdateService", &update)?;
        eventually("a complete deployment", || {
            thread::sleep(LOOK);
            let service = self.caller.service(&self.cluster, &self.service)?;
            is_settled(&service, &change["taskDefinition"])
        })
    }

    /// How long the load balancer waits for requests in flight of a task that goes, on AWS.
    pub(super) fn drain(&self) -> Result<Duration, String> {
        let asked = [("TargetGroupArn", self.group.as_str())];
        let told = self.caller.elb("DescribeTargetGroupAttributes", &asked)?;
        let keys = between(&told, "Key").zip(between(&told, "Value"));
        let mut delay = keys.filter(|(key, _)| *key == "deregistration_delay.timeout_seconds");
        let seconds = delay.next().and_then(|(_, value)| value.parse().ok());
        seconds.map(Duration::from_secs).ok_or_else(|| "no deregistration delay".to_owned())
    }

    /// The running task behind a target's address; none where it is no longer there.
    pub(super) fn task_at(&self, address: &str) -> Result<Option<String>, String> {
        let tasks = self.caller.tasks(&self.cluster)?;
        let asked = json!({ "cluster": self.cluster, "tasks": tasks });
        let described = self.caller.ecs("DescribeTasks", &asked)?;
        let tasks = described["tasks"].as_array().cloned().unwrap_or_default();
        let there = tasks.iter().find(|task| {
            let details = task["attachments"][0]["details"].as_array();
            let mut details = details.into_iter().flatten();
            task["lastStatus"] == "RUNNING" && details.any(|detail| detail["value"] == address)
        });
        let arn = there.and_then(|task| task["taskArn"].as_str());
        Ok(arn.and_then(|arn| arn.rsplit('/').next()).map(str::to_owned))
    }

    /// Takes it away as README says.
    pub(super) fn down(&self, house: &House) -> Result<(), String> {
        house.neargate(&["down"], &self.folder).map(drop)
    }
}

/// Whether a service has one deployment, which is complete and of this definition.
fn is_settled(service: &Value, definition: &Value) -> Result<(), String> {
    let deployments = service["deployments"].as_array().map(Vec::as_slice).unwrap_or_default();
    let [only] = deployments else {
        return Err(format!("{} deployments: {}", deployments.len(), service["events"][0]));
    };
    let ours = definition.is_null() || only["taskDefinition"] == *definition;
    let running = only["runningCount"] == service["desiredCount"];
    if ours && running && only["rolloutState"] == "COMPLETED" {
        return Ok(());
    }
    Err(format!(
        "{} {}: {}",
        only["rolloutState"], only["rolloutStateReason"], service["events"][0]
    ))
}

fn without_given(mut definition: Value) -> Value {
    if let Some(members) = definition.as_object_mut() {
        members.retain(|name, _| !GIVEN.contains(&name.as_str()));
    }
    definition
}
