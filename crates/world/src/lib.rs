//! The local region's state.
//!
//! A [`World`] is an immutable value; whoever wants to change it makes a [`Draft`], and the engine,
//! which is the only writer, commits the draft as the next World. A World is cheap to clone and to
//! keep, so readers never wait and nothing is ever locked.
//!
//! What lives here is data and its lifecycles: which events a task accepts in which phase, what a
//! row looks like when it is saved. What *should* happen next is decided in `control`; what a client
//! may ask is decided in `services`.
//!
//! This room must not know: any protocol, any driver, any clock. Time comes in with each change.
//!
//! Start reading at [`snapshot`] (which rows there are), then [`task`].

pub mod alarm;
pub mod balancer;
pub mod bucket;
pub mod budget;
pub mod certificate;
pub mod cluster;
pub mod container;
pub mod dashboard;
pub mod definition;
pub mod draft;
pub mod edge;
pub mod event;
pub mod health;
pub mod log;
pub mod network;
pub mod object;
pub mod parameter;
pub mod policy;
pub mod registry;
pub mod role;
pub mod save;
pub mod scaling;
pub mod secret;
pub mod service;
pub mod setting;
pub mod snapshot;
pub mod stack;
pub mod stored;
pub mod table;
pub mod target;
pub mod task;
pub mod token;
pub mod topic;
pub mod vpc;

pub use alarm::{Alarm, AlarmEntry, AlarmState};
pub use balancer::{
    Action, Condition, Forward, Listener, LoadBalancer, Rule, RuleKey, WeightedGroup,
};
pub use bucket::Bucket;
pub use budget::Budget;
pub use certificate::Certificate;
pub use cluster::Cluster;
pub use container::{Container, ContainerState, PortBinding};
pub use dashboard::Dashboard;
pub use definition::{
    ContainerSpec, DefinitionKey, DefinitionStatus, RevisionCounter, TaskDefinition,
};
pub use draft::{Draft, Effect, Mark};
pub use edge::{
    CachePolicy, Distribution, EdgeFunction, Invalidation, InvalidationKey, OriginAccessControl,
    OriginRequestPolicy, ResponseHeadersPolicy,
};
pub use event::{EventKey, ServiceEvent};
pub use health::{ContainerHealth, HealthStatus};
pub use log::{
    LogAsk, LogEvent, LogGroup, LogMark, LogPage, LogPlace, LogStream, LogStreamKey, LogSummary,
    StoredEvent,
};
pub use network::{Eni, Subnet, Vpc};
pub use object::{Object, ObjectKey, ObjectUpload, ObjectUploadKey};
pub use parameter::Parameter;
pub use policy::{ManagedPolicy, PolicyVersion};
pub use registry::{Image, ImageKey, Layer, LayerKey, Repository};
pub use role::Role;
pub use scaling::{ScalableTarget, ScalingKey, ScalingPolicy, ScheduledAction};
pub use secret::SecretItem;
pub use service::{Deployment, Service, ServiceDeployment, ServiceKey, ServiceRevision};
pub use setting::{AccountSetting, SettingKey};
pub use snapshot::{Row, RowKey, World};
pub use stack::{ChangeSet, Stack, StackEvent, StackEventKey, StackResource, StackResourceKey};
pub use stored::Stored;
pub use table::{Held, Table};
pub use target::{Target, TargetGroup, TargetHealth, TargetKey, TargetState};
pub use task::{NoAddress, Phase, Stop, StopCode, Task, TaskKey, TaskOrder, TaskReport};
pub use token::ClientToken;
pub use topic::{Subscription, Topic};

/// Tags of any resource, by key.
pub type Tags = std::collections::BTreeMap<String, String>;
