//! Task definitions: what AWS echoes, and what running a task needs to know of it.

use crate::{Held, Stored, Tags};
use model::{ContainerName, Family, FargateSize, Span, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// One revision of a family.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskDefinition {
    /// Family and revision.
    pub key: DefinitionKey,
    /// Whether new tasks may use it.
    pub status: DefinitionStatus,
    /// What `DescribeTaskDefinition` answers, status and dates excepted.
    pub record: Stored<api::ecs::TaskDefinition>,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// When it was deregistered, if it was.
    pub deregistered_at: Option<Timestamp>,
    /// When its deletion was asked for, if it was.
    #[serde(default)]
    pub delete_requested_at: Option<Timestamp>,
    /// Tags.
    pub tags: Tags,
    /// The containers, in the order given.
    pub containers: Vec<ContainerSpec>,
    /// Task-level CPU units and MiB, when given.
    pub cpu: Option<u32>,
    /// Task-level memory in MiB, when given.
    pub memory: Option<u32>,
    /// The role that containers get credentials for.
    pub task_role: Option<String>,
    /// The role that reads secrets and pulls images.
    pub execution_role: Option<String>,
    /// `awsvpc` or what else was given.
    pub network_mode: String,
    /// `X86_64` or `ARM64`.
    pub architecture: String,
    /// Names of volumes that live as long as the task.
    pub volumes: Vec<String>,
    /// Launch types that the definition was found fit for: `EC2`, `FARGATE`.
    pub compatibilities: Vec<String>,
}

/// A family and a revision of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DefinitionKey {
    /// The family.
    pub family: Family,
    /// Counts from 1; never reused.
    pub revision: u32,
}

/// How many revisions a family has had. It outlives them: the number of a deleted revision is never
/// given again (reference §2.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionCounter {
    /// The family.
    pub family: Family,
    /// The highest revision ever registered.
    pub last: u32,
}

/// A revision's status (reference §2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DefinitionStatus {
    /// Usable.
    Active,
    /// Deregistered: running tasks and services go on, new ones are refused.
    Inactive,
    /// Deleted as soon as nothing uses it.
    DeleteInProgress,
}

/// A container of a task definition, in the terms that running it needs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ContainerSpec {
    /// Its name, unique in the task.
    pub name: ContainerName,
    /// The image, as written.
    pub image: String,
    /// Whether the task ends with it.
    pub essential: bool,
    /// Replaces the image's entry point.
    pub entry_point: Option<Vec<String>>,
    /// Replaces the image's command.
    pub command: Option<Vec<String>>,
    /// Replaces the image's working directory.
    pub working_directory: Option<String>,
    /// Replaces the image's user.
    pub user: Option<String>,
    /// Plain variables.
    pub environment: BTreeMap<String, String>,
    /// Variables whose values are read when the task starts.
    pub secrets: Vec<SecretRef>,
    /// Ports that the container listens on.
    pub ports: Vec<PortSpec>,
    /// Containers that have to come first.
    pub depends_on: Vec<Dependency>,
    /// How long the containers that wait for this one wait.
    pub start_timeout: Option<Span>,
    /// How long the container may take between the stop signal and the kill.
    pub stop_timeout: Option<Span>,
    /// The container's own health check.
    pub health_check: Option<HealthCheck>,
    /// Where its output goes; nowhere when absent.
    pub log: Option<AwsLogs>,
    /// CPU units reserved for it; 0 when unset.
    pub cpu: u32,
    /// The memory in MiB above which it is killed.
    pub memory: Option<u32>,
    /// The memory in MiB kept for it.
    pub memory_reservation: Option<u32>,
    /// Resource limits of its processes.
    pub ulimits: Vec<Ulimit>,
    /// Whether its root file system is read-only.
    pub read_only_root: bool,
    /// Whether a small init runs as its first process.
    pub init: bool,
    /// Capabilities added and dropped.
    pub capabilities: Capabilities,
    /// Kernel parameters of its namespaces.
    pub system_controls: BTreeMap<String, String>,
    /// Labels for the container.
    pub labels: BTreeMap<String, String>,
    /// Volumes of the task that it sees.
    pub mounts: Vec<Mount>,
    /// Restarts in place, when enabled.
    pub restart: Option<RestartPolicy>,
    /// Whether a terminal is attached.
    pub tty: bool,
    /// Whether its standard input stays open.
    pub stdin: bool,
}

