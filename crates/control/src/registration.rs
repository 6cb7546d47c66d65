//! Which targets a task is: one for each target group that its deployment names.

use model::TargetGroupArn;
use world::service::ServiceBalancer;
use world::{Service, Target, TargetKey, Task, World};

/// The targets that a task is to be. A port is known once its container has started, because a
/// driver may give each task a port of its own, so before that there are none.
pub(crate) fn of(task: &Task, service: &Service) -> Vec<TargetKey> {
    let deployment = task.deployment().and_then(|id| service.deployment(id));
    let registrations = deployment.into_iter().flat_map(world::Deployment::registrations);
    let key = |(balancer, group): (&ServiceBalancer, &TargetGroupArn)| {
        let container = task.container(balancer.container.as_str())?;
        Some(TargetKey {
            group: group.clone(),
            id: task.eni.address.to_string(),
            port: container.host_port(balancer.port)?,
        })
    };
    registrations.filter_map(key).collect()
}

/// The targets that a task still is, the draining ones included.
pub(crate) fn present<'a>(task: &Task, world: &'a World) -> Vec<&'a Target> {
    let Some(service) = task.service().and_then(|key| world.services.get(&key)) else {
        return Vec::new();
    };
    of(task, service).iter().filter_map(|key| world.targets.get(key)).collect()
}

/// Whether a task is every target that it is to be. A group that does not exist is not waited for.
pub(crate) fn complete(task: &Task, world: &World) -> bool {
    let Some(service) = task.service().and_then(|key| world.services.get(&key)) else {
        return true;
    };
    of(task, service).iter().all(|key| {
        let registered = world.targets.get(key).is_some_and(|target| target.state.is_registered());
        registered || !world.target_groups.contains(&key.group)
    })
}
