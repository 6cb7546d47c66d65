//! Rows in a few words. Every field can be changed afterwards: they are plain values.
//!
//! ```
//! use testkit::build;
//! let definition = world::TaskDefinition {
//!     containers: vec![build::container("web:1", "app"), build::container("web:1", "log")],
//!     ..build::definition("web:1")
//! };
//! let service = world::Service { desired_count: 2, ..build::service("web", "web:1") };
//! assert_eq!(service.definition, definition.key);
//! ```

use model::{Place, RuleArn, Span, TargetGroupArn, Timestamp};
use std::collections::BTreeMap;
use world::balancer::{Forward, WeightedGroup};
use world::cluster::ClusterStatus;
use world::definition::{DefinitionStatus, PortSpec};
use world::parameter::{ParameterKind, ParameterVersion};
use world::service::{
    BreakerThreshold, CircuitBreaker, DeploymentAlarms, DeploymentConfiguration, Pair,
    PropagateTags, ServiceBalancer, ServiceLaunch, ServiceNetwork, ServiceStatus, Strategy,
};
use world::target::TargetCheck;
use world::{
    Action, Cluster, ContainerSpec, DefinitionKey, Listener, LoadBalancer, Parameter, Row, Service,
    ServiceKey, Stored, Tags, TargetGroup, TaskDefinition, Vpc, World,
};

/// The cluster that the builders' rows are in.
pub const CLUSTER: &str = "shop";

/// The port that the builders' containers listen on.
pub const PORT: u16 = 80;

/// A World with one cluster, [`CLUSTER`], in `eu-west-1`.
#[must_use]
pub fn world() -> World {
    let place = Place { region: "eu-west-1".into(), account: "000000000000".into() };
    let vpc = Vpc::default_of(&place, [172, 31]);
    let mut draft = world::Draft::of(&World::empty(place, vpc));
    draft.put(cluster(CLUSTER));
    draft.commit().world
}

/// An ACTIVE cluster.
#[must_use]
pub fn cluster(name: &str) -> Cluster {
    Cluster {
        name: name.into(),
        status: ClusterStatus::Active,
        created_at: Timestamp::default(),
        deleted_at: None,
        settings: BTreeMap::new(),
        configuration: None,
        capacity_providers: Vec::new(),
        default_strategy: Vec::new(),
        tags: Tags::new(),
    }
}

/// A family and a revision: `web:1`. Without a revision it is the first.
#[must_use]
pub fn key(name: &str) -> DefinitionKey {
    let (family, revision) = name.split_once(':').unwrap_or((name, "1"));
    DefinitionKey { family: family.into(), revision: revision.parse().unwrap_or(1) }
}

/// A definition with one essential container, `app`, that listens on [`PORT`].
#[must_use]
pub fn definition(name: &str) -> TaskDefinition {
    TaskDefinition {
        key: key(name),
        status: DefinitionStatus::Active,
        record: Stored::default(),
        registered_at: Timestamp::default(),
        deregistered_at: None,
        delete_requested_at: None,
        tags: Tags::new(),
        containers: vec![container(name, "app")],
        cpu: Some(256),
        memory: Some(512),
        task_role: None,
        execution_role: None,
        network_mode: "awsvpc".to_owned(),
        architecture: "X86_64".to_owned(),
        volumes: Vec::new(),
        compatibilities: vec!["FARGATE".to_owned()],
    }
}

/// An essential container that listens on [`PORT`]. Its image is `<definition>/<name>`, so that
/// scripts can tell images apart.
#[must_use]
pub fn container(definition: &str, name: &str) -> ContainerSpec {
    let port = PortSpec { container_port: PORT, protocol: "tcp".to_owned(), name: None };
    ContainerSpec {
        name: name.into(),
        image: format!("{definition}/{name}"),
        essential: true,
        ports: vec![port],
        ..ContainerSpec::default()
    }
}

/// An ACTIVE service without a deployment, of one task, at AWS's defaults, in all three zones.
#[must_use]
pub fn service(name: &str, definition: &str) -> Service {
    let network = ServiceNetwork {
        subnets: (1..=3).map(|n| format!("subnet-0000000000000000{n}").into()).collect(),
        security_groups: Vec::new(),
        public_ip: false,
    };
    Service {
        key: ServiceKey { cluster: CLUSTER.into(), name: name.into() },
        status: ServiceStatus::Active,
        desired_count: 1,
        definition: key(definition),
        launch: ServiceLaunch::Fargate,
        platform_version: "LATEST".to_owned(),
        load_balancers: Vec::new(),
        network,
        grace: Span::ZERO,
        configuration: configuration(),
        deployments: Vec::new(),
        current: None,
        completed: None,
        next_pass: None,
        next_event: 0,
        steady_since: None,
        zone_rebalancing: false,
        propagate_tags: PropagateTags::None,
        managed_tags: false,
        exec: false,
        client_token: None,
        request: String::new(),
        created_at: Timestamp::default(),
        created_by: "arn:aws:iam::000000000000:root".to_owned(),
        inactive_at: None,
        tags: Tags::new(),
    }
}

