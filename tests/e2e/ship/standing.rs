//! Environments that name nothing: their stack is planned, made, changed and restored by change sets,
//! and services run on what it tells.

use super::between::{Between, Fault, Which};
use super::environment::as_aws;
use crate::cli::project::remove_images;
use crate::stage::cluster::{list, text};
use crate::stage::processes::{signal, until_gone};
use crate::stage::region::NAME;
use crate::stage::scratch::number;
use crate::stage::web::Ask;
use crate::stage::{Driver, Line, PATIENCE, Region, Scratch, engine, eventually};
use api::Service::{CloudFormation, Ecr, Logs, Ssm};
use rustix::process::Signal;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::time::Duration;

const SERVER: &str = include_str!("../../apps/server.js");

const DOCKERFILE: &str = "FROM node:22-alpine\nWORKDIR /app\nENV PORT=3000\nCOPY server.js .\n\
    USER node\nCMD [\"node\", \"server.js\"]\n";

/// The longest that a deployment takes here.
const DEPLOYMENT: Duration = Duration::from_secs(180);

/// An application of which nothing is there yet.
#[derive(Debug)]
struct Start {
    region: Region,
    folder: Scratch,
    app: String,
    endpoint: String,
}

// === impl Start ===

impl Start {
    async fn new(what: &str) -> Option<Self> {
        if !engine::answers(what) {
            return None;
        }
        let region = Region::shared(Driver::Docker).await;
        let app = format!("start{}", number());
        let folder = Scratch::new();
        let manifest = format!(
            "app: {app}
services:
  job:
    build: .
    port: 3000
    health: {{path: /health, interval: 5s, timeout: 2s}}
    drain: 0s
    env: {{VERSION: one}}
    logs: {{group: /{app}/job, retention: 30d}}
environments:
  prod: {{region: {NAME}}}
"
        );
        folder.write("neargate.yml", &manifest);
        folder.write("server.js", SERVER);
        folder.write(
            "package.json",
            "{\"name\": \"job\", \"scripts\": {\"start\": \"node server.js\"}}",
        );
        folder.write("Dockerfile", DOCKERFILE);
        let endpoint = region.endpoint();
        Some(Self { region, folder, app, endpoint })
    }

    fn neargate(&self, words: &str) -> Line {
        let line = self.region.neargate(words).within(self.folder.path()).patience(DEPLOYMENT);
        as_aws(line.args("--env prod"), &self.endpoint)
    }

    fn stack(&self) -> String {
        format!("{}-prod", self.app)
    }

    /// The stack's status; nothing when there is none.
    async fn status(&self) -> Option<String> {
        let request = json!({ "StackName": self.stack() });
        let found = self.region.try_call(CloudFormation, "DescribeStacks", request).await.ok()?;
        Some(text(&found["Stacks"][0]["StackStatus"]))
    }

    async fn service(&self) -> Json {
        let request = json!({ "cluster": self.stack(), "services": ["job"] });
        self.region.ecs("DescribeServices", request).await["services"][0].take()
    }

    /// How many change sets wait for somebody.
    async fn waiting_sets(&self) -> usize {
        let request = json!({ "StackName": self.stack() });
        let sets = self.region.call(CloudFormation, "ListChangeSets", request).await;
        let sets = list(sets["Summaries"].clone());
        sets.iter().filter(|set| set["ExecutionStatus"] == "AVAILABLE").count()
    }
}

impl Drop for Start {
    fn drop(&mut self) {
        remove_images(&format!("neargate/{}-prod-job", self.app));
        remove_images(&format!("localhost:*/{}/prod/job", self.app));
    }
}

