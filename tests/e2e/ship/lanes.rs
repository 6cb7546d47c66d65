//! `deploy.strategy` on an environment's own stack: ECS moves the requests between two target groups,
//! and the stack does not move them back.

use super::environment::as_aws;
use crate::stage::binary::root;
use crate::stage::command::Finished;
use crate::stage::region::{ACCOUNT, NAME};
use crate::stage::scratch::number;
use crate::stage::web::{Ask, Load};
use crate::stage::{Driver, Line, Region, Scratch, eventually};
use api::Service::{Budgets, CloudFormation, CloudWatch, Elbv2};
use serde_json::{Value as Json, json};
use std::time::Duration;

/// The longest that a deployment takes here.
const DEPLOYMENT: Duration = Duration::from_secs(120);

/// An environment `live` whose stack is made by `deploy`.
#[derive(Debug)]
struct Lane {
    region: Region,
    folder: Scratch,
    app: String,
}

// === impl Lane ===

impl Lane {
    /// Targets drain: without that a request may be on its way to a task that is told to stop, as on
    /// AWS.
    async fn new(deploy: &str) -> Self {
        let region = Region::shared(Driver::Process).await;
        let app = format!("lane{}", number());
        let folder = Scratch::new();
        let server = root().join("tests/apps/server.js");
        let server = server.display();
        let manifest = format!(
            "app: {app}
services:
  web:
    image: node:22
    command: [node, {server}]
    port: 3000
    routes: [/*]
    health: {{path: /health, interval: 5s, timeout: 2s}}
    drain: 30s
    env: {{VERSION: one}}
    deploy: {deploy}
environments:
  live: {{region: {NAME}}}
"
        );
        folder.write("neargate.yml", &manifest);
        Self { region, folder, app }
    }

    fn neargate(&self, words: &str) -> Line {
        let line = self.region.neargate(words).within(self.folder.path()).patience(DEPLOYMENT);
        as_aws(line.args("--env live"), &self.region.endpoint())
    }

    fn edit(&self, from: &str, to: &str) {
        self.folder.edit("neargate.yml", from, to);
    }

    async fn deploy(&self) -> Finished {
        self.neargate("deploy --yes").run().await
    }

    /// The weights of the stack's rule, of the first and the second target group.
    async fn weights(&self) -> [i64; 2] {
        let request = json!({ "StackName": self.stack() });
        let found = self.region.call(CloudFormation, "DescribeStacks", request).await;
        let outputs = found["Stacks"][0]["Outputs"].clone();
        let output = |key: &str| {
            let mut all = outputs.as_array().into_iter().flatten();
            let held = all.find(|held| held["OutputKey"] == key);
            held.and_then(|held| held["OutputValue"].as_str()).unwrap_or_default().to_owned()
        };
        let (rule, groups) = (output("WebRules"), output("WebTargetGroups"));
        let request = json!({ "RuleArns": [rule] });
        let rules = self.region.call(Elbv2, "DescribeRules", request).await;
        let held = &rules["Rules"][0]["Actions"][0]["ForwardConfig"]["TargetGroups"];
        let weight = |group: &str| {
            let mut all = held.as_array().into_iter().flatten();
            let own = all.find(|held| held["TargetGroupArn"] == *group);
            own.and_then(|held| held["Weight"].as_i64()).unwrap_or_default()
        };
        let (first, second) = groups.split_once(',').expect("there are two groups");
        [weight(first), weight(second)]
    }

    fn stack(&self) -> String {
        format!("{}-live", self.app)
    }

    /// That ECS has moved the weights is nobody's doing; a health check that somebody changed is.
    async fn changes_by_hand_are_told(&self) {
        let told = self.neargate("plan --drift --exit-code").run().await.expect(0);
        told.says("nothing was changed by hand");
        let request = json!({ "StackName": self.stack(), "LogicalResourceId": "WebTargetGroup" });
        let held = self.region.call(CloudFormation, "DescribeStackResource", request).await;
        let group = held["StackResourceDetail"]["PhysicalResourceId"].clone();
        let set = async |count: u32| {
            let change = json!({ "TargetGroupArn": group, "HealthyThresholdCount": count });
            self.region.call(Elbv2, "ModifyTargetGroup", change).await;
        };
        set(7).await;
        let told = self.neargate("plan --drift --exit-code").run().await.expect(2);
        told.says("AWS::ElasticLoadBalancingV2::TargetGroup WebTargetGroup was changed");
        told.says("  /HealthyThresholdCount: 2 → 7");
        set(2).await;
        let told = self.neargate("plan --drift --json").json().await;
        assert_eq!(told["drifts"], json!([]), "{told:#}");
    }

    async fn history(&self) -> Json {
        self.neargate("history --json").json().await["deployments"].take()
    }
}

async fn page(url: &str) -> String {
    Ask::get(url).send().await.body
}

/// From one strategy to the other and back, through a rule that changes while the second group serves:
/// no request is lost, and a version that fails leaves the old one.
#[tokio::test]
async fn the_stack_leaves_the_requests_where_ecs_has_moved_them() {
    let lane = Lane::new("rolling").await;
    // A plan can be kept before there is a stack, and holds as long as there is none.
    lane.neargate("plan --out p.json").run().await.expect(0).says("create stack ");
    let first = lane.neargate("deploy --plan p.json").run().await.expect(0);
    let url = first.out.trim().to_owned();
    lane.neargate("deploy --plan p.json").run().await.expect(1).says("stack: none → ");
    let over = "live costs ";
    let budget = "{monthly: 1, alert: [80], notify: [a@example.com]}";
    lane.edit("{region:", &format!("{{budget: {budget}, region:"));
    lane.neargate("plan").run().await.expect(0).says(over);
    lane.edit("monthly: 1,", "monthly: 1000,");
    let planned = lane.neargate("plan").run().await.expect(0);
    planned.says("add AWS::Budgets::Budget Budget");
    assert!(!planned.err.contains(over), "{}", planned.err);
    let load = Load::start(&url, 2);
    lane.edit(
        "deploy: rolling",
        "deploy: {strategy: canary, canary: {percent: 20, bake: 1m}, bake: 1m}",
    );
    lane.edit("VERSION: one", "VERSION: two");
    let planned = lane.neargate("plan").run().await.expect(0);
    planned.says("add AWS::ElasticLoadBalancingV2::TargetGroup WebTargetGroup2");
    planned.says("strategy: ROLLING → CANARY 20 %, 1 min");
    planned.says("1m the canary is watched");
    let second = lane.deploy().await.expect(0);
    second.says("20 % of the requests go to the new version");
    assert_eq!((page(&url).await.as_str(), lane.weights().await), ("two", [0, 100]));
    lane.deploy().await.expect(0).says("there is nothing to change");

    lane.changes_by_hand_are_told().await;

    // The rule changes, and its template is older than its weights.
    lane.edit("routes: [/*]", "routes: [{path: [/*, /more/*]}]");
    let planned = lane.neargate("plan").run().await.expect(0);
    planned.says("modify AWS::ElasticLoadBalancingV2::ListenerRule WebRule1 (Conditions)");
    lane.deploy().await.expect(0).says("is told which target groups serve");
    assert_eq!((page(&url).await.as_str(), lane.weights().await), ("two", [0, 100]));

    lane.edit("VERSION: two", "VERSION: three");
    lane.edit("server.js]", "nowhere.js]");
    lane.deploy().await.expect(1).says("service web: ");
    assert_eq!((page(&url).await.as_str(), lane.weights().await), ("two", [0, 100]));
    assert_eq!(lane.history().await[0]["verdict"], "rolled-back");

    lane.edit("nowhere.js]", "server.js]");
    lane.edit("{strategy: canary, canary: {percent: 20, bake: 1m}, bake: 1m}", "rolling");
    let planned = lane.neargate("plan").run().await.expect(0);
    planned.says("strategy: CANARY 20 %, 1 min → ROLLING");
    assert!(!planned.out.contains("TargetGroup2"), "the group that serves stays: {}", planned.out);
    lane.deploy().await.expect(0);
    assert_eq!(page(&url).await, "three");
    let tally = load.stop().await;
    assert_eq!(tally.failures, [""; 0], "of {:?}", tally.bodies);
    let account = json!({ "AccountId": ACCOUNT });
    let budgets = lane.region.call(Budgets, "DescribeBudgets", account.clone()).await;
    let name = format!("{}-Budget-", lane.stack());
    let own = |it: &Json| it["BudgetName"].as_str().is_some_and(|held| held.starts_with(&name));
    let budget = budgets["Budgets"].as_array().into_iter().flatten().find(|it| own(it));
    assert_eq!(budget.map(|it| &it["BudgetLimit"]["Amount"]), Some(&json!("1000")), "{budgets:#}");
    lane.edit("alert: [80]", "alert: [90]");
    lane.deploy().await.expect(0).says("Budget UPDATE_COMPLETE");
    lane.neargate("destroy --yes --with-data").run().await.expect(0);
    let budgets = lane.region.call(Budgets, "DescribeBudgets", account).await;
    assert!(!budgets["Budgets"].as_array().into_iter().flatten().any(own), "{budgets:#}");
}

/// A deployment that waits for somebody says how to go on, and goes back when that is said; one whose
/// alarm goes off goes back by itself.
#[tokio::test]
async fn a_version_is_sent_back_by_hand_and_by_an_alarm() {
    let lane = Lane::new("{strategy: blue_green, approve: true, bake: 0m}").await;
    let waiting = async |words: &str| {
        eventually("the deployment waits for approval", DEPLOYMENT, async || {
            let status = lane.neargate("status --json").json().await;
            let waiting = status["services"][0]["waiting"].to_string();
            waiting.contains("`neargate promote web --env live` moves the requests").then_some(())
        })
        .await;
        lane.neargate(words).run().await.expect(0);
    };
    let (first, ()) = tokio::join!(lane.deploy(), waiting("promote"));
    let url = first.expect(0).out.trim().to_owned();
    lane.edit("VERSION: one", "VERSION: two");
    let (back, ()) = tokio::join!(lane.deploy(), waiting("promote --rollback"));
    back.expect(1);
    assert_eq!((page(&url).await.as_str(), lane.weights().await), ("one", [100, 0]));

    let alarm = format!("{}-errors", lane.app);
    let settings = json!({
        "AlarmName": alarm,
        "Namespace": "shop",
        "MetricName": "Errors",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanThreshold",
    });
    lane.region.call(CloudWatch, "PutMetricAlarm", settings).await;
    lane.edit(
        "{strategy: blue_green, approve: true, bake: 0m}",
        &format!(
            "{{strategy: linear, linear: {{percent: 50, bake: 20m}}, bake: 20m, alarms: [{alarm}]}}"
        ),
    );
    let begun = lane.neargate("deploy --yes").run();
    let moved = eventually("half of the requests have moved", DEPLOYMENT, async || {
        (lane.weights().await == [50, 50]).then_some(())
    });
    tokio::pin!(begun);
    tokio::select! {
        early = &mut begun => drop(early.expect(-1)),
        () = moved => {}
    }
    let state = json!({ "AlarmName": alarm, "StateValue": "ALARM", "StateReason": "a test" });
    lane.region.call(CloudWatch, "SetAlarmState", state).await;
    let late = begun.await;
    late.expect(1).says("rolled the deployment back");
    assert_eq!((page(&url).await.as_str(), lane.weights().await), ("one", [100, 0]));
}
