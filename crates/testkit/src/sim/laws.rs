//! What holds whatever happens. The formulas here are not the scheduler's: they say the rule again,
//! in the simplest way, so that a mistake in one is a contradiction and not an agreement.

mod explain;

use super::hands::Hands;
use control::{Action, Decision, Moment, Subject, waits};
use explain::Told;
use model::{ContainerName, DeploymentId, TargetGroupArn};
use std::collections::BTreeMap;
use world::service::{RolloutState, ServiceDeploymentStatus as Status, ServiceStatus};
use world::{
    HealthStatus, Phase, Row, Service, ServiceKey, StopCode, TargetState, Task, TaskKey,
    WeightedGroup, World,
};

/// Whether a target in this state is checked.
pub(super) fn is_checked(state: &TargetState) -> bool {
    matches!(state, TargetState::Checking | TargetState::Healthy | TargetState::Unhealthy(_))
}

/// A decision, and the Worlds before and after it.
pub(super) struct Made<'a> {
    pub(super) before: &'a World,
    pub(super) subject: &'a Subject,
    pub(super) decision: &'a Decision,
    pub(super) after: &'a World,
    pub(super) moment: Moment,
}

/// The laws of a decision.
pub(super) fn after_decision(made: &Made<'_>) {
    let Made { before, after, moment, .. } = *made;
    for row in &made.decision.rows {
        match row {
            Row::Task(task) => {
                forward(before.tasks.get(&task.key), task);
                by_its_service(before.tasks.get(&task.key), task, made.subject);
            }
            Row::ServiceDeployment(held) => {
                let ended = before.service_deployments.get(&held.key);
                let ended = ended.is_some_and(world::ServiceDeployment::has_ended);
                assert!(!ended, "{:?} has ended and changes", held.key);
            }
            _ => {}
        }
    }
    if let Subject::Service(key) = made.subject {
        Told::of(key, before, made.decision, after).holds(moment.now, moment.pace);
        let service = before.services.get(key);
        if let Some(service) = service.filter(|held| held.status == ServiceStatus::Active) {
            floor(made, service);
            ceiling(before, service, after);
            weights(before, service, after);
        }
    }
}

/// A task never goes back, and the first reason to stop is kept.
fn forward(before: Option<&Task>, task: &Task) {
    let Some(before) = before else { return };
    assert!(before.phase <= task.phase, "{:?}: {:?} -> {:?}", task.key, before.phase, task.phase);
    assert!(before.stop.is_none() || before.stop == task.stop, "{:?} was told twice", task.key);
    assert!(before.version <= task.version, "{:?}: the version goes back", task.key);
}

/// Only a service starts tasks of its own, and only it stops them in its name: what its events do not
/// tell did not happen.
fn by_its_service(before: Option<&Task>, task: &Task, subject: &Subject) {
    let scheduled = |task: &Task| {
        task.stop.as_ref().is_some_and(|stop| stop.code == StopCode::ServiceSchedulerInitiated)
    };
    let told = before.is_none() || (scheduled(task) && !before.is_some_and(scheduled));
    let own = task.service().map(Subject::Service);
    assert!(!told || own.as_ref() == Some(subject), "{:?} by {subject:?}", task.key);
}

/// The scheduler never takes healthy tasks below the floor. What dies by itself it can't help.
fn floor(made: &Made<'_>, service: &Service) {
    let floor = (service.desired_count * service.configuration.minimum_percent).div_ceil(100);
    let floor = usize::try_from(floor).unwrap_or(usize::MAX);
    let healthy = |world| healthy(world, &service.key, made.moment);
    let (had, has) = (healthy(made.before), healthy(made.after));
    assert!(
        has >= floor.min(had),
        "{:?}: {has} healthy tasks, {had} before, the floor is {floor}",
        service.key
    );
}

fn healthy(world: &World, service: &ServiceKey, moment: Moment) -> usize {
    world.tasks_of(service).filter(|task| is_healthy(task, world, moment)).count()
}

