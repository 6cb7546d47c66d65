//! What a service knows of one of its tasks: whether it is healthy (reference §3.3).

use super::pass::Pass;
use crate::registration;
use crate::waits;
use model::{TargetGroupArn, Timestamp};
use world::{HealthStatus, Phase, TargetKey, TargetState, Task};

/// How a task that was not told to stop stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is not RUNNING yet.
    Pending,
    /// It is RUNNING, and its checks have said nothing that counts.
    Waiting,
    /// It is healthy, but its targets have not been watched for long.
    Fresh,
    /// It is healthy.
    Settled,
    /// A check failed that counts.
    Unhealthy(Ailment),
}

/// What is wrong with a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ailment {
    /// A container's health check.
    Container,
    /// A target group's health check.
    Target {
        /// The group.
        group: TargetGroupArn,
        /// The target's port.
        port: u16,
        /// Why, in AWS's words.
        reason: String,
    },
    /// Somebody else took the target out of its group, or deleted the group.
    Lost {
        /// The group.
        group: TargetGroupArn,
        /// What is not there, in AWS's words.
        what: &'static str,
    },
}

/// What one check of a task says.
enum Check {
    Passes,
    Open,
    Fails(Ailment),
}

/// How a task stands. Asks for a pass when time alone will change that.
///
/// With target groups a task is healthy when it is in all of them and its containers' checks pass;
/// without, when those pass; without any check, when it has been RUNNING for 40 s. A failure counts
/// only after the grace period, which begins when the task is RUNNING; a success counts at once.
pub(super) fn standing(task: &Task, pass: &mut Pass<'_>) -> Standing {
    let Some(started) = task.times.started.filter(|_| task.phase == Phase::Running) else {
        return Standing::Pending;
    };
    let targets = registration::of(task, &pass.service);
    let mut checks: Vec<Check> = targets.iter().map(|key| target(key, pass)).collect();
    checks.extend(containers(task, pass));
    if checks.is_empty() {
        let healthy = pass.waited(started, waits::RUNNING_IS_HEALTHY);
        return if healthy { Standing::Settled } else { Standing::Waiting };
    }
    let open = checks.iter().any(|check| matches!(check, Check::Open));
    let failed = checks.into_iter().find_map(|check| match check {
        Check::Fails(ailment) => Some(ailment),
        Check::Passes | Check::Open => None,
    });
    match failed {
        Some(_) if excused(started, pass) => Standing::Waiting,
        Some(ailment) => Standing::Unhealthy(ailment),
        None if open => Standing::Waiting,
        None => watched(&targets, pass),
    }
}

/// Whether failures are ignored still. The grace period covers the container's own time, so speed
/// does not shorten it.
fn excused(started: Timestamp, pass: &mut Pass<'_>) -> bool {
    let grace = pass.service.grace;
    !pass.passed(started + grace)
}

/// A healthy task whose targets were registered only just is not one to stop an old task for.
fn watched(targets: &[TargetKey], pass: &mut Pass<'_>) -> Standing {
    let registered = targets.iter().filter_map(|key| pass.target(key));
    match registered.map(|target| target.registered_at).max() {
        Some(latest) if !pass.waited(latest, waits::SETTLE) => Standing::Fresh,
        _ => Standing::Settled,
    }
}

fn target(key: &TargetKey, pass: &Pass<'_>) -> Check {
    let lost = |what| Check::Fails(Ailment::Lost { group: key.group.clone(), what });
    if !pass.world.target_groups.contains(&key.group) {
        return lost("TARGET GROUP");
    }
    match pass.target(key).map(|target| &target.state) {
        None | Some(TargetState::Draining { .. }) => lost("TARGET"),
        Some(TargetState::Healthy) => Check::Passes,
        Some(TargetState::Registering | TargetState::Checking | TargetState::NotInUse) => {
            Check::Open
        }
        Some(TargetState::Unhealthy(why)) => Check::Fails(Ailment::Target {
            group: key.group.clone(),
            port: key.port,
            reason: why.to_string(),
        }),
    }
}

/// The containers' own checks, when an essential one has any.
fn containers(task: &Task, pass: &Pass<'_>) -> Option<Check> {
    let definition = pass.world.definitions.get(&task.definition)?;
    let mut essential = definition.containers.iter().filter(|container| container.essential);
    essential.any(|container| container.health_check.is_some()).then(|| {
        match task.health(definition) {
            HealthStatus::Healthy => Check::Passes,
            HealthStatus::Unknown => Check::Open,
            HealthStatus::Unhealthy => Check::Fails(Ailment::Container),
        }
    })
}