/// A variable and where its value is read (reference §2.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretRef {
    /// The variable's name.
    pub name: String,
    /// A Parameter Store name or ARN, or a Secrets Manager ARN with its selectors.
    pub value_from: String,
}

/// A port that a container listens on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortSpec {
    /// The port inside the task.
    pub container_port: u16,
    /// `tcp` or `udp`.
    pub protocol: String,
    /// Its name, when it has one.
    pub name: Option<String>,
}

/// A container that has to come first, and how far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependency {
    /// The container that comes first.
    pub container: ContainerName,
    /// How far it must have come.
    pub condition: DependencyCondition,
}

/// How far a dependency must have come (reference §1.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DependencyCondition {
    /// It has started.
    Start,
    /// It ran and exited, with any code.
    Complete,
    /// It ran and exited with code 0.
    Success,
    /// Its health check passed.
    Healthy,
}

/// A container's health check (reference §1.6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthCheck {
    /// What is run in the container; exit code 0 is health.
    pub command: HealthCommand,
    /// Between two runs.
    pub interval: Span,
    /// How long a run may take.
    pub timeout: Span,
    /// How many failures in a row make the container unhealthy.
    pub retries: u32,
    /// How long failures do not count.
    pub start_period: Span,
}

/// How a health check's command is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum HealthCommand {
    /// `CMD`: a program and its arguments.
    Exec(Vec<String>),
    /// `CMD-SHELL`: a line for the container's shell.
    Shell(String),
}

/// The `awslogs` log driver's options that have an effect here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwsLogs {
    /// The log group.
    pub group: String,
    /// Whether the group is made when it is missing.
    pub create_group: bool,
    /// The first part of the stream's name.
    pub prefix: String,
}

/// A resource limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ulimit {
    /// `nofile` and the like.
    pub name: String,
    /// What processes start with.
    pub soft: i64,
    /// What they may raise it to.
    pub hard: i64,
}

/// Linux capabilities.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Capabilities {
    /// Added to the default set.
    pub add: Vec<String>,
    /// Taken from the default set.
    pub drop: Vec<String>,
}

/// A volume that a container sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mount {
    /// The volume's name.
    pub volume: String,
    /// Where the container sees it.
    pub path: String,
    /// Whether the container can't write to it.
    pub read_only: bool,
}

/// Restarts in place (reference §1.6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestartPolicy {
    /// Exit codes after which there is no restart.
    pub ignored_exit_codes: Vec<i32>,
    /// How long the container must have run before it is restarted.
    pub attempt_period: Span,
}

// === impl TaskDefinition ===

impl TaskDefinition {
    /// The container called `name`.
    #[must_use]
    pub fn container(&self, name: &str) -> Option<&ContainerSpec> {
        self.containers.iter().find(|container| container.name.as_str() == name)
    }

    /// The Fargate size, when the task-level numbers are one.
    #[must_use]
    pub fn size(&self) -> Option<FargateSize> {
        FargateSize::new(self.cpu?, self.memory?).ok()
    }
}

impl Held for TaskDefinition {
    type Key = DefinitionKey;

    fn key(&self) -> DefinitionKey {
        self.key.clone()
    }
}

impl Held for RevisionCounter {
    type Key = Family;

    fn key(&self) -> Family {
        self.family.clone()
    }
}

// === impl DefinitionKey ===

/// `family:revision`.
impl fmt::Display for DefinitionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.family, self.revision)
    }
}

impl DefinitionStatus {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Inactive => "INACTIVE",
            Self::DeleteInProgress => "DELETE_IN_PROGRESS",
        }
    }
}

impl ContainerSpec {
    /// The time between stop signal and kill when the definition names none (reference §1.6).
    pub const STOP_TIMEOUT: Span = Span::seconds(30);

    /// How long the container may take between the stop signal and the kill.
    #[must_use]
    pub fn stop_timeout(&self) -> Span {
        self.stop_timeout.unwrap_or(Self::STOP_TIMEOUT)
    }
}