/// AWS's default deployment configuration (reference §3.1).
#[must_use]
pub fn configuration() -> DeploymentConfiguration {
    DeploymentConfiguration {
        minimum_percent: 100,
        maximum_percent: 200,
        breaker: CircuitBreaker {
            enable: false,
            rollback: false,
            reset_on_healthy: true,
            threshold: BreakerThreshold::BoundedPercent(50),
        },
        alarms: DeploymentAlarms::default(),
        strategy: Strategy::Rolling,
        bake_minutes: 0,
        pauses: Vec::new(),
    }
}

/// A parameter of type `SecureString` with one version.
#[must_use]
pub fn parameter(name: &str, value: &str) -> Row {
    let version = ParameterVersion {
        version: 1,
        value: value.into(),
        kind: ParameterKind::SecureString,
        at: Timestamp::default(),
        by: "arn:aws:iam::000000000000:root".to_owned(),
        description: None,
        allowed_pattern: None,
        tier: "Standard".to_owned(),
        data_type: "text".to_owned(),
        key_id: None,
        policies: None,
        expires_at: None,
        labels: Vec::new(),
    };
    Row::from(Parameter { name: name.into(), versions: vec![version], tags: Tags::new() })
}

/// The ARN of a target group of the builders' world.
#[must_use]
pub fn group_arn(name: &str) -> TargetGroupArn {
    let region = "arn:aws:elasticloadbalancing:eu-west-1:000000000000";
    format!("{region}:targetgroup/{name}/0123456789abcdef").into()
}

/// A target group of type `ip` with AWS's defaults (reference §4.1).
#[must_use]
pub fn group(name: &str) -> TargetGroup {
    TargetGroup {
        arn: group_arn(name),
        name: name.to_owned(),
        protocol: "HTTP".to_owned(),
        protocol_version: "HTTP1".to_owned(),
        port: PORT,
        vpc: None,
        target_type: "ip".to_owned(),
        ip_address_type: "ipv4".to_owned(),
        check: TargetCheck {
            protocol: "HTTP".to_owned(),
            port: None,
            path: "/".to_owned(),
            interval: Span::seconds(30),
            timeout: Span::seconds(5),
            healthy_threshold: 5,
            unhealthy_threshold: 2,
            matcher: "200".to_owned(),
        },
        attributes: BTreeMap::new(),
        created_at: Timestamp::default(),
        tags: Tags::new(),
    }
}

/// A load balancer with one listener that sends everything to a target group.
#[must_use]
pub fn balancer(name: &str, group: &TargetGroupArn) -> (LoadBalancer, Listener) {
    let arn =
        format!("arn:aws:elasticloadbalancing:eu-west-1:000000000000:loadbalancer/app/{name}");
    let balancer = LoadBalancer {
        arn: arn.as_str().into(),
        name: name.to_owned(),
        dns_name: format!("{name}.eu-west-1.elb.localhost"),
        scheme: "internet-facing".to_owned(),
        subnets: Vec::new(),
        security_groups: Vec::new(),
        ip_address_type: "ipv4".to_owned(),
        active_at: Timestamp::default(),
        attributes: BTreeMap::new(),
        created_at: Timestamp::default(),
        tags: Tags::new(),
    };
    let forward = WeightedGroup { group: group.clone(), weight: 1 };
    let forward = Forward { groups: vec![forward], stickiness_seconds: None };
    let listener = Listener {
        arn: arn.replace("loadbalancer/", "listener/").as_str().into(),
        load_balancer: balancer.arn.clone(),
        protocol: "HTTP".to_owned(),
        port: PORT,
        default_actions: vec![Action::Forward(forward)],
        order: None,
        default_rule: rule_arn(name),
        ssl_policy: None,
        certificates: Vec::new(),
        attributes: BTreeMap::new(),
        local_port: None,
        tags: Tags::new(),
    };
    (balancer, listener)
}

/// That a service registers the port [`PORT`] of its container `app` in a target group.
#[must_use]
pub fn registered_in(group: &TargetGroupArn) -> Vec<ServiceBalancer> {
    vec![ServiceBalancer {
        target_group: group.clone(),
        container: "app".into(),
        port: PORT,
        pair: None,
    }]
}

/// The ARN of the default rule of the load balancer called `name`.
#[must_use]
pub fn rule_arn(name: &str) -> RuleArn {
    let arn = format!(
        "arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener-rule/app/{name}/0123456789abcdef"
    );
    arn.as_str().into()
}

/// That a service registers its port in one of two target groups, `<name>` and `<name>-2`, between
/// which the default rules of the load balancers `<name>` and `<name>-test` move requests.
#[must_use]
pub fn paired_in(name: &str) -> Vec<ServiceBalancer> {
    let pair = Pair {
        alternate: group_arn(&format!("{name}-2")),
        production: rule_arn(name),
        test: Some(rule_arn(&format!("{name}-test"))),
        role: None,
    };
    let mut balancers = registered_in(&group_arn(name));
    balancers.iter_mut().for_each(|balancer| balancer.pair = Some(pair.clone()));
    balancers
}

/// A load balancer whose listener leads to both groups of a pair, all requests to the first one.
#[must_use]
pub fn paired_balancer(name: &str, pair: &str) -> (LoadBalancer, Listener) {
    let (balancer, mut listener) = balancer(name, &group_arn(pair));
    if let [Action::Forward(forward)] = listener.default_actions.as_mut_slice() {
        let group = group_arn(&format!("{pair}-2"));
        forward.groups.push(WeightedGroup { group, weight: 0 });
    }
    (balancer, listener)
}
