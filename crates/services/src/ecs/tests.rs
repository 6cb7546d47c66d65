//! Handlers of ECS, called through the table as the engine calls them.
//!
//! Every refusal is held against the errors that AWS's model declares for its operation
//! ([`Region::call`]).

mod cluster;
mod definition;
mod deployments;
mod echo;
mod exec;
mod list;
mod refusal;
mod service;
mod settings;
mod strategies;
mod table;
mod tags;
mod task;
mod update;

use crate::testing::Region;
use api::ecs::*;
use model::{TargetGroupArn, Timestamp};
use std::collections::BTreeMap;
use world::balancer::{Action, Forward, WeightedGroup};
use world::target::TargetCheck;
use world::{Listener, ServiceKey, TargetGroup};

const SUBNET: &str = "subnet-00000000000000001";
const ROLE: &str = "arn:aws:iam::000000000000:role/execution";

/// A text that is given.
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A region with nothing in it.
fn empty() -> Region {
    Region::of(super::table())
}

/// A region with the cluster `shop`, which has both Fargate providers, and the definition `web:1`.
fn region() -> Region {
    let mut region = empty();
    region.ok::<CreateCluster>(CreateClusterRequest {
        cluster_name: some("shop"),
        capacity_providers: Some(vec!["FARGATE".to_owned(), "FARGATE_SPOT".to_owned()]),
        ..CreateClusterRequest::default()
    });
    region.ok::<RegisterTaskDefinition>(web());
    region
}

/// A small Fargate definition: one container `app` with port 3000.
fn web() -> RegisterTaskDefinitionRequest {
    RegisterTaskDefinitionRequest {
        family: "web".to_owned(),
        network_mode: some("awsvpc"),
        requires_compatibilities: Some(vec!["FARGATE".to_owned()]),
        cpu: some("256"),
        memory: some("512"),
        container_definitions: vec![container("app")],
        ..RegisterTaskDefinitionRequest::default()
    }
}

fn container(name: &str) -> ContainerDefinition {
    ContainerDefinition {
        name: some(name),
        image: some("node:22-alpine"),
        port_mappings: (name == "app").then(|| vec![port(3000)]),
        ..ContainerDefinition::default()
    }
}

fn port(number: i32) -> PortMapping {
    PortMapping { container_port: Some(number), ..PortMapping::default() }
}

fn network() -> Option<NetworkConfiguration> {
    Some(NetworkConfiguration {
        awsvpc_configuration: Some(AwsVpcConfiguration {
            subnets: vec![SUBNET.to_owned()],
            security_groups: None,
            assign_public_ip: None,
        }),
    })
}

/// The service `api` of `web` in `shop`, with two tasks.
fn api() -> CreateServiceRequest {
    CreateServiceRequest {
        cluster: some("shop"),
        service_name: "api".to_owned(),
        task_definition: some("web"),
        desired_count: Some(2),
        launch_type: some("FARGATE"),
        network_configuration: network(),
        ..CreateServiceRequest::default()
    }
}

fn change() -> UpdateServiceRequest {
    UpdateServiceRequest {
        cluster: some("shop"),
        service: "api".to_owned(),
        ..UpdateServiceRequest::default()
    }
}

fn run() -> RunTaskRequest {
    RunTaskRequest {
        cluster: some("shop"),
        task_definition: "web".to_owned(),
        launch_type: some("FARGATE"),
        network_configuration: network(),
        ..RunTaskRequest::default()
    }
}

fn key() -> ServiceKey {
    ServiceKey { cluster: "shop".into(), name: "api".into() }
}

/// The service `api` as `DescribeServices` shows it.
fn described(region: &mut Region) -> Service {
    let request = DescribeServicesRequest {
        cluster: some("shop"),
        services: vec!["api".to_owned()],
        include: None,
    };
    region.ok::<DescribeServices>(request).services.unwrap().remove(0)
}

fn group_arn(name: &str) -> String {
    format!(
        "arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/{name}/0123456789abcdef"
    )
}

/// A target group of a type, which no listener leads to.
fn put_group(region: &mut Region, name: &str, target_type: &str) -> TargetGroupArn {
    let arn = TargetGroupArn::from(group_arn(name));
    region.put(TargetGroup {
        arn: arn.clone(),
        name: name.to_owned(),
        protocol: "HTTP".to_owned(),
        protocol_version: "HTTP1".to_owned(),
        port: 80,
        vpc: None,
        target_type: target_type.to_owned(),
        ip_address_type: "ipv4".to_owned(),
        check: TargetCheck {
            protocol: "HTTP".to_owned(),
            port: None,
            path: "/".to_owned(),
            interval: model::Span::seconds(30),
            timeout: model::Span::seconds(5),
            healthy_threshold: 5,
            unhealthy_threshold: 2,
            matcher: "200".to_owned(),
        },
        attributes: BTreeMap::new(),
        created_at: Timestamp::default(),
        tags: BTreeMap::new(),
    });
    arn
}

/// A listener whose default action leads to a group.
fn lead_to(region: &mut Region, group: TargetGroupArn) {
    let forward =
        Forward { groups: vec![WeightedGroup { group, weight: 1 }], stickiness_seconds: None };
    region.put(Listener {
        arn: "arn:listener".into(),
        load_balancer: "arn:balancer".into(),
        protocol: "HTTP".to_owned(),
        port: 80,
        default_actions: vec![Action::Forward(forward)],
        order: None,
        default_rule: "arn:rule".into(),
        ssl_policy: None,
        certificates: Vec::new(),
        attributes: BTreeMap::new(),
        local_port: None,
        tags: BTreeMap::new(),
    });
}

/// The group `web` of type `ip` behind a listener, as a service names it.
fn balanced(region: &mut Region) -> Vec<LoadBalancer> {
    let arn = put_group(region, "web", "ip");
    lead_to(region, arn);
    vec![balancer("web", "app", 3000)]
}

fn balancer(group: &str, container: &str, port: i32) -> LoadBalancer {
    LoadBalancer {
        target_group_arn: Some(group_arn(group)),
        container_name: some(container),
        container_port: Some(port),
        ..LoadBalancer::default()
    }
}
