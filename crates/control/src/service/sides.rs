//! Two revisions beside each other: each has its own number of tasks, and neither makes room for the
//! other (reference §3.8).

use super::count::{Moves, Side, Starts, Tally};
use super::look::{self, Member, Whose};
use super::pass::Pass;
use super::place::Placing;
use super::{roll, stop, victims};
use crate::decision::Waiting;
use model::DeploymentId;
use world::service::{DeploymentStatus, ServiceDeploymentStatus as Status, Stage};
use world::{Phase, ServiceDeployment};

/// The service deployment whose revisions run beside each other: one that goes on, or one that was
/// stopped where it was. Absent when tasks replace each other, or when all is done.
pub(super) fn of<'a>(pass: &'a Pass<'_>) -> Option<&'a ServiceDeployment> {
    let newest = pass.newest().filter(|newest| newest.position.is_some())?;
    let done = matches!(newest.status, Status::Successful | Status::RollbackSuccessful);
    (!done).then_some(newest)
}

/// Starts and stops what each revision's own count asks for.
pub(super) fn even_out(pass: &mut Pass<'_>) {
    let members = look::members(pass);
    let mut placing = Placing::beside(&members);
    let ids: Vec<_> = pass.service.deployments.iter().map(|held| held.id.clone()).collect();
    for id in ids {
        if let Some(wanted) = wanted(pass, &members, &id) {
            follow(pass, &id, wanted);
            let own = own(&members, &id);
            let moves = tally(pass, &own, &id, wanted).moves();
            carry_out(pass, &mut placing, own, &moves, &id);
        }
    }
}

/// Of the older deployments, the one that serves until a new one does: the one that worked, or else
/// the one with the most RUNNING tasks.
pub(super) fn serving(pass: &Pass<'_>) -> Option<DeploymentId> {
    let older = || {
        let held = pass.service.deployments.iter().rev();
        held.filter(|held| held.status == DeploymentStatus::Active).map(|held| &held.id)
    };
    let completed = pass.service.completed.as_ref().map(|completed| &completed.id);
    if let Some(completed) = completed.filter(|completed| older().any(|id| id == *completed)) {
        return Some(completed.clone());
    }
    let running = |id: &DeploymentId| {
        let own = pass.tasks().filter(|task| task.deployment() == Some(id) && task.is_wanted());
        own.filter(|task| task.phase == Phase::Running).count()
    };
    // The oldest of those that have as many.
    let most = older().map(|id| (running(id), id)).reduce(
        |most, one| {
            if one.0 > most.0 { one } else { most }
        },
    );
    most.filter(|(running, _)| *running > 0).map(|(_, id)| id.clone())
}

/// Whether every task of a revision that neither serves nor comes is gone.
pub(super) fn is_reconciled(pass: &Pass<'_>) -> bool {
    let Some(current) = &pass.current else { return true };
    let stays = |id: &DeploymentId| *id == current.target || current.serving.as_ref() == Some(id);
    let mut alive = pass.tasks().filter(|task| task.phase < Phase::Deprovisioning);
    alive.all(|task| task.deployment().is_none_or(stays))
}

/// Whether the new revision has all of its tasks, and they are healthy.
pub(super) fn is_scaled_up(pass: &mut Pass<'_>) -> bool {
    let desired = pass.service.desired_count;
    let Some(target) = pass.current.as_ref().map(|current| current.target.clone()) else {
        return false;
    };
    let side = side(pass, &target);
    if side.healthy() < desired {
        pass.note(Waiting::Health { healthy: side.healthy(), desired });
    }
    side.healthy() == desired && side.total() == desired
}

/// Whether the revision that a deployment goes back to is as able to serve as it has to be, or at
/// least as able as the failed one.
pub(super) fn can_take_requests_back(pass: &mut Pass<'_>) -> bool {
    let Some(primary) = pass.service.primary().map(|held| held.id.clone()) else { return true };
    let old = side(pass, &primary);
    let all = look::members(pass);
    let new = all.iter().filter(|member| member.deployment != primary);
    let new = new.filter(|member| look::is_healthy(member)).count();
    let healthy = old.healthy();
    let any = healthy > 0 || pass.service.desired_count == 0;
    (any && healthy >= floor(pass)) || healthy as usize >= new
}

