//! A shop with an environment `prod` on a region that stands for AWS: everything that the service
//! stands on is there and named, as with a team that has it from Terraform.

use crate::cli::project::remove_images;
use crate::stage::balanced::Front;
use crate::stage::cluster::{list, text};
use crate::stage::command::Finished;
use crate::stage::region::{ACCOUNT, NAME};
use crate::stage::scratch::number;
use crate::stage::web::Ask;
use crate::stage::{Line, PATIENCE, Region, Scratch, eventually, with};
use api::Service::{Ecr, Iam};
use serde_json::{Value as Json, json};
use std::time::Duration;
use tokio::process::Child;

/// The server of these tests; `/` answers the variable `VERSION`.
const SERVER: &str = include_str!("../../apps/server.js");

const DOCKERFILE: &str = "FROM node:22-alpine\nWORKDIR /app\nENV PORT=3000\nCOPY server.js .\n\
    USER node\nCMD [\"node\", \"server.js\"]\n";

/// Makes what the service stands on in an environment, and answers the environment as the manifest has
/// it.
async fn ground(front: &Front, app: &str, name: &str) -> String {
    let region = &front.cluster.region;
    let group = front.group().await;
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "ecs-tasks.amazonaws.com" },
            "Action": "sts:AssumeRole",
        }],
    });
    let role = format!("{app}-{name}-execution");
    let request = json!({ "RoleName": role, "AssumeRolePolicyDocument": trust.to_string() });
    region.call(Iam, "CreateRole", request).await;
    let repository = json!({ "repositoryName": format!("{app}/{name}/web") });
    region.call(Ecr, "CreateRepository", repository).await;
    let there = json!({ "Name": "vpc-id", "Values": [region.vpc().await] });
    let there = json!({ "Filters": [there, { "Name": "group-name", "Values": ["default"] }] });
    let groups = region.call(api::Service::Ec2, "DescribeSecurityGroups", there).await;
    let security = text(&groups["SecurityGroups"][0]["GroupId"]);
    let subnets = region.subnets().await.join(", ");
    let cluster = &front.cluster.name;
    format!(
        "  {name}:
    region: {NAME}
    account: '{ACCOUNT}'
    foundation:
      existing:
        cluster: {cluster}
        subnets: [{subnets}]
        security_groups: [{security}]
        execution_role: arn:aws:iam::{ACCOUNT}:role/{role}
        target_groups: {{web: '{group}'}}
"
    )
}

/// The longest that a deployment takes here.
const DEPLOYMENT: Duration = Duration::from_secs(180);

/// The variables by which AWS's tools find this region in place of AWS.
pub(crate) fn as_aws(line: Line, endpoint: &str) -> Line {
    line.env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_EC2_METADATA_DISABLED", "true")
}

#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) region: Region,
    pub(crate) folder: Scratch,
    pub(crate) app: String,
    pub(crate) front: Front,
    /// Where its calls go: the region, or something between.
    pub(crate) endpoint: String,
}

// === impl Shop ===

impl Shop {
    /// A shop whose service `web` is built from source, with more keys in its service.
    pub(crate) async fn new(region: &Region, more: &str) -> Self {
        let app = format!("shop{}", number());
        let front = Front::new(region).await;
        let ground = ground(&front, &app, "prod").await;
        let cluster = &front.cluster.name;
        let manifest = format!(
            "app: {app}
services:
  web:
    build: .
    port: 3000
    health: {{path: /health, interval: 5s, timeout: 2s}}
    drain: 0s
    env: {{VERSION: one}}
    logs: {{group: {cluster}}}
{more}
environments:
{ground}"
        );
        let folder = Scratch::new();
        folder.write("neargate.yml", &manifest);
        folder.write("server.js", SERVER);
        folder.write(
            "package.json",
            "{\"name\": \"web\", \"scripts\": {\"start\": \"node server.js\"}}",
        );
        folder.write("Dockerfile", DOCKERFILE);
        let endpoint = region.endpoint();
        Self { region: region.clone(), folder, app, front, endpoint }
    }

    /// A command line about `prod`.
    pub(crate) fn neargate(&self, words: &str) -> Line {
        let line = self.region.neargate(words).within(self.folder.path()).patience(DEPLOYMENT);
        as_aws(line.args("--env prod"), &self.endpoint)
    }

    /// Gives it another environment, on a region that stands for an account of its own.
    pub(crate) async fn add(&self, region: &Region, name: &str) -> Front {
        let front = Front::new(region).await;
        let ground = ground(&front, &self.app, name).await;
        let logs = json!({ "logGroupName": self.front.cluster.name });
        // Another environment on the same region may have made it.
        region.try_call(api::Service::Logs, "CreateLogGroup", logs).await.ok();
        self.folder.edit("neargate.yml", "environments:\n", &format!("environments:\n{ground}"));
        front
    }

    /// Deploys what the manifest says.
    pub(crate) async fn deploy(&self) -> Finished {
        self.neargate("deploy --yes").run().await
    }

    /// Changes a variable so that a new version never becomes healthy, begins to deploy it, and waits
    /// until ECS rolls it out.
    pub(crate) async fn begin_slow(&self, words: &str) -> Child {
        self.folder.edit("neargate.yml", "VERSION: one", "VERSION: two, HEALTH: '500'");
        let old = self.service().await["taskDefinition"].clone();
        let child = self.neargate("deploy --yes").args(words).spawn();
        eventually("the new version is rolled out", PATIENCE, async || {
            let service = self.service().await;
            (service["taskDefinition"] != old).then_some(())
        })
        .await;
        child
    }

    /// Makes an ECS call about its service.
    pub(crate) async fn ecs(&self, operation: &str, more: Json) -> Json {
        let own = json!({ "cluster": self.front.cluster.name, "service": "web" });
        self.region.ecs(operation, with(own, more)).await
    }

    /// What the load balancer answers.
    pub(crate) async fn page(&self) -> String {
        Ask::get(&self.front.url).send().await.body
    }

    pub(crate) async fn service(&self) -> Json {
        self.front.service("web").await
    }

    /// The records of its deployments, newest first.
    pub(crate) async fn history(&self) -> Vec<Json> {
        list(self.neargate("history --json").json().await["deployments"].take())
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        remove_images(&format!("neargate/{}-prod-web", self.app));
        remove_images(&format!("localhost:*/{}/prod/web", self.app));
    }
}
