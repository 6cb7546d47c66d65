//! Services behind a load balancer.

use super::cluster::{Cluster, list, node, text};
use super::scratch::number;
use super::{PATIENCE, eventually, with};
use serde_json::{Value as Json, json};

/// What answers behind the load balancer.
const SERVER: &str = include_str!("../../apps/server.js");

/// A load balancer with one listener on port 80.
#[derive(Debug)]
pub(crate) struct Front {
    pub(crate) cluster: Cluster,
    pub(crate) balancer: String,
    pub(crate) listener: String,
    /// What reaches the listener from here.
    pub(crate) url: String,
}

/// A container with the server of these tests, on port 3000.
pub(crate) fn server(variables: &[(&str, &str)]) -> Json {
    let given = variables.iter().map(|(name, value)| json!({ "name": name, "value": value }));
    let port = json!({ "name": "PORT", "value": "3000" });
    let environment: Vec<Json> = given.chain([port]).collect();
    with(
        node("web", SERVER),
        json!({ "environment": environment, "portMappings": [{ "containerPort": 3000 }] }),
    )
}

// === impl Front ===

impl Front {
    /// A load balancer in a cluster of its own, which answers everything with 404.
    pub(crate) async fn new(region: &super::Region) -> Self {
        let cluster = Cluster::new(region).await;
        let nothing =
            json!([{ "Type": "fixed-response", "FixedResponseConfig": { "StatusCode": "404" } }]);
        Self::with_default(cluster, nothing).await
    }

    async fn with_default(cluster: Cluster, actions: Json) -> Self {
        let region = &cluster.region;
        let request =
            json!({ "Name": format!("lb{}", number()), "Subnets": region.subnets().await });
        let made = region.elb("CreateLoadBalancer", request).await;
        let balancer = text(&made["LoadBalancers"][0]["LoadBalancerArn"]);
        let request = json!({
            "LoadBalancerArn": balancer, "Protocol": "HTTP", "Port": 80, "DefaultActions": actions,
        });
        let made = region.elb("CreateListener", request).await;
        let listener = text(&made["Listeners"][0]["ListenerArn"]);
        let url = url_of(&cluster, &listener).await;
        Self { cluster, balancer, listener, url }
    }

    /// Makes a target group that the listener gives everything to, checked often.
    pub(crate) async fn group(&self) -> String {
        let group = self.idle_group(json!({})).await;
        let actions = json!([{ "Type": "forward", "TargetGroupArn": group }]);
        self.answer_with(actions).await;
        group
    }

    /// Makes a target group that nothing leads to.
    pub(crate) async fn idle_group(&self, more: Json) -> String {
        let region = &self.cluster.region;
        let request = json!({
            "Name": format!("tg{}", number()),
            "Protocol": "HTTP",
            "Port": 3000,
            "TargetType": "ip",
            "VpcId": region.vpc().await,
            "HealthCheckPath": "/health",
            "HealthCheckIntervalSeconds": 5,
            "HealthCheckTimeoutSeconds": 2,
            "HealthyThresholdCount": 2,
        });
        let made = region.elb("CreateTargetGroup", with(request, more)).await;
        let group = text(&made["TargetGroups"][0]["TargetGroupArn"]);
        let delay = json!([{ "Key": "deregistration_delay.timeout_seconds", "Value": "30" }]);
        let request = json!({ "TargetGroupArn": group, "Attributes": delay });
        region.elb("ModifyTargetGroupAttributes", request).await;
        group
    }

    /// Gives the listener other default actions.
    pub(crate) async fn answer_with(&self, actions: Json) {
        let request = json!({ "ListenerArn": self.listener, "DefaultActions": actions });
        self.cluster.region.elb("ModifyListener", request).await;
    }

    /// Adds a rule.
    pub(crate) async fn rule(&self, priority: i32, conditions: Json, action: Json) {
        let request = json!({
            "ListenerArn": self.listener,
            "Priority": priority,
            "Conditions": conditions,
            "Actions": [action],
        });
        self.cluster.region.elb("CreateRule", request).await;
    }

    /// Makes a service of the container `web`, whose tasks are a group's targets.
    pub(crate) async fn serve(&self, web: &Json, group: &str, count: u32) -> String {
        let definition = self.cluster.define(std::slice::from_ref(web), json!({})).await;
        let name = format!("s{}", number());
        let request = json!({
            "cluster": self.cluster.name,
            "serviceName": name,
            "taskDefinition": definition,
            "desiredCount": count,
            "launchType": "FARGATE",
            "networkConfiguration": self.cluster.network().await,
            "loadBalancers": [{
                "targetGroupArn": group, "containerName": "web", "containerPort": 3000,
            }],
            "healthCheckGracePeriodSeconds": 10,
        });
        self.cluster.region.ecs("CreateService", request).await;
        name
    }

    /// A service under way.
    pub(crate) async fn service(&self, name: &str) -> Json {
        let request = json!({ "cluster": self.cluster.name, "services": [name] });
        self.cluster.region.ecs("DescribeServices", request).await["services"][0].take()
    }

    /// Waits until a service has one deployment, which is completed.
    pub(crate) async fn until_deployed(&self, name: &str) -> Json {
        let what = format!("the deployment of {name} is completed");
        eventually(&what, PATIENCE, async || {
            let service = self.service(name).await;
            let deployments = service["deployments"].as_array().unwrap();
            let done = deployments.len() == 1 && deployments[0]["rolloutState"] == "COMPLETED";
            done.then_some(service)
        })
        .await
    }

    /// The events of a service, oldest first.
    pub(crate) async fn messages(&self, name: &str) -> Vec<String> {
        let service = self.service(name).await;
        let events = service["events"].as_array().unwrap().iter().rev();
        events.map(|event| text(&event["message"])).collect()
    }

    /// The running tasks of a service.
    pub(crate) async fn tasks(&self, name: &str) -> Vec<Json> {
        let request = json!({ "cluster": self.cluster.name, "serviceName": name });
        let arns = self.cluster.region.ecs("ListTasks", request).await["taskArns"].take();
        if list(arns.clone()).is_empty() {
            return Vec::new();
        }
        let request = json!({ "cluster": self.cluster.name, "tasks": arns });
        list(self.cluster.region.ecs("DescribeTasks", request).await["tasks"].take())
    }

    /// The health of a group's targets, as AWS describes it.
    pub(crate) async fn health(&self, group: &str) -> Vec<Json> {
        let request = json!({ "TargetGroupArn": group });
        let found = self.cluster.region.elb("DescribeTargetHealth", request).await;
        list(found["TargetHealthDescriptions"].clone())
    }

    /// Waits until a group has a target in this state, and answers its health.
    pub(crate) async fn until_target(&self, group: &str, state: &str) -> Json {
        eventually(&format!("a target is {state}"), PATIENCE, async || {
            let targets = self.health(group).await;
            let health = targets.into_iter().map(|mut target| target["TargetHealth"].take());
            health.into_iter().find(|health| health["State"] == state)
        })
        .await
    }
}

/// What reaches a listener from this machine, as the region says.
pub(crate) async fn url_of(cluster: &Cluster, listener: &str) -> String {
    eventually("the listener listens", PATIENCE, async || {
        let endpoints = cluster.region.neargate("region endpoints --json").json().await;
        let listeners = list(endpoints["listeners"].clone());
        let own = listeners.iter().find(|held| held["listenerArn"] == listener)?;
        own["url"].as_str().map(str::to_owned)
    })
    .await
}