/// From nothing to a service, and on: the stack first, the image into its registry, the service on its
/// network. A second time nothing is left to do, and a version that fails leaves the old one.
#[tokio::test]
async fn an_environment_comes_from_nothing_and_changes() {
    let Some(start) = Start::new("an environment from nothing").await else { return };
    let planned = start.neargate("plan --exit-code").run().await.expect(2);
    planned.says(&format!("create stack {} with ", start.stack()));
    planned.says("add AWS::ECS::Cluster Cluster");
    planned.says("create service job");
    assert_eq!(start.status().await, None, "a plan makes nothing");
    start.neargate("plan --out p.json").run().await.expect(2).says("job is yet to be built");

    let first = start.neargate("deploy --yes").run().await.expect(0);
    first.says("Cluster CREATE_COMPLETE");
    first.says(&format!("the stack {} is CREATE_COMPLETE", start.stack()));
    first.says("runs in prod");
    let url = first.out.trim().to_owned();
    assert_eq!(Ask::get(&url).send().await.body, "one");
    let service = start.service().await;
    let network = &service["networkConfiguration"]["awsvpcConfiguration"];
    let outputs = json!({ "StackName": start.stack() });
    let stack = start.region.call(CloudFormation, "DescribeStacks", outputs).await;
    let outputs = list(stack["Stacks"][0]["Outputs"].clone());
    let told = outputs.iter().find(|it| it["OutputKey"] == "Subnets").unwrap();
    let subnets: BTreeSet<String> = list(network["subnets"].clone()).iter().map(text).collect();
    let told: BTreeSet<String> = text(&told["OutputValue"]).split(',').map(str::to_owned).collect();
    assert_eq!(subnets, told);
    let again = start.neargate("deploy --yes").run().await.expect(0);
    again.says("there is nothing to change");
    start.neargate("plan --exit-code").run().await.expect(0).says("there is nothing to change");
    assert_eq!(start.waiting_sets().await, 0, "change sets that were only looked at are gone");

    // A plan that was kept holds the stack too.
    let image = start.neargate("history --json").json().await["deployments"][0]["services"]["job"]
        ["image"]
        .take();
    let keep = |file: &str| format!("plan --out {file} --image {}", text(&image));
    start.folder.edit("neargate.yml", "retention: 30d", "retention: 60d");
    let kept = start.neargate(&keep("p.json")).run().await.expect(0);
    kept.says("modify AWS::Logs::LogGroup JobLogGroup (RetentionInDays)");
    start.folder.edit("neargate.yml", "retention: 60d", "retention: 90d");
    start.neargate("deploy --plan p.json").run().await.expect(1).says("template: ");
    start.folder.edit("neargate.yml", "retention: 90d", "retention: 60d");
    let changed = start.neargate("deploy --plan p.json").run().await.expect(0);
    changed.says(&format!("the stack {} is UPDATE_COMPLETE", start.stack()));
    start.neargate("deploy --plan p.json").run().await.expect(1).says("stack: ");

    start.folder.edit("server.js", "const http", "require('express'); const http");
    let failed = start.neargate("deploy --yes").run().await.expect(1);
    failed.says("ECS rolled the deployment back to");
    assert_eq!(Ask::get(&url).send().await.body, "one");
    let history = start.neargate("history --json").json().await["deployments"].take();
    assert_eq!(history[0]["verdict"], "rolled-back", "{history:#}");
}

/// What holds data is not replaced in passing, and a stack whose change fails goes back, with the
/// reason of what failed first.
#[tokio::test]
async fn a_stack_that_fails_goes_back_and_says_why() {
    let Some(start) = Start::new("a stack that fails").await else { return };
    let taken = json!({ "logGroupName": format!("/{}/taken", start.app) });
    start.region.call(Logs, "CreateLogGroup", taken).await;
    let own = format!("group: /{}/job", start.app);
    let others = format!("group: /{}/taken", start.app);

    start.folder.edit("neargate.yml", &own, &others);
    let first = start.neargate("deploy --yes").run().await.expect(1);
    first.says("is ROLLBACK_COMPLETE");
    first.says("JobLogGroup CREATE_FAILED: ");
    let stuck = start.neargate("plan").run().await.expect(1);
    stuck.says("it was never made in full, and AWS changes no such stack");
    let request = json!({ "StackName": start.stack() });
    start.region.call(CloudFormation, "DeleteStack", request).await;
    eventually("the stack is gone", PATIENCE, async || {
        start.status().await.is_none().then_some(())
    })
    .await;

    start.folder.edit("neargate.yml", &others, &own);
    start.neargate("deploy --yes").run().await.expect(0);
    let running = start.service().await["taskDefinition"].clone();
    start.folder.edit("neargate.yml", &own, &others);
    let refused = start.neargate("deploy --yes").run().await.expect(1);
    refused.says("nothing was deployed: this would be lost");
    refused.says("AWS::Logs::LogGroup JobLogGroup (LogGroupName), which is replaced: its lines");
    let failed = start.neargate("deploy --yes --allow-replacement").run().await.expect(1);
    failed.says("is UPDATE_ROLLBACK_COMPLETE");
    failed.says("JobLogGroup UPDATE_FAILED: ");
    assert_eq!(start.service().await["taskDefinition"], running, "the service was left alone");
    start.folder.edit("neargate.yml", &others, &own);
    start.neargate("deploy --yes").run().await.expect(0).says("there is nothing to change");
}

