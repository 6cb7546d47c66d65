//! Targets are registered as soon as their containers run, and deregistered a pass after their
//! tasks were told to stop (reference §3.3, §3.11).

use super::events;
use super::pass::Pass;
use crate::registration;
use model::{DeploymentId, TargetGroupArn};
use std::collections::BTreeMap;
use world::{Phase, Target, TargetKey, TargetState, Task};

/// Registers the tasks that are not in their target groups yet. They are there before they are
/// RUNNING; a target that somebody else takes out of a RUNNING task's group is not put back.
pub(super) fn register(pass: &mut Pass<'_>) {
    let mut registered: BTreeMap<TargetGroupArn, usize> = BTreeMap::new();
    for task in tasks(pass, |task| task.is_wanted() && task.phase == Phase::Activating) {
        for key in missing(&task, pass) {
            *registered.entry(key.group.clone()).or_default() += 1;
            let zone = Some(task.eni.zone.to_string());
            let owner = Some(pass.service.key.clone());
            pass.put_target(Target::registered(key, zone, owner, pass.now()));
        }
    }
    for (group, count) in registered {
        let message = events::registered(&pass.service.key.name, count, &group);
        pass.tell(message);
    }
}

/// Deregisters the tasks that were told to stop: their targets drain.
pub(super) fn deregister(pass: &mut Pass<'_>) {
    let mut groups: BTreeMap<TargetGroupArn, usize> = BTreeMap::new();
    let mut deployments: BTreeMap<DeploymentId, usize> = BTreeMap::new();
    for task in tasks(pass, is_leaving) {
        let keys = registered(&task, pass);
        if let (Some(deployment), false) = (task.deployment(), keys.is_empty()) {
            *deployments.entry(deployment.clone()).or_default() += 1;
        }
        for key in keys {
            *groups.entry(key.group.clone()).or_default() += 1;
            drain(pass, &key);
        }
    }
    for (group, count) in groups {
        let message = events::deregistered(&pass.service.key.name, count, &group);
        pass.tell(message);
    }
    for (deployment, count) in deployments {
        let message = events::draining(&pass.service.key.name, &deployment, count);
        pass.tell(message);
    }
}

/// Whether a task that was told to stop is still registered.
pub(super) fn has_leavers(pass: &Pass<'_>) -> bool {
    pass.tasks().any(|task| is_leaving(task) && !registered(task, pass).is_empty())
}

fn is_leaving(task: &Task) -> bool {
    !task.is_wanted() && task.phase < Phase::Deprovisioning
}

fn tasks(pass: &Pass<'_>, wanted: impl Fn(&Task) -> bool) -> Vec<Task> {
    pass.tasks().filter(|task| wanted(task)).cloned().collect()
}

fn missing(task: &Task, pass: &Pass<'_>) -> Vec<TargetKey> {
    let mut keys = registration::of(task, &pass.service);
    keys.retain(|key| {
        let target = pass.target(key);
        let registered = target.is_some_and(|target| target.state.is_registered());
        !registered && pass.world.target_groups.contains(&key.group)
    });
    keys
}

fn registered(task: &Task, pass: &Pass<'_>) -> Vec<TargetKey> {
    let mut keys = registration::of(task, &pass.service);
    keys.retain(|key| pass.target(key).is_some_and(|target| target.state.is_registered()));
    keys
}

fn drain(pass: &mut Pass<'_>, key: &TargetKey) {
    let delay = pass.world.target_groups.get(&key.group).map(|group| group.deregistration_delay());
    let until = pass.now() + pass.moment.pace.wait(delay.unwrap_or_default());
    if let Some(target) = pass.target(key) {
        let drained = target.turned(TargetState::Draining { until }, pass.now());
        pass.put_target(drained);
    }
}
