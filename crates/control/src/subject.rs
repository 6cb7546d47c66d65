//! Whom a decision is about, and whom a changed row concerns.

use model::TargetGroupArn;
use world::{RowKey, ServiceKey, TaskKey, World};

/// Whom a decision is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A task's way from PROVISIONING to STOPPED.
    Task(TaskKey),
    /// A service's count, deployments and events.
    Service(ServiceKey),
    /// A group's targets: first use, draining.
    Targets(TargetGroupArn),
    /// What AWS forgets after a while: stopped tasks, deleted services, secrets past recovery.
    Sweep,
}

/// The subjects that have to look again because a row changed. The wake-up says no more than that:
/// whoever is woken looks at the World itself, so there is one path, whatever the cause.
#[must_use]
pub fn subjects(changed: &RowKey, world: &World) -> Vec<Subject> {
    match changed {
        RowKey::Task(key) => {
            let service = world.tasks.get(key).and_then(world::Task::service);
            let service = service.map(Subject::Service);
            [Subject::Task(key.clone())].into_iter().chain(service).collect()
        }
        RowKey::Service(key) => vec![Subject::Service(key.clone())],
        RowKey::Target(key) => {
            let services = world.services_of(&key.group);
            let services = services.map(|service| Subject::Service(service.key.clone()));
            [Subject::Targets(key.group.clone())].into_iter().chain(services).collect()
        }
        RowKey::TargetGroup(arn) => vec![Subject::Targets(arn.clone())],
        // A listener or rule decides whether a group is in use; groups are few.
        RowKey::Listener(_) | RowKey::Rule(_) | RowKey::LoadBalancer(_) => {
            world.target_groups.iter().map(|group| Subject::Targets(group.arn.clone())).collect()
        }
        RowKey::SecretItem(_) | RowKey::Cluster(_) => vec![Subject::Sweep],
        RowKey::TaskDefinition(_)
        | RowKey::RevisionCounter(_)
        | RowKey::ServiceEvent(_)
        | RowKey::AccountSetting(_)
        | RowKey::ClientToken(_)
        | RowKey::LogGroup(_)
        | RowKey::LogStream(_)
        | RowKey::Parameter(_)
        | RowKey::Role(_) => Vec::new(),
    }
}