/// What deploy made goes, in order, and what holds data only when that is said; killed on the way, it
/// goes on.
#[tokio::test]
async fn an_environment_goes_but_for_its_data() {
    let Some(mut start) = Start::new("destroying an environment").await else { return };
    start.neargate("deploy --yes").run().await.expect(0);
    let unasked = start.neargate("destroy").run().await.expect(2);
    unasked.says("bucket ");
    unasked.says("task definition ");
    unasked.says(&format!("stack {}", start.stack()));
    unasked.says("what holds data stays (--with-data deletes it):");
    unasked.says(&format!("repository {}/prod/job with an image", start.app));
    unasked.says("nobody is there to agree to this");
    for step in ["DeleteService", "DeregisterTaskDefinition", "DeleteStack", "DeleteParameters"] {
        let between = Between::new(&start.region.endpoint(), Which::All(step, Fault::Hung)).await;
        start.endpoint.clone_from(&between.endpoint);
        let mut child = start.neargate("destroy --yes").spawn();
        eventually(&format!("the destruction comes to {step}"), DEPLOYMENT, async || {
            between.spoilt().contains(step).then_some(())
        })
        .await;
        let others = start.neargate("deploy --yes").run().await;
        assert_ne!(others.code, Some(0), "nobody else deploys meanwhile");
        let pid = child.id().expect("it runs");
        signal(pid, Signal::KILL);
        child.wait().await.unwrap();
        until_gone(&[pid], PATIENCE).await;
    }
    start.endpoint = start.region.endpoint();
    let gone = start.neargate("destroy --yes").run().await.expect(0);
    gone.says(&format!("log group /{}/job was kept", start.app));
    assert_eq!(start.status().await, None);
    let families = json!({ "familyPrefix": start.stack(), "status": "ACTIVE" });
    let families = start.region.ecs("ListTaskDefinitionFamilies", families).await;
    assert_eq!(list(families["families"].clone()), [json!(null); 0]);
    let below = json!({ "Path": format!("/neargate/{}/prod", start.app), "Recursive": true });
    let parameters = start.region.call(Ssm, "GetParametersByPath", below).await;
    assert_eq!(list(parameters["Parameters"].clone()), [json!(null); 0], "records and lock");

    let again = start.neargate("deploy --yes").run().await.expect(1);
    again.says("this is left of an earlier one, and would be in its way");
    let all = start.neargate("destroy --yes --with-data").run().await.expect(0);
    all.says(&format!("delete repository {}/prod/job with an image", start.app));
    let names = json!({ "repositoryNames": [format!("{}/prod/job", start.app)] });
    let repository = start.region.try_call(Ecr, "DescribeRepositories", names).await;
    assert_eq!(repository.unwrap_err().code, "RepositoryNotFoundException");
    let prefix = json!({ "logGroupNamePrefix": format!("/{}/job", start.app) });
    let groups = start.region.call(Logs, "DescribeLogGroups", prefix).await;
    assert_eq!(list(groups["logGroups"].clone()), [json!(null); 0]);
}

/// Killed while the stack is made: the next run waits for it and finishes.
#[tokio::test]
async fn a_stack_that_was_begun_is_finished_by_the_next_run() {
    let Some(mut start) = Start::new("a killed foundation").await else { return };
    for step in ["CreateChangeSet", "DescribeChangeSet", "ExecuteChangeSet", "DescribeStackEvents"]
    {
        let between = Between::new(&start.region.endpoint(), Which::All(step, Fault::Hung)).await;
        start.endpoint.clone_from(&between.endpoint);
        let mut child = start.neargate("deploy --yes").spawn();
        eventually(&format!("the deployment comes to {step}"), PATIENCE, async || {
            between.spoilt().contains(step).then_some(())
        })
        .await;
        let pid = child.id().expect("it runs");
        signal(pid, Signal::KILL);
        child.wait().await.unwrap();
        until_gone(&[pid], PATIENCE).await;
    }
    start.endpoint = start.region.endpoint();
    start.neargate("deploy --yes").run().await.expect(0).says("runs in prod");
    assert_eq!(start.status().await.as_deref(), Some("CREATE_COMPLETE"));
}
