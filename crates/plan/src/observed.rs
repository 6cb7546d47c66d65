//! What was observed at an AWS endpoint, as far as a wish is concerned by it.
//!
//! It may be incomplete and is a little old: whoever plans by it must be able to plan again.

use api::{autoscaling, ecs, elbv2};
use model::{Secret, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What there is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observed {
    /// The account's twelve digits.
    pub account: String,
    /// The region's name.
    pub region: String,
    /// When the stack of the environment was changed last, where it has one.
    pub stack: Option<Timestamp>,
    /// The cluster, when it is ACTIVE.
    pub cluster: Option<ecs::Cluster>,
    /// The subnets of the tasks: those of the default VPC, one a zone, or those that were named.
    pub subnets: Vec<String>,
    /// The default VPC.
    pub vpc: Option<String>,
    /// The security groups of the tasks: the network's default one, or those that were named.
    pub security_groups: Vec<String>,
    /// Whether tasks have public addresses: those in subnets without a way out of their own need them.
    pub public: bool,
    /// Log groups by name, with the days that they keep events.
    pub log_groups: BTreeMap<String, Option<i32>>,
    /// Roles by name, with their ARNs.
    pub roles: BTreeMap<String, Role>,
    /// The load balancer.
    pub balancer: Option<elbv2::LoadBalancer>,
    /// Its listeners.
    pub listeners: Vec<elbv2::Listener>,
    /// The rules of its plain listener, the default one excepted.
    pub rules: Vec<elbv2::Rule>,
    /// Target groups by name.
    pub groups: BTreeMap<String, Group>,
    /// The rules of a stack that lead to two target groups, by service.
    pub pair_rules: BTreeMap<String, elbv2::Rule>,
    /// The ARN of the role with which ECS moves requests between the two.
    pub infrastructure_role: Option<String>,
    /// The newest ACTIVE task definition of each family.
    pub definitions: BTreeMap<String, Definition>,
    /// ACTIVE services of the cluster by name.
    pub services: BTreeMap<String, ecs::Service>,
    /// How services' counts are moved, by the service's name.
    pub scaling: BTreeMap<String, Scaling>,
    /// Parameters that are there, of those that the wish names.
    pub parameters: BTreeSet<String>,
    /// Secrets that are there, of those that the wish names, with their ARNs.
    pub secrets: BTreeMap<String, String>,
    /// Alarms that are there, of those that the wish names, with their states in AWS's words.
    pub alarms: BTreeMap<String, String>,
    /// Tasks of backing services that are ready, by the service's name.
    pub ready: BTreeMap<String, Ready>,
    /// What is kept where backing services give values, by source: `ssm:/shop/url`.
    pub given: BTreeMap<String, Given>,
    /// ARNs of task definitions whose one-off task has ended well.
    pub prepared: BTreeSet<String>,
}

/// How a service's count is moved.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scaling {
    /// Its bounds; absent when nobody moves it.
    pub target: Option<autoscaling::ScalableTarget>,
    /// By what.
    pub policies: Vec<autoscaling::ScalingPolicy>,
    /// What moves the bounds.
    pub actions: Vec<autoscaling::ScheduledAction>,
}

/// A task of a backing service that runs and is healthy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ready {
    /// Its id.
    pub task: String,
    /// Its address.
    pub host: String,
    /// The port at which it is reached there.
    pub port: u16,
    /// What it printed, if that was asked for.
    pub output: Secret,
}

/// A value that is kept where a backing service gives one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// The value, where it is a text.
    pub value: Option<Secret>,
    /// What its description says, by which values that were given are told from others.
    pub description: String,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Role {
    /// Its ARN.
    pub arn: String,
    /// ARNs of attached policies.
    pub attached: BTreeSet<String>,
    /// Inline policies by name, as JSON texts.
    pub inline: BTreeMap<String, String>,
}

/// A target group with its attributes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// The group.
    pub group: elbv2::TargetGroup,
    /// Its attributes.
    pub attributes: BTreeMap<String, String>,
}

/// A task definition with its tags.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Definition {
    /// The definition.
    pub definition: ecs::TaskDefinition,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

impl Definition {
    /// Its ARN.
    #[must_use]
    pub fn arn(&self) -> &str {
        self.definition.task_definition_arn.as_deref().unwrap_or_default()
    }
}
