//! What a region is doing when it is killed: a service behind a load balancer.

use super::book::Book;
use super::thing::Thing;
use crate::bench::aws::Endpoint;
use crate::bench::balancer::{balancer, elb, group};
use crate::bench::process::free_port;
use crate::drill::call::{Caller, eventually};
use crate::drill::house::House;
use crate::drill::machine::{self, Driver};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, TcpStream};

pub(super) const CLUSTER: &str = "drill";
pub(super) const SERVICE: &str = "web";
/// A task definition whose tasks end by themselves.
pub(super) const ONCE: &str = "once";

/// The container's port.
const PORT: u16 = 8080;

/// How long a load balancer waits for requests in flight of a task that goes, in AWS's seconds.
const DRAIN: &str = "20";

/// The stage.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    pub(super) caller: Caller,
    /// The network configuration of its tasks.
    pub(super) network: Value,
    /// The target group.
    group: String,
    balancer: String,
    /// What its containers run: `image` and `command`.
    program: Value,
    /// Where the load balancer listens.
    port: u16,
}

impl Stage {
    /// Makes all of it.
    pub(super) fn new(house: &House) -> Result<Self, String> {
        let (caller, endpoint) = (house.caller, Endpoint { port: house.caller.port });
        caller.ecs("CreateCluster", &json!({ "clusterName": CLUSTER }))?;
        let subnets = endpoint.subnets()?;
        let network = json!({ "awsvpcConfiguration": { "subnets": subnets } });
        let group = group(endpoint, "hostname", PORT)?;
        let delay = [
            ("TargetGroupArn", group.as_str()),
            ("Attributes.member.1.Key", "deregistration_delay.timeout_seconds"),
            ("Attributes.member.1.Value", DRAIN),
        ];
        caller.elb("ModifyTargetGroupAttributes", &delay)?;
        let (balancer, port) = (balancer(endpoint)?, free_port(Ipv4Addr::LOCALHOST)?);
        let listener = [
            ("LoadBalancerArn", balancer.as_str()),
            ("Protocol", "HTTP"),
            ("Port", &port.to_string()),
            ("DefaultActions.member.1.Type", "forward"),
            ("DefaultActions.member.1.TargetGroupArn", &group),
        ];
        elb(endpoint, "CreateListener", &listener, "ListenerArn")?;
        let program = program(house.driver)?;
        let stage = Self { caller, network, group, balancer, program, port };
        stage.serve()?;
        Ok(stage)
    }

    fn serve(&self) -> Result<(), String> {
        let image = &self.program["image"];
        let once = json!([{ "name": "main", "image": image, "command": ["sleep", "0.2"] }]);
        self.caller.ecs("RegisterTaskDefinition", &definition(ONCE, &once))?;
        self.caller.ecs("RegisterTaskDefinition", &self.definition("first"))?;
        let service = json!({
            "cluster": CLUSTER,
            "serviceName": SERVICE,
            "taskDefinition": SERVICE,
            "desiredCount": 2,
            "launchType": "FARGATE",
            "networkConfiguration": self.network,
            "loadBalancers":
                [{ "targetGroupArn": self.group, "containerName": "web", "containerPort": PORT }],
        });
        self.caller.ecs("CreateService", &service)?;
        Ok(())
    }

    /// The service's task definition in another revision.
    pub(super) fn definition(&self, revision: &str) -> Value {
        let web = json!([{
            "name": "web",
            "image": self.program["image"],
            "command": self.program["command"],
            "environment": [{ "name": "REVISION", "value": revision }],
            "portMappings": [{ "containerPort": PORT }],
        }]);
        definition(SERVICE, &web)
    }

    /// Waits until all is as it was last acknowledged: the service, its tasks and targets, what of
    /// them is on this machine, and an answer through the load balancer.
    pub(super) fn settle(&self, house: &mut House, book: &Book) -> Result<(), String> {
        eventually("the service to be what it was last told to be", || self.is_settled(book))?;
        let tasks = self.caller.tasks(CLUSTER)?;
        house.learn(tasks.first().ok_or("the service has no task")?)?;
        eventually("nothing but the service's tasks", || self.is_alone(house))?;
        eventually("an answer through the load balancer", || {
            let (method, target) = ("GET", "/hostname");
            let request = crate::bench::http::Request { method, target, fields: &[], body: "" };
            let answer = request.to_port(self.port).map_err(|why| why.to_string())?;
            if answer.status == 200 { Ok(()) } else { Err(answer.status.to_string()) }
        })
    }