/// How many tasks a deployment is to have; absent when it keeps what it has.
fn wanted(pass: &Pass<'_>, members: &[Member], id: &DeploymentId) -> Option<u32> {
    let held = of(pass)?;
    let stage = held.stage()?;
    let desired = pass.service.desired_count;
    let cleans_up = stage == Stage::CleanUp;
    if let Some(rollback) = &held.rollback {
        return match () {
            () if rollback.to == *id => Some(desired),
            () if cleans_up => leaves(pass, members, id, Some(&rollback.to)),
            () => None,
        };
    }
    let stays = if cleans_up { Some(&held.target) } else { held.serving.as_ref() };
    match () {
        () if held.target == *id && stage < Stage::ScaleUp => Some(0),
        () if held.target == *id => Some(desired),
        () if held.serving.as_ref() == Some(id) && !cleans_up => Some(desired),
        // Who was stopped while cleaning up keeps what is left.
        () if held.has_ended() => None,
        () => leaves(pass, members, id, stays),
    }
}

/// The tasks of a deployment that is not needed go when those that stay are healthy enough without
/// them, or when none of them is or may be healthy.
fn leaves(
    pass: &Pass<'_>,
    members: &[Member],
    id: &DeploymentId,
    stays: Option<&DeploymentId>,
) -> Option<u32> {
    let of = |id: &DeploymentId| look::side(&own(members, id), Whose::New);
    let enough = stays.is_some_and(|stays| of(stays).healthy() >= floor(pass));
    let own = of(id);
    (enough || own.healthy() + own.waiting == 0).then_some(0)
}

/// How many tasks have to be healthy.
fn floor(pass: &Pass<'_>) -> u32 {
    let minimum_percent = pass.service.configuration.minimum_percent;
    Tally { desired: pass.service.desired_count, minimum_percent, ..Tally::default() }.floor()
}

/// An older deployment shows how many tasks it is to have; the PRIMARY one follows its service.
fn follow(pass: &mut Pass<'_>, id: &DeploymentId, wanted: u32) {
    let now = pass.now();
    let held = pass.deployment_mut(id).filter(|held| held.status == DeploymentStatus::Active);
    if let Some(held) = held.filter(|held| held.desired_count != wanted) {
        held.desired_count = wanted;
        held.updated_at = now;
    }
}

fn side(pass: &mut Pass<'_>, id: &DeploymentId) -> Side {
    let members = look::members(pass);
    look::side(&own(&members, id), Whose::New)
}

/// The tasks of one deployment, as if there were no others.
fn own(members: &[Member], id: &DeploymentId) -> Vec<Member> {
    let own = members.iter().filter(|member| member.deployment == *id);
    own.map(|member| Member { whose: Whose::New, ..member.clone() }).collect()
}

fn tally(pass: &mut Pass<'_>, own: &[Member], id: &DeploymentId, desired: u32) -> Tally {
    Tally {
        desired,
        minimum_percent: pass.service.configuration.minimum_percent,
        maximum_percent: pass.service.configuration.maximum_percent,
        new: look::side(own, Whose::New),
        new_starts: look::starts(pass, id),
        kept_starts: Starts::Withheld,
        ..Tally::default()
    }
}

fn carry_out(
    pass: &mut Pass<'_>,
    placing: &mut Placing,
    own: Vec<Member>,
    moves: &Moves,
    id: &DeploymentId,
) {
    let (going, _) = victims::part(own, &moves.stop);
    let start = |pass: &mut Pass<'_>, placing: &mut Placing| {
        roll::start_and_tell(pass, placing, id, (moves.start_new, moves.replaced));
    };
    if moves.replaced > 0 {
        start(pass, placing);
        stop::stop(pass, &going);
    } else {
        stop::stop(pass, &going);
        start(pass, placing);
    }
}
