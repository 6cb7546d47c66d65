//! A service's tasks at a glance: whose each is, where it runs and how it stands.

use super::count::{Side, Starts, Tally};
use super::health::{self, Standing};
use super::pass::Pass;
use crate::decision::Waiting;
use model::{DeploymentId, Timestamp, ZoneName};
use world::service::{DeploymentStatus, RolloutState};
use world::task::{Launch, Outcome};
use world::{Deployment, Service, Task, TaskKey};

/// A task that was not told to stop.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) key: TaskKey,
    pub(super) deployment: DeploymentId,
    pub(super) whose: Whose,
    pub(super) standing: Standing,
    pub(super) zone: ZoneName,
    pub(super) launch: Launch,
    pub(super) created: Timestamp,
}

/// Whose a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whose {
    /// The PRIMARY deployment's.
    New,
    /// An older deployment's that never completed.
    Rest,
    /// The newest older deployment's that completed.
    Kept,
}

/// The service's tasks that were not told to stop.
pub(super) fn members(pass: &mut Pass<'_>) -> Vec<Member> {
    let tasks: Vec<Task> = pass.tasks().filter(|task| task.is_wanted()).cloned().collect();
    tasks.iter().filter_map(|task| member(task, pass)).collect()
}

fn member(task: &Task, pass: &mut Pass<'_>) -> Option<Member> {
    let deployment = task.deployment()?.clone();
    Some(Member {
        key: task.key.clone(),
        whose: whose(&deployment, &pass.service),
        deployment,
        standing: health::standing(task, pass),
        zone: task.eni.zone.clone(),
        launch: task.launch.clone(),
        created: task.times.created,
    })
}

fn whose(deployment: &DeploymentId, service: &Service) -> Whose {
    let is = |held: Option<&Deployment>| held.is_some_and(|held| held.id == *deployment);
    match () {
        () if is(service.primary()) => Whose::New,
        () if is(kept(service)) => Whose::Kept,
        () => Whose::Rest,
    }
}

/// The older deployment that is not to be lost before the new one works.
pub(super) fn kept(service: &Service) -> Option<&Deployment> {
    let mut older = service.deployments.iter();
    older.find(|held| {
        held.status == DeploymentStatus::Active && held.rollout == RolloutState::Completed
    })
}

/// The counts that the arithmetic of deployments needs.
pub(super) fn tally(pass: &mut Pass<'_>, members: &[Member]) -> Tally {
    Tally {
        desired: pass.service.desired_count,
        minimum_percent: pass.service.configuration.minimum_percent,
        maximum_percent: pass.service.configuration.maximum_percent,
        new: side(members, Whose::New),
        kept: side(members, Whose::Kept),
        rest: side(members, Whose::Rest),
        new_starts: new_starts(pass),
        kept_starts: kept_starts(pass),
    }
}

/// The tasks of one side, counted by how they stand.
pub(super) fn side(members: &[Member], whose: Whose) -> Side {
    let mut side = Side::default();
    for member in members.iter().filter(|member| member.whose == whose) {
        *count(&mut side, &member.standing) += 1;
    }
    side
}

fn count<'a>(side: &'a mut Side, standing: &Standing) -> &'a mut u32 {
    match standing {
        Standing::Pending => &mut side.pending,
        Standing::Waiting => &mut side.waiting,
        Standing::Fresh => &mut side.fresh,
        Standing::Settled => &mut side.settled,
        Standing::Unhealthy(_) => &mut side.unhealthy,
    }
}

/// A failed deployment starts nothing more, and one whose tasks do not come up is held back
/// (reference §3.5, §3.9).
fn new_starts(pass: &mut Pass<'_>) -> Starts {
    let Some(primary) = pass.service.primary() else { return Starts::Withheld };
    let throttle = primary.throttle;
    match throttle.until {
        _ if primary.rollout == RolloutState::Failed => Starts::Over,
        Some(until) if !pass.passed(until) => {
            pass.note(Waiting::Throttled { until, failures: throttle.failures });
            Starts::Withheld
        }
        _ => Starts::Allowed,
    }
}

/// Whether a deployment may start tasks beside others: the PRIMARY one as ever, an older one when it
/// has worked before, or works.
pub(super) fn starts(pass: &mut Pass<'_>, id: &DeploymentId) -> Starts {
    if pass.service.primary().is_some_and(|primary| primary.id == *id) {
        return new_starts(pass);
    }
    let last = pass.service.completed.as_ref().is_some_and(|last| last.id == *id);
    let proved = |task: &Task| task.is_wanted() && task.outcome == Outcome::Proved;
    let works = last || pass.tasks().any(|t| t.deployment() == Some(id) && proved(t));
    match pass.service.deployment(id).map(|held| held.throttle.until) {
        Some(Some(until)) if works && !pass.passed(until) => Starts::Withheld,
        Some(_) if works => Starts::Allowed,
        _ => Starts::Over,
    }
}

/// Whether a task is healthy.
pub(super) fn is_healthy(member: &Member) -> bool {
    matches!(member.standing, Standing::Fresh | Standing::Settled)
}

/// An old deployment that now fails itself is not worth restoring: its newest task tells.
fn kept_starts(pass: &Pass<'_>) -> Starts {
    let Some(kept) = kept(&pass.service) else { return Starts::Withheld };
    let tasks = pass.tasks().filter(|task| task.deployment() == Some(&kept.id));
    match tasks.max_by_key(|task| (task.times.created, &task.key)).map(|task| task.outcome) {
        Some(Outcome::Failed) => Starts::Withheld,
        Some(Outcome::Open | Outcome::Proved) | None => Starts::Allowed,
    }
}
