//! The World: every table, and the indexes that keep work proportional to a change.

use crate::save;
use crate::service::{RevisionKey, ServiceBalancer, ServiceDeploymentKey};
use crate::stack::{StackOutput, StackStatus};
use crate::table::{Held, Table};
use crate::vpc::{
    ElasticAddress, InternetGateway, NatGateway, Network, NetworkSubnet, ResourceTags, RouteTable,
    SecurityGroup,
};
use crate::{
    AccountSetting, Action, Alarm, Bucket, Budget, CachePolicy, Certificate, ChangeSet,
    ClientToken, Cluster, Dashboard, DefinitionKey, Distribution, EdgeFunction, EventKey, Image,
    ImageKey, Invalidation, InvalidationKey, Layer, LayerKey, Listener, LoadBalancer, LogGroup,
    LogStream, LogStreamKey, ManagedPolicy, Object, ObjectKey, ObjectUpload, ObjectUploadKey,
    OriginAccessControl, OriginRequestPolicy, Parameter, Phase, Repository, ResponseHeadersPolicy,
    RevisionCounter, Role, Rule, RuleKey, ScalableTarget, ScalingKey, ScalingPolicy,
    ScheduledAction, SecretItem, Service, ServiceDeployment, ServiceEvent, ServiceKey,
    ServiceRevision, SettingKey, Stack, StackEvent, StackEventKey, StackResource, StackResourceKey,
    Subscription, Target, TargetGroup, TargetKey, Task, TaskDefinition, TaskKey, Topic, Vpc,
};
use imbl::OrdSet;
use model::{
    AlarmName, AllocationId, BucketName, BudgetName, CertificateArn, ChangeSetArn, ClusterName,
    DashboardName, DistributionId, EdgePartId, Family, FunctionName, InternetGatewayId,
    ListenerArn, LoadBalancerArn, LogGroupName, NatGatewayId, ParameterName, Place, PolicyArn,
    RepositoryName, RoleName, RouteTableId, SecretName, SecurityGroupId, StackArn, SubnetId,
    SubscriptionArn, TargetGroupArn, TopicArn, VpcId,
};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// Declares the tables: for each, its field in the World, its row type and its key type.
macro_rules! tables {
    ($($(#[$doc:meta])* $field:ident: $row:ident by $key:ty;)*) => {
        /// The region's whole state at one generation.
        #[derive(Debug, Clone)]
        pub struct World {
            /// Grows by one with each commit.
            pub generation: u64,
            /// Region and account.
            pub place: Place,
            /// The one VPC, which the driver's kind of network decides.
            pub vpc: Vpc,
            $($(#[$doc])* pub $field: Table<$row>,)*
            pub(crate) tasks_by_service: OrdSet<(ServiceKey, TaskKey)>,
            pub(crate) services_by_group: OrdSet<(TargetGroupArn, ServiceKey)>,
            pub(crate) services_by_alarm: OrdSet<(AlarmName, ServiceKey)>,
            /// Addresses of tasks that are not STOPPED.
            pub(crate) addresses: OrdSet<(Ipv4Addr, TaskKey)>,
            /// Which listeners and rules lead to a target group.
            pub(crate) uses: OrdSet<(TargetGroupArn, Use)>,
        }

        impl World {
            /// A World without rows.
            #[must_use]
            pub fn empty(place: Place, vpc: Vpc) -> Self {
                Self {
                    generation: 0,
                    place,
                    vpc,
                    $($field: Table::default(),)*
                    tasks_by_service: OrdSet::new(),
                    services_by_group: OrdSet::new(),
                    services_by_alarm: OrdSet::new(),
                    addresses: OrdSet::new(),
                    uses: OrdSet::new(),
                }
            }

            /// The row with this key, of whichever kind.
            #[must_use]
            pub fn row(&self, key: &RowKey) -> Option<Row> {
                match key {
                    $(RowKey::$row(key) => {
                        self.$field.get(key).map(|row| Row::$row(Box::new(row.clone())))
                    })*
                }
            }

            /// The saved form of the row with this key, for [`save::load`].
            #[must_use]
            pub fn saved(&self, key: &RowKey) -> Option<Vec<u8>> {
                match key {
                    $(RowKey::$row(key) => {
                        self.$field.get(key).map(|row| save::row(&SavedRow::$row(row)))
                    })*
                }
            }

            /// All rows, table by table.
            pub fn rows(&self) -> impl Iterator<Item = Row> + '_ {
                std::iter::empty()
                    $(.chain(self.$field.iter().map(|row| Row::$row(Box::new(row.clone())))))*
            }

            /// Puts a row in, with its indexes.
            pub(crate) fn put(&mut self, row: Row) {
                match row {
                    $(Row::$row(row) => {
                        if let Some(old) = self.$field.remove(&row.key()) {
                            old.unindex(self);
                        }
                        row.index(self);
                        self.$field.put(*row);
                    })*
                }
            }

            /// Takes a row out, with its indexes; answers whether there was one.
            pub(crate) fn remove(&mut self, key: &RowKey) -> bool {
                match key {
                    $(RowKey::$row(key) => match self.$field.remove(key) {
                        Some(old) => {
                            old.unindex(self);
                            true
                        }
                        None => false,
                    },)*
                }
            }
        }

        /// A row of any kind.
        #[derive(Debug, Clone, PartialEq, Deserialize)]
        #[expect(missing_docs, reason = "each variant is named after the row it holds")]
        pub enum Row {
            $($row(Box<$row>),)*
        }

        /// A row of any kind, saved from where it is and loaded as a [`Row`].
        #[derive(Serialize)]
        enum SavedRow<'a> {
            $($row(&'a $row),)*
        }

        /// The key of a row of any kind.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "each variant is named after the row it identifies")]
        pub enum RowKey {
            $($row($key),)*
        }

        impl Row {
            /// The row's key.
            #[must_use]
            pub fn key(&self) -> RowKey {
                match self {
                    $(Self::$row(row) => RowKey::$row(row.key()),)*
                }
            }
        }

        $(impl From<$row> for Row {
            fn from(row: $row) -> Self {
                Self::$row(Box::new(row))
            }
        })*
    };
}

tables! {
    /// ECS clusters, the deleted ones too for as long as AWS shows them.
    clusters: Cluster by ClusterName;
    /// Task definition revisions.
    definitions: TaskDefinition by DefinitionKey;
    /// The highest revision each family ever had.
    revisions: RevisionCounter by Family;
    /// ECS services.
    services: Service by ServiceKey;
    /// The newest events of each service.
    events: ServiceEvent by EventKey;
    /// How revisions were brought to services.
    service_deployments: ServiceDeployment by ServiceDeploymentKey;
    /// What each deployment of a service brought.
    service_revisions: ServiceRevision by RevisionKey;
    /// Tasks, the stopped ones too for as long as AWS shows them.
    tasks: Task by TaskKey;
    /// ECS account settings that differ from AWS's defaults.
    settings: AccountSetting by SettingKey;
    /// Idempotency tokens that are still remembered.
    tokens: ClientToken by String;
    /// Application Load Balancers.
    load_balancers: LoadBalancer by LoadBalancerArn;
    /// Their listeners.
    listeners: Listener by ListenerArn;
    /// Their listeners' rules, the default rule of each listener excepted.
    rules: Rule by RuleKey;
    /// Target groups.
    target_groups: TargetGroup by TargetGroupArn;
    /// Registered targets, the draining ones included.
    targets: Target by TargetKey;
    /// CloudWatch log groups.
    log_groups: LogGroup by LogGroupName;
    /// Log streams; their events are not in the World.
    log_streams: LogStream by LogStreamKey;
    /// Parameter Store.
    parameters: Parameter by ParameterName;
    /// Secrets Manager.
    secrets: SecretItem by SecretName;
    /// IAM roles.
    roles: Role by RoleName;
    /// IAM's managed policies, those that AWS keeps excepted.
    policies: ManagedPolicy by PolicyArn;
    /// VPCs that clients made.
    networks: Network by VpcId;
    /// Their subnets, and changed ones of the local VPC.
    subnets: NetworkSubnet by SubnetId;
    /// Internet gateways, the local VPC's excepted.
    internet_gateways: InternetGateway by InternetGatewayId;
    /// Route tables.
    route_tables: RouteTable by RouteTableId;
    /// Security groups.
    security_groups: SecurityGroup by SecurityGroupId;
    /// Elastic addresses.
    elastic_addresses: ElasticAddress by AllocationId;
    /// NAT gateways, the deleted ones too for as long as AWS shows them.
    nat_gateways: NatGateway by NatGatewayId;
    /// Tags of what EC2 keeps.
    resource_tags: ResourceTags by String;
    /// CloudWatch alarms.
    alarms: Alarm by AlarmName;
    /// CloudWatch dashboards.
    dashboards: Dashboard by DashboardName;
    /// Services whose count has bounds.
    scalable_targets: ScalableTarget by ServiceKey;
    /// What moves their counts.
    scaling_policies: ScalingPolicy by ScalingKey;
    /// What changes their bounds by the clock.
    scheduled_actions: ScheduledAction by ScalingKey;
    /// SNS topics.
    topics: Topic by TopicArn;
    /// Subscriptions to them.
    subscriptions: Subscription by SubscriptionArn;
    /// Certificate Manager.
    certificates: Certificate by CertificateArn;
    /// Repositories of images.
    repositories: Repository by RepositoryName;
    /// Their images.
    images: Image by ImageKey;
    /// The blobs that they hold; the bytes are not in the World.
    layers: Layer by LayerKey;
    /// S3's buckets.
    buckets: Bucket by BucketName;
    /// Versions of their objects; the bytes are not in the World.
    objects: Object by ObjectKey;
    /// Objects that come in parts.
    object_uploads: ObjectUpload by ObjectUploadKey;
    /// CloudFront's distributions.
    distributions: Distribution by DistributionId;
    /// What they were told to forget.
    invalidations: Invalidation by InvalidationKey;
    /// How they are known to their origins.
    origin_access_controls: OriginAccessControl by EdgePartId;
    /// CloudFront's functions.
    edge_functions: EdgeFunction by FunctionName;
    /// Cache policies, those that AWS keeps excepted.
    cache_policies: CachePolicy by EdgePartId;
    /// Origin request policies, those that AWS keeps excepted.
    origin_request_policies: OriginRequestPolicy by EdgePartId;
    /// Response headers policies, those that AWS keeps excepted.
    response_headers_policies: ResponseHeadersPolicy by EdgePartId;
    /// Budgets.
    budgets: Budget by BudgetName;
    /// CloudFormation's stacks, the deleted ones too for as long as AWS shows them.
    stacks: Stack by StackArn;
    /// Their resources.
    stack_resources: StackResource by StackResourceKey;
    /// Their events.
    stack_events: StackEvent by StackEventKey;
    /// Change sets.
    change_sets: ChangeSet by ChangeSetArn;
}

/// A listener, by its default actions, or a rule: whatever leads traffic to a target group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Use {
    Listener(ListenerArn),
    Rule(RuleKey),
}

/// What a row adds to the indexes; most rows add nothing.
trait Indexed {
    fn index(&self, _: &mut World) {}
    fn unindex(&self, _: &mut World) {}
}

macro_rules! not_indexed {
    ($($row:ident)*) => { $(impl Indexed for $row {})* };
}

not_indexed! {
    Cluster TaskDefinition RevisionCounter ServiceEvent ServiceDeployment ServiceRevision AccountSetting ClientToken LoadBalancer
    TargetGroup Target Alarm LogGroup LogStream Parameter SecretItem Role
    ManagedPolicy Network NetworkSubnet InternetGateway RouteTable SecurityGroup ElasticAddress NatGateway ResourceTags
    Certificate Repository Image Layer Dashboard Topic Subscription Bucket Object ObjectUpload
    Distribution Invalidation OriginAccessControl EdgeFunction CachePolicy OriginRequestPolicy ResponseHeadersPolicy
    Budget Stack StackResource StackEvent ChangeSet ScalableTarget ScalingPolicy ScheduledAction
}

impl Indexed for Task {
    fn index(&self, world: &mut World) {
        if let Some(service) = self.service() {
            world.tasks_by_service.insert((service, self.key.clone()));
        }
        if self.phase != Phase::Stopped {
            world.addresses.insert((self.eni.address, self.key.clone()));
        }
    }

    fn unindex(&self, world: &mut World) {
        if let Some(service) = self.service() {
            world.tasks_by_service.remove(&(service, self.key.clone()));
        }
        world.addresses.remove(&(self.eni.address, self.key.clone()));
    }
}

impl Indexed for Service {
    fn index(&self, world: &mut World) {
        for group in self.load_balancers.iter().flat_map(ServiceBalancer::groups) {
            world.services_by_group.insert((group.clone(), self.key.clone()));
        }
        for alarm in self.configuration.alarms.watched() {
            world.services_by_alarm.insert((alarm.clone(), self.key.clone()));
        }
    }

    fn unindex(&self, world: &mut World) {
        for group in self.load_balancers.iter().flat_map(ServiceBalancer::groups) {
            world.services_by_group.remove(&(group.clone(), self.key.clone()));
        }
        for alarm in self.configuration.alarms.watched() {
            world.services_by_alarm.remove(&(alarm.clone(), self.key.clone()));
        }
    }
}

impl Indexed for Listener {
    fn index(&self, world: &mut World) {
        for group in self.default_actions.iter().flat_map(Action::groups) {
            world.uses.insert((group.clone(), Use::Listener(self.arn.clone())));
        }
    }

    fn unindex(&self, world: &mut World) {
        for group in self.default_actions.iter().flat_map(Action::groups) {
            world.uses.remove(&(group.clone(), Use::Listener(self.arn.clone())));
        }
    }
}

impl Indexed for Rule {
    fn index(&self, world: &mut World) {
        for group in self.actions.iter().flat_map(Action::groups) {
            world.uses.insert((group.clone(), Use::Rule(self.key.clone())));
        }
    }

    fn unindex(&self, world: &mut World) {
        for group in self.actions.iter().flat_map(Action::groups) {
            world.uses.remove(&(group.clone(), Use::Rule(self.key.clone())));
        }
    }
}

// === impl World ===

impl World {
    /// The tasks of a service, those of all its deployments and the stopped ones included.
    pub fn tasks_of<'a>(&'a self, service: &'a ServiceKey) -> impl Iterator<Item = &'a Task> {
        let first = (service.clone(), TaskKey::least());
        self.tasks_by_service
            .range(first..)
            .take_while(move |(owner, _)| owner == service)
            .filter_map(|(_, task)| self.tasks.get(task))
    }

    /// Whether a task that is not STOPPED has this address.
    #[must_use]
    pub fn address_taken(&self, address: Ipv4Addr) -> bool {
        let first = (address, TaskKey::least());
        self.addresses.range(first..).next().is_some_and(|(taken, _)| *taken == address)
    }

    /// The tasks with this address that are not STOPPED. There is one at most where each task has an
    /// address of its own, which the process driver can't give on every system.
    pub fn tasks_at(&self, address: Ipv4Addr) -> impl Iterator<Item = &Task> {
        let first = (address, TaskKey::least());
        self.addresses
            .range(first..)
            .take_while(move |(taken, _)| *taken == address)
            .filter_map(|(_, task)| self.tasks.get(task))
    }

    /// Whether a listener or a rule leads to a target group.
    #[must_use]
    pub fn group_in_use(&self, group: &TargetGroupArn) -> bool {
        let first = (group.clone(), Use::Listener("".into()));
        self.uses.range(first..).next().is_some_and(|(used, _)| used == group)
    }

    /// The services that register their tasks in a target group.
    pub fn services_of<'a>(
        &'a self,
        group: &'a TargetGroupArn,
    ) -> impl Iterator<Item = &'a Service> {
        let first = (group.clone(), ServiceKey::least());
        self.services_by_group
            .range(first..)
            .take_while(move |(target_group, _)| target_group == group)
            .filter_map(|(_, service)| self.services.get(service))
    }

    /// The services whose deployments an alarm may fail.
    pub fn services_watching<'a>(
        &'a self,
        alarm: &'a AlarmName,
    ) -> impl Iterator<Item = &'a ServiceKey> {
        let first = (alarm.clone(), ServiceKey::least());
        let watching = self.services_by_alarm.range(first..);
        watching.take_while(move |(held, _)| held == alarm).map(|(_, service)| service)
    }

    /// The tasks of a cluster.
    pub fn tasks_in<'a>(&'a self, cluster: &'a ClusterName) -> impl Iterator<Item = &'a Task> {
        let first = TaskKey { cluster: cluster.clone(), ..TaskKey::least() };
        self.tasks.range(first..).take_while(move |task| task.key.cluster == *cluster)
    }

    /// The services of a cluster.
    pub fn services_in<'a>(
        &'a self,
        cluster: &'a ClusterName,
    ) -> impl Iterator<Item = &'a Service> {
        let first = ServiceKey { cluster: cluster.clone(), ..ServiceKey::least() };
        self.services.range(first..).take_while(move |service| service.key.cluster == *cluster)
    }

    /// The revisions of a family, rising.
    pub fn revisions_of<'a>(
        &'a self,
        family: &'a Family,
    ) -> impl DoubleEndedIterator<Item = &'a TaskDefinition> {
        let key = |revision| DefinitionKey { family: family.clone(), revision };
        self.definitions.range(key(0)..=key(u32::MAX))
    }

    /// The events of a service, oldest first.
    pub fn events_of<'a>(
        &'a self,
        service: &'a ServiceKey,
    ) -> impl DoubleEndedIterator<Item = &'a ServiceEvent> {
        let key = |number| EventKey { service: service.clone(), number };
        self.events.range(key(0)..=key(u64::MAX))
    }

    /// The targets of a target group, the draining ones included.
    pub fn targets_of<'a>(&'a self, group: &'a TargetGroupArn) -> impl Iterator<Item = &'a Target> {
        let first = TargetKey { group: group.clone(), ..TargetKey::least() };
        self.targets.range(first..).take_while(move |target| target.key.group == *group)
    }

    /// The listeners of a load balancer.
    pub fn listeners_of<'a>(
        &'a self,
        balancer: &'a LoadBalancerArn,
    ) -> impl Iterator<Item = &'a Listener> {
        self.listeners.iter().filter(move |listener| listener.load_balancer == *balancer)
    }

    /// The rules of a listener in the order in which they are tried, the default one excepted.
    pub fn rules_of<'a>(&'a self, listener: &'a ListenerArn) -> impl Iterator<Item = &'a Rule> {
        let key = |priority| RuleKey { listener: listener.clone(), priority };
        self.rules.range(key(0)..=key(u32::MAX))
    }

    /// The resources of a stack, and those that it had and that are still to be removed.
    pub fn resources_of<'a>(
        &'a self,
        stack: &'a StackArn,
    ) -> impl Iterator<Item = &'a StackResource> {
        let first = StackResourceKey { stack: stack.clone(), logical: String::new(), past: 0 };
        self.stack_resources.range(first..).take_while(move |held| held.key.stack == *stack)
    }

    /// The events of a stack, oldest first.
    pub fn stack_events_of<'a>(
        &'a self,
        stack: &'a StackArn,
    ) -> impl DoubleEndedIterator<Item = &'a StackEvent> {
        let key = |number| StackEventKey { stack: stack.clone(), number };
        self.stack_events.range(key(0)..=key(u64::MAX))
    }

    /// What other stacks may import: the outputs with a name for it, by that name.
    pub fn exports(&self) -> impl Iterator<Item = (&Stack, &StackOutput)> {
        let alive = self.stacks.iter().filter(|stack| stack.status != StackStatus::DeleteComplete);
        alive.flat_map(|stack| {
            let exported = stack.outputs.iter().filter(|output| output.export.is_some());
            exported.map(move |output| (stack, output))
        })
    }

    /// The streams of a log group.
    pub fn streams_of<'a>(
        &'a self,
        group: &'a LogGroupName,
    ) -> impl Iterator<Item = &'a LogStream> {
        let first = LogStreamKey { group: group.clone(), stream: "".into() };
        self.log_streams.range(first..).take_while(move |stream| stream.key.group == *group)
    }
}
