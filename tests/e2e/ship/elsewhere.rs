//! The same deployment on a server that is not ours, moto; and what AWS's own models say of each
//! request. moto runs no tasks, so a deployment is asked for there and not watched.

use super::between::{Between, Which};
use super::environment::{Shop, as_aws};
use crate::stage::clients::{self, script};
use crate::stage::cluster::{list, text};
use crate::stage::region::NAME;
use crate::stage::scratch::number;
use crate::stage::{Driver, Line, PATIENCE, Region, Scratch, aws, binary, engine, eventually};
use api::Service::{CloudFormation, Ec2, Ecs, Elbv2, Iam, Logs};
use apply::{Client, Credentials};
use serde_json::{Value as Json, json};
use std::net::TcpListener;
use std::process::Stdio;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Child;

/// A running moto.
struct Moto {
    endpoint: String,
    client: Client,
    _child: Child,
    _home: Scratch,
}

impl Moto {
    async fn start() -> Option<Self> {
        let programs = clients::moto("another server").await?;
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let home = Scratch::new();
        let line = Line::new(programs.join("moto_server")).args("-H 127.0.0.1 -p");
        let line = line.arg(free.to_string()).env("HOME", home.path());
        let child = line.env("MOTO_IAM_LOAD_MANAGED_POLICIES", "false").spawn();
        let endpoint = format!("http://127.0.0.1:{free}");
        let (access_key, secret_key) = ("test".to_owned(), "test".into());
        let keys = Credentials { access_key, secret_key, token: None };
        let client = Client::new(endpoint.parse().unwrap(), NAME.to_owned(), keys);
        let moto = Self { endpoint, client, _child: child, _home: home };
        eventually("moto answers", PATIENCE, async || {
            aws::call(&moto.client, Ecs, "ListClusters", &json!({})).await
        })
        .await
        .unwrap();
        Some(moto)
    }

    async fn call(&self, service: api::Service, operation: &str, input: Json) -> Json {
        let answer = aws::call(&self.client, service, operation, &input).await;
        answer.expect("moto is there").unwrap_or_else(|why| panic!("{operation}: {why:?}"))
    }

    /// Makes what a service stands on, and answers the manifest of a shop on it.
    async fn manifest(&self, app: &str) -> String {
        let subnets = self.call(Ec2, "DescribeSubnets", json!({})).await;
        let subnets: Vec<String> =
            (0..2).map(|at| text(&subnets["Subnets"][at]["SubnetId"])).collect();
        let groups = self.call(Ec2, "DescribeSecurityGroups", json!({})).await;
        let security = &groups["SecurityGroups"][0];
        self.call(Ecs, "CreateCluster", json!({ "clusterName": app })).await;
        let role = json!({ "RoleName": app, "AssumeRolePolicyDocument": "{}" });
        let role = self.call(Iam, "CreateRole", role).await["Role"].take();
        let balancer = json!({ "Name": app, "Subnets": subnets });
        let balancer = self.call(Elbv2, "CreateLoadBalancer", balancer).await;
        let group = json!({
            "Name": app, "Protocol": "HTTP", "Port": 3000, "TargetType": "ip",
            "VpcId": security["VpcId"],
        });
        let group = self.call(Elbv2, "CreateTargetGroup", group).await;
        let group = text(&group["TargetGroups"][0]["TargetGroupArn"]);
        let listener = json!({
            "LoadBalancerArn": balancer["LoadBalancers"][0]["LoadBalancerArn"],
            "Protocol": "HTTP", "Port": 80,
            "DefaultActions": [{ "Type": "forward", "TargetGroupArn": group }],
        });
        self.call(Elbv2, "CreateListener", listener).await;
        format!(
            "app: {app}
services:
  web:
    image: busybox
    port: 3000
    health: /health
    env: {{VERSION: one}}
    tags: {{team: checkout}}
    scale: {{max: 3, cpu: 60, schedule: [{{when: rate(1 day), min: 2}}]}}
environments:
  prod:
    region: {NAME}
    foundation:
      existing:
        cluster: {app}
        subnets: [{}]
        security_groups: [{}]
        execution_role: {}
        target_groups: {{web: '{group}'}}
",
            subnets.join(", "),
            text(&security["GroupId"]),
            text(&role["Arn"]),
        )
    }
}

