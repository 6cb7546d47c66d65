//! The open actions of a task: what its row implies that the hands have to do.

use super::effective;
use crate::action::{Action, Launch, Network, Probe};
use model::{ContainerName, Timestamp};
use world::task::Attachment;
use world::{Container, ContainerState, Phase, Task, World};

/// An action that is open, without what it takes to carry it out. Two of them are the same when
/// carrying out one carries out the other.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Open {
    Network,
    Pull(ContainerName),
    /// With the number of restarts: each restart is a start of its own.
    Start(ContainerName, u32),
    Signal(ContainerName),
    Kill(ContainerName),
    /// With the time it was sent: each probe is one of its own.
    Probe(ContainerName, Timestamp),
    Close,
}

/// The actions of a task that its new row adds to those of the old one.
pub(super) fn added(world: &World, before: &Task, task: &Task) -> Vec<Action> {
    let before = open(before);
    let added = open(task).into_iter().filter(|action| !before.contains(action));
    added.filter_map(|action| expand(&action, task, world)).collect()
}

/// All open actions of a task, in the order in which the containers are defined.
pub(crate) fn all(world: &World, task: &Task) -> Vec<Action> {
    open(task).iter().filter_map(|action| expand(action, task, world)).collect()
}

fn open(task: &Task) -> Vec<Open> {
    let of_task = match (task.phase, task.attachment) {
        (Phase::Stopped, _) | (_, Attachment::Deleted) => return Vec::new(),
        (Phase::Deprovisioning, _) => Some(Open::Close),
        (Phase::Provisioning, Attachment::Attaching) => Some(Open::Network),
        _ => None,
    };
    of_task.into_iter().chain(task.containers.iter().flat_map(of_container)).collect()
}

fn of_container(container: &Container) -> Option<Open> {
    let name = container.name.clone();
    match container.state {
        ContainerState::Pulling => Some(Open::Pull(name)),
        ContainerState::Starting { .. } => Some(Open::Start(name, container.restarts)),
        ContainerState::Running { .. } if container.health.is_probing() => {
            container.health.probing_since.map(|sent| Open::Probe(name, sent))
        }
        ContainerState::Stopping { killed: false, .. } => Some(Open::Signal(name)),
        ContainerState::Stopping { killed: true, .. } => Some(Open::Kill(name)),
        ContainerState::Pending
        | ContainerState::Pulled
        | ContainerState::Running { .. }
        | ContainerState::Stopped { .. } => None,
    }
}

/// The action with all that it takes. It is absent when the task's definition was taken out of the
/// World by hand; the task then fails to start or ends without a signal.
fn expand(open: &Open, task: &Task, world: &World) -> Option<Action> {
    let key = task.key.clone();
    Some(match open {
        Open::Network => Action::OpenNetwork(network(task, world)),
        Open::Pull(container) => pull(task, container, world)?,
        Open::Start(container, _) => Action::Start(Box::new(launch(task, container, world)?)),
        Open::Signal(container) => Action::Signal { task: key, container: container.clone() },
        Open::Kill(container) => Action::Kill { task: key, container: container.clone() },
        Open::Probe(container, _) => Action::Probe(probe(task, container, world)?),
        Open::Close => Action::Close { task: key },
    })
}

fn network(task: &Task, world: &World) -> Network {
    let containers = world.definitions.get(&task.definition).into_iter();
    let ports = containers.flat_map(|held| &held.containers).flat_map(|held| &held.ports);
    Network { task: task.key.clone(), address: task.eni.address, ports: ports.cloned().collect() }
}

/// Later tasks of a deployment pull the digest that its first one got.
fn pull(task: &Task, container: &ContainerName, world: &World) -> Option<Action> {
    let spec = world.definitions.get(&task.definition)?.container(container.as_str())?;
    let spec = effective::container(spec, &task.overrides);
    let service = task.service().and_then(|key| world.services.get(&key));
    let deployment = service.zip(task.deployment()).and_then(|(held, id)| held.deployment(id));
    Some(Action::Pull {
        task: task.key.clone(),
        container: container.clone(),
        digest: deployment.and_then(|deployment| deployment.images.get(container).cloned()),
        words: spec.entry_point.into_iter().chain(spec.command).flatten().collect(),
        image: spec.image,
    })
}

fn launch(task: &Task, name: &ContainerName, world: &World) -> Option<Launch> {
    let definition = world.definitions.get(&task.definition)?;
    let container = task.container(name.as_str())?;
    let spec = effective::container(definition.container(name.as_str())?, &task.overrides);
    let secrets = spec.secrets.iter().filter_map(|secret| {
        task.secrets.get(&secret.value_from).map(|value| (secret.name.clone(), value.clone()))
    });
    Some(Launch {
        task: task.key.clone(),
        task_arn: world.place.task_arn(&task.key.cluster, &task.key.id),
        image: spec.image.clone(),
        digest: container.image_digest.clone(),
        secrets: secrets.collect(),
        runtime_id: container.runtime_id.clone().unwrap_or_default(),
        attempt: container.restarts,
        log: super::logs::stream(&spec, &task.key),
        task_cpu: task.cpu,
        task_memory: task.memory,
        task_role: task.overrides.task_role_arn.clone().or_else(|| definition.task_role.clone()),
        spec,
    })
}

fn probe(task: &Task, name: &ContainerName, world: &World) -> Option<Probe> {
    let definition = world.definitions.get(&task.definition)?;
    let check = definition.container(name.as_str())?.health_check.as_ref()?;
    Some(Probe {
        task: task.key.clone(),
        container: name.clone(),
        command: check.command.clone(),
        timeout: check.timeout,
    })
}