/// RUNNING, not told to stop, no target of its address that is not healthy, its own checks passing;
/// without target and check, RUNNING for 40 s.
fn is_healthy(task: &Task, world: &World, moment: Moment) -> bool {
    let checked = world.definitions.get(&task.definition).is_some_and(|definition| {
        let mut essential = definition.containers.iter().filter(|container| container.essential);
        essential.any(|container| container.health_check.is_some())
    });
    let checks_pass = world
        .definitions
        .get(&task.definition)
        .is_none_or(|definition| !checked || task.health(definition) == HealthStatus::Healthy);
    let address = task.eni.address.to_string();
    let groups = task.service().and_then(|key| world.services.get(&key));
    let groups = groups.and_then(|service| service.deployment(task.deployment()?));
    let targets_pass = groups.is_none_or(|deployment| {
        deployment.registrations().all(|(_, group)| {
            let mut targets = world.targets_of(group);
            targets.any(|target| target.key.id == address && target.state == TargetState::Healthy)
        })
    });
    let balanced = groups.is_some_and(|deployment| deployment.registrations().next().is_some());
    let proved = task.times.started.map(|at| at + moment.pace.wait(waits::RUNNING_IS_HEALTHY));
    let ran = checked || balanced || proved.is_some_and(|proved| proved <= moment.now);
    task.phase == Phase::Running && task.stop.is_none() && checks_pass && targets_pass && ran
}

/// The scheduler never starts tasks beyond the ceiling.
fn ceiling(before: &World, service: &Service, after: &World) {
    let ceiling = service.desired_count * service.configuration.maximum_percent / 100;
    let ceiling = usize::try_from(ceiling).unwrap_or(usize::MAX);
    let beside = after.services.get(&service.key).is_some_and(|held| are_beside(held, after));
    let mut sides: BTreeMap<Option<&DeploymentId>, (usize, usize)> = BTreeMap::new();
    for task in after.tasks_of(&service.key).filter(|task| task.stop.is_none()) {
        // Revisions beside each other have a ceiling each.
        let (has, started) = sides.entry(task.deployment().filter(|_| beside)).or_default();
        *has += 1;
        *started += usize::from(!before.tasks.contains(&task.key));
    }
    for (side, (has, started)) in sides {
        assert!(
            started == 0 || has <= ceiling,
            "{:?}: {has} tasks of {side:?} after {started} were started, the ceiling is {ceiling}",
            service.key
        );
    }
}

/// Whether revisions of a service run beside each other, as far as its newest deployment goes.
fn are_beside(service: &Service, world: &World) -> bool {
    let newest = world.current_deployment(service).filter(|newest| newest.position.is_some());
    newest.is_some_and(|newest| {
        !matches!(newest.status, Status::Successful | Status::RollbackSuccessful)
    })
}

/// Who is given requests can answer them: a group whose weight rises from nothing has a healthy task,
/// unless the other groups of its rule have none either, or nobody is to run.
fn weights(before: &World, service: &Service, after: &World) {
    let rules = service.load_balancers.iter().filter_map(|held| held.pair.as_ref());
    for rule in rules.flat_map(|pair| [Some(&pair.production), pair.test.as_ref()]).flatten() {
        let (Some(old), Some(new)) = (before.rule_with(rule), after.rule_with(rule)) else {
            continue;
        };
        let able = |group: &TargetGroupArn| {
            before.targets_of(group).any(|target| target.state == TargetState::Healthy)
        };
        let weight = |of: &[WeightedGroup], group: &TargetGroupArn| {
            of.iter().find(|held| held.group == *group).map_or(0, |held| held.weight)
        };
        let served = old.forwards().iter().any(|held| held.weight > 0 && able(&held.group));
        for held in new.forwards() {
            let rises = held.weight > 0 && weight(old.forwards(), &held.group) == 0;
            assert!(
                !rises || able(&held.group) || !served || service.desired_count == 0,
                "{rule} leads to {}, which has no healthy task",
                held.group
            );
        }
        let sum: u32 = new.forwards().iter().map(|held| held.weight).sum();
        assert!(sum > 0, "{rule} leads nowhere");
    }
}