    fn is_settled(&self, book: &Book) -> Result<(), String> {
        let service = self.caller.service(CLUSTER, SERVICE)?;
        let only = &service["deployments"][0];
        let one = service["deployments"].as_array().is_some_and(|held| held.len() == 1);
        if !one || only["rolloutState"] != "COMPLETED" {
            return Err(format!("{}", service["deployments"]));
        }
        let revision = book.worth(&Thing::Revision);
        if revision.is_some() && service["taskDefinition"].as_str() != revision.as_deref() {
            return Err(format!("it has {}, not {revision:?}", service["taskDefinition"]));
        }
        let count = book.worth(&Thing::Count).and_then(|count| count.parse().ok()).unwrap_or(2);
        let counts = [&service["desiredCount"], &service["runningCount"]];
        if counts.iter().any(|held| held.as_u64() != Some(count)) || service["pendingCount"] != 0 {
            return Err(format!(
                "{counts:?} tasks, not {count}, {} pending",
                service["pendingCount"]
            ));
        }
        let targets = self.caller.targets(&self.group)?;
        let healthy = targets.iter().all(|(.., state)| state == "healthy");
        let complete = u64::try_from(targets.len()).is_ok_and(|held| held == count);
        if healthy && complete { Ok(()) } else { Err(format!("its targets are {targets:?}")) }
    }

    /// Whether the region's tasks are on this machine, each once, and no other.
    fn is_alone(&self, house: &House) -> Result<(), String> {
        let parts = house.driver.parts_of_a_task();
        let tasks = self.caller.tasks(CLUSTER)?;
        let expected: machine::Census = tasks.into_iter().map(|task| (task, parts)).collect();
        let found = machine::census(house)?;
        if found == expected {
            return Ok(());
        }
        Err(format!("there is {found:?}, and there should be {expected:?}"))
    }

    /// Deletes all of it; nothing may be left of the tasks, and nobody may listen.
    pub(super) fn clear(&self, house: &House) -> Result<(), String> {
        let targets = self.caller.targets(&self.group)?;
        let deletion = json!({ "cluster": CLUSTER, "service": SERVICE, "force": true });
        self.caller.ecs("DeleteService", &deletion)?;
        eventually("the service to be gone", || {
            let service = self.caller.service(CLUSTER, SERVICE)?;
            let gone = service["status"] == "INACTIVE" && self.caller.tasks(CLUSTER)?.is_empty();
            if gone { Ok(()) } else { Err(service["status"].to_string()) }
        })?;
        eventually("its tasks to be gone", || self.is_alone(house))?;
        self.caller.elb("DeleteLoadBalancer", &[("LoadBalancerArn", &self.balancer)])?;
        self.caller.elb("DeleteTargetGroup", &[("TargetGroupArn", &self.group)])?;
        self.caller.ecs("DeleteCluster", &json!({ "cluster": CLUSTER }))?;
        let mut addresses: Vec<(String, u16)> =
            targets.into_iter().map(|(address, port, _)| (address, port)).collect();
        addresses.push((Ipv4Addr::LOCALHOST.to_string(), self.port));
        eventually("nobody to listen any more", || {
            let heard = |(address, port): &&(String, u16)| {
                TcpStream::connect((address.as_str(), *port)).is_ok()
            };
            addresses.iter().find(heard).map_or(Ok(()), |found| Err(format!("{found:?} listens")))
        })
    }
}

/// A server that starts and ends at once.
fn program(driver: Driver) -> Result<Value, String> {
    match driver {
        Driver::Process => {
            let me = std::env::current_exe().map_err(|why| why.to_string())?;
            Ok(json!({ "image": "none", "command": [me, "serve"] }))
        }
        Driver::Docker => {
            // The first process of a container hears only the signals that it asks for.
            let line = format!("trap 'exit 0' TERM; httpd -f -p {PORT} -h /etc & wait");
            Ok(json!({ "image": "busybox:latest", "command": ["sh", "-c", line] }))
        }
    }
}

fn definition(family: &str, containers: &Value) -> Value {
    json!({
        "family": family,
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "containerDefinitions": containers,
    })
}