#[tokio::test]
async fn moto_takes_the_same_calls() {
    let Some(moto) = Moto::start().await else { return };
    let app = format!("shop{}", number());
    let folder = Scratch::new();
    folder.write("neargate.yml", &moto.manifest(&app).await);
    let neargate = |words: &str| {
        let line = Line::new(binary::neargate()).args(words).args("--env prod");
        as_aws(line.within(folder.path()).env("HOME", folder.path()), &moto.endpoint)
    };
    let first = neargate("deploy --yes --detach").run().await.expect(0);
    first.says("create service web");
    first.says("scale service web by cpu");
    folder.edit("neargate.yml", "VERSION: one", "VERSION: two");
    neargate("plan").run().await.expect(0).says("web: variable VERSION changed");
    neargate("deploy --yes --detach").run().await.expect(0).says("update service web");
    neargate("deploy --yes --detach").run().await.expect(0).says("there is nothing to change");
    let described = json!({ "cluster": app, "services": ["web"] });
    let service = moto.call(Ecs, "DescribeServices", described).await["services"][0].take();
    let definition = text(&service["taskDefinition"]);
    assert!(definition.ends_with(&format!("{app}-prod-web:2")), "{service:#}");
    let history = neargate("history --json").json().await;
    let records = history["deployments"].as_array().unwrap();
    assert_eq!(records.len(), 3, "{history:#}");
    assert!(records.iter().all(|it| it["verdict"] == "not watched"), "{history:#}");
    neargate("unlock").run().await.expect(0).says("nobody holds the lock");
}

/// The calls for a stack. moto makes the resources of a change set and never evaluates its outputs, so
/// that a deployment ends where it would go on to the service; an update changes no log group there.
#[tokio::test]
async fn moto_takes_the_calls_for_a_stack() {
    let Some(moto) = Moto::start().await else { return };
    let app = format!("shop{}", number());
    let folder = Scratch::new();
    folder.write(
        "neargate.yml",
        &format!(
            "app: {app}
services:
  job: {{image: busybox, logs: {{group: {app}, retention: 30d}}}}
environments:
  prod: {{region: {NAME}}}
"
        ),
    );
    let neargate = |words: &str| {
        let line = Line::new(binary::neargate()).args(words).args("--env prod");
        as_aws(line.within(folder.path()).env("HOME", folder.path()), &moto.endpoint)
    };
    let retention = async || {
        let groups = moto.call(Logs, "DescribeLogGroups", json!({})).await;
        let mut groups = list(groups["logGroups"].clone()).into_iter();
        let own = groups.find(|group| text(&group["logGroupName"]) == app);
        own.map(|group| group["retentionInDays"].clone())
    };
    let planned = neargate("plan --exit-code").run().await.expect(2);
    planned.says(&format!("create stack {app}-prod with "));
    let first = neargate("deploy --yes --detach").run().await.expect(3);
    first.says(&format!("the stack {app}-prod is CREATE_COMPLETE"));
    first.says("no subnets of the tasks are in ");
    assert_eq!(retention().await, Some(json!(30)));
    folder.edit("neargate.yml", "retention: 30d", "retention: 60d");
    neargate("plan").run().await.expect(0).says("modify AWS::Logs::LogGroup JobLogGroup");
    let changed = neargate("deploy --yes --detach").run().await.expect(3);
    changed.says(&format!("the stack {app}-prod is UPDATE_COMPLETE"));
    let stack = json!({ "StackName": format!("{app}-prod") });
    let sets = moto.call(CloudFormation, "ListChangeSets", stack).await;
    let waiting = list(sets["Summaries"].clone());
    assert!(waiting.iter().all(|set| set["ExecutionStatus"] != "AVAILABLE"), "{sets:#}");
}

/// Every request of a deployment from source fits AWS's own models, by botocore's judgement.
#[tokio::test]
async fn aws_models_allow_every_request() {
    if !engine::answers("requests by AWS's models") {
        return;
    }
    let Some(python) = clients::python("requests by AWS's models").await else { return };
    let region = Region::shared(Driver::Docker).await;
    let mut shop = Shop::new(&region, "    before: {command: node -e 0}").await;
    let between = Between::new(&region.endpoint(), Which::None).await;
    shop.endpoint.clone_from(&between.endpoint);
    shop.deploy().await.expect(0);
    shop.folder.edit("neargate.yml", "VERSION: one", "VERSION: two");
    shop.deploy().await.expect(0);
    let requests = between.json_requests();
    let count = requests.len();
    assert!(count > 40, "{:?}", between.asked());
    let lines = requests
        .iter()
        .map(|(target, body)| json!({ "target": target, "body": body }).to_string() + "\n");
    let mut child = script(&python, "validate.py", &region).stdin(Stdio::piped()).spawn();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(lines.collect::<String>().as_bytes()).await.unwrap();
    drop(stdin);
    let judged = child.wait_with_output().await.unwrap();
    let said = String::from_utf8_lossy(&judged.stdout);
    assert_eq!(said.trim(), format!("{count} allowed"), "{judged:?}");
}