/// The laws of an action.
pub(super) fn before_action(action: &Action, world: &World) {
    match action {
        Action::Signal { task, container } => {
            if let Some(task) = world.tasks.get(task) {
                signal(task, container, world);
            }
        }
        Action::Close { task } => {
            let alive = world.tasks.get(task).into_iter().flat_map(|task| &task.containers);
            let alive = alive.filter(|container| container.state.may_run()).count();
            assert_eq!(alive, 0, "{task:?} is closed, containers of it may run");
        }
        _ => {}
    }
}

/// A container gets no stop signal while the load balancer may still send it requests, or another
/// container needs it.
fn signal(task: &Task, container: &ContainerName, world: &World) {
    let address = task.eni.address.to_string();
    let target = world.targets.iter().find(|target| target.key.id == address);
    assert!(target.is_none(), "{:?} is signalled, its target is {target:?}", task.key);
    let definition = world.definitions.get(&task.definition);
    let needs = |other: &world::ContainerSpec| {
        other.depends_on.iter().any(|dependency| dependency.container == *container)
    };
    for other in definition.iter().flat_map(|held| &held.containers).filter(|held| needs(held)) {
        let ended = task.container(other.name.as_str()).is_none_or(|held| held.state.is_stopped());
        assert!(ended, "{container} is signalled, {} depends on it", other.name);
    }
}

/// When a task is STOPPED, nothing of it is left.
pub(super) fn after_stop(world: &World, key: &TaskKey, hands: &Hands) {
    if world.tasks.get(key).is_none_or(|task| task.phase != Phase::Stopped) {
        return;
    }
    assert!(!hands.networks.contains(key), "{key:?} is STOPPED, its network is not gone");
    let left = hands.processes.keys().find(|(task, _)| task == key);
    assert_eq!(left, None, "{key:?} is STOPPED, a container of it is not gone");
}

/// The laws of a World in which nobody has anything to do.
pub(super) fn at_rest(world: &World) {
    let mut addresses = BTreeMap::new();
    for task in world.tasks.iter().filter(|task| task.phase != Phase::Stopped) {
        let other = addresses.insert(task.eni.address, &task.key);
        assert_eq!(other, None, "{:?} has the address of another task", task.key);
        owned(world, task);
    }
    for service in world.services.iter() {
        under_way(world, service);
    }
}

/// One service deployment goes on at most, it is the newest one, and it goes on for exactly as long
/// as the PRIMARY deployment is IN_PROGRESS.
fn under_way(world: &World, service: &Service) {
    let held = world.service_deployments_of(&service.key).filter(|held| !held.has_ended());
    let held: Vec<_> = held.map(|held| &held.key.id).collect();
    if service.status == ServiceStatus::Inactive {
        return assert!(held.is_empty(), "{:?} is INACTIVE, {held:?} goes on", service.key);
    }
    let rolls = service.primary().is_some_and(|held| held.rollout == RolloutState::InProgress);
    let expected = service.current.as_ref().filter(|_| rolls);
    if service.status == ServiceStatus::Active {
        assert_eq!(held, Vec::from_iter(expected), "{:?}", service.key);
    }
}

/// Every task of a service has that service.
fn owned(world: &World, task: &Task) {
    let Some(key) = task.service() else { return };
    let service = world.services.get(&key);
    let gone = service.is_none_or(|service| service.status == ServiceStatus::Inactive);
    assert!(!gone || task.phase >= Phase::Deprovisioning, "{:?} has no owner", task.key);
    let by_scheduler = |stop: &world::Stop| stop.code == StopCode::ServiceSchedulerInitiated;
    assert!(service.is_some() || task.stop.as_ref().is_some_and(by_scheduler));
}
