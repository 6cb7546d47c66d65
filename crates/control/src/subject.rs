//! Whom a decision is about, and whom a changed row concerns.

use model::{StackArn, TargetGroupArn};
use world::{DefinitionStatus, RowKey, ServiceKey, TargetKey, TaskKey, World};

/// Whom a decision is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A task's way from PROVISIONING to STOPPED, and out of sight.
    Task(TaskKey),
    /// A service's count, deployments and events.
    Service(ServiceKey),
    /// A group's targets: first use, draining.
    Targets(TargetGroupArn),
    /// A stack's way to what its template says, or back.
    Stack(StackArn),
    /// What AWS forgets after a while: deleted clusters, secrets past recovery, client tokens.
    Sweep,
}

/// Everyone who may have something to do: whom to ask when a region starts.
pub fn everyone(world: &World) -> impl Iterator<Item = Subject> + '_ {
    let tasks = world.tasks.iter().map(|task| Subject::Task(task.key.clone()));
    let services = world.services.iter().map(|service| Subject::Service(service.key.clone()));
    let groups = world.target_groups.iter().map(|group| Subject::Targets(group.arn.clone()));
    let stacks = world.stacks.iter().map(|stack| Subject::Stack(stack.arn.clone()));
    tasks.chain(services).chain(groups).chain(stacks).chain([Subject::Sweep])
}

/// The subjects that have to look again because a row changed. The wake-up says no more than that:
/// whoever is woken looks at the World itself, so there is one path, whatever the cause.
#[must_use]
pub fn subjects(changed: &RowKey, world: &World) -> Vec<Subject> {
    match changed {
        RowKey::Task(key) => of_task(key, world),
        RowKey::Service(key) => vec![Subject::Service(key.clone())],
        RowKey::ServiceDeployment(key) => vec![Subject::Service(key.service.clone())],
        RowKey::Target(key) => of_target(key, world),
        RowKey::TargetGroup(arn) => of_group(arn, world),
        RowKey::Alarm(name) => {
            world.services_watching(name).cloned().map(Subject::Service).collect()
        }
        RowKey::Listener(_) | RowKey::Rule(_) | RowKey::LoadBalancer(_) => all_groups(world),
        RowKey::Stack(arn) => vec![Subject::Stack(arn.clone())],
        RowKey::StackResource(key) => vec![Subject::Stack(key.stack.clone())],
        RowKey::SecretItem(_)
        | RowKey::Cluster(_)
        | RowKey::ClientToken(_)
        | RowKey::Parameter(_)
        | RowKey::Repository(_)
        | RowKey::Image(_)
        | RowKey::Layer(_)
        | RowKey::TaskDefinition(_) => {
            is_fading(changed, world).then_some(Subject::Sweep).into_iter().collect()
        }
        RowKey::RevisionCounter(_)
        | RowKey::ServiceEvent(_)
        | RowKey::ServiceRevision(_)
        | RowKey::AccountSetting(_)
        | RowKey::LogGroup(_)
        | RowKey::LogStream(_)
        | RowKey::Role(_)
        | RowKey::ManagedPolicy(_)
        | RowKey::Network(_)
        | RowKey::NetworkSubnet(_)
        | RowKey::InternetGateway(_)
        | RowKey::RouteTable(_)
        | RowKey::SecurityGroup(_)
        | RowKey::ElasticAddress(_)
        | RowKey::NatGateway(_)
        | RowKey::ResourceTags(_)
        | RowKey::Dashboard(_)
        | RowKey::Topic(_)
        | RowKey::Bucket(_)
        | RowKey::Object(_)
        | RowKey::ObjectUpload(_)
        | RowKey::Distribution(_)
        | RowKey::Invalidation(_)
        | RowKey::OriginAccessControl(_)
        | RowKey::EdgeFunction(_)
        | RowKey::CachePolicy(_)
        | RowKey::OriginRequestPolicy(_)
        | RowKey::ResponseHeadersPolicy(_)
        | RowKey::Subscription(_)
        | RowKey::Budget(_)
        | RowKey::ScalableTarget(_)
        | RowKey::ScalingPolicy(_)
        | RowKey::ScheduledAction(_)
        | RowKey::StackEvent(_)
        | RowKey::ChangeSet(_)
        | RowKey::Certificate(_) => Vec::new(),
    }
}

/// A task, and the service that it belongs to.
fn of_task(key: &TaskKey, world: &World) -> Vec<Subject> {
    let service = world.tasks.get(key).and_then(world::Task::service).map(Subject::Service);
    [Subject::Task(key.clone())].into_iter().chain(service).collect()
}

/// Every target group: a listener or a rule decides whether one is in use, and they are few.
fn all_groups(world: &World) -> Vec<Subject> {
    world.target_groups.iter().map(|group| Subject::Targets(group.arn.clone())).collect()
}

/// A target group, and the services that register their tasks in it.
fn of_group(arn: &TargetGroupArn, world: &World) -> Vec<Subject> {
    let services = world.services_of(arn);
    let services = services.map(|service| Subject::Service(service.key.clone()));
    [Subject::Targets(arn.clone())].into_iter().chain(services).collect()
}

/// Whether a row will be forgotten. The sweep walks whole tables, so a row that stays, as a
/// definition that was registered only now, must not wake it.
fn is_fading(changed: &RowKey, world: &World) -> bool {
    match changed {
        RowKey::Cluster(name) => {
            world.clusters.get(name).is_some_and(|held| held.deleted_at.is_some())
        }
        RowKey::ClientToken(token) => world.tokens.contains(token),
        RowKey::SecretItem(name) => {
            world.secrets.get(name).is_some_and(|held| held.deletion_at.is_some())
        }
        RowKey::Parameter(name) => {
            world.parameters.get(name).is_some_and(|held| held.newest().expires_at.is_some())
        }
        RowKey::Repository(name) => {
            world.repositories.get(name).is_some_and(|held| held.lifecycle.is_some())
        }
        // Layers go some time after the last image that has them, and some are never in one.
        RowKey::Image(_) | RowKey::Layer(_) => true,
        RowKey::TaskDefinition(key) => world
            .definitions
            .get(key)
            .is_some_and(|held| held.status == DefinitionStatus::DeleteInProgress),
        _ => false,
    }
}

/// Its group, and the tasks at its address with their services: a task waits for its targets to be
/// registered and to be gone, a service looks at their health.
fn of_target(key: &TargetKey, world: &World) -> Vec<Subject> {
    let tasks = key.id.parse().ok().into_iter().flat_map(|address| world.tasks_at(address));
    let tasks = tasks.flat_map(|task| {
        let service = task.service().map(Subject::Service);
        [Subject::Task(task.key.clone())].into_iter().chain(service)
    });
    [Subject::Targets(key.group.clone())].into_iter().chain(tasks).collect()
}
