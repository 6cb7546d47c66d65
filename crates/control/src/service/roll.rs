//! Starts and stops: the one place where a service's tasks come and go.

use super::count::{Moves, Tally};
use super::look::{self, Member};
use super::pass::Pass;
use super::place::Placing;
use super::{events, judge, stop, victims};
use crate::decision::Waiting;
use model::{DeploymentId, TaskId};

/// Starts and stops what the counts ask for, and says what is waited for.
pub(super) fn roll(pass: &mut Pass<'_>) {
    let members = look::members(pass);
    let tally = look::tally(pass, &members);
    let moves = tally.moves();
    explain(pass, &tally);
    carry_out(pass, members, &moves);
    if moves.stuck {
        let message = events::stuck(&pass.service.key.name);
        pass.complain(message);
    }
}

/// Replacements are told before the stops of what they replace, other starts after the stops that
/// make room for them; both as observed (reference §3.3).
fn carry_out(pass: &mut Pass<'_>, members: Vec<Member>, moves: &Moves) {
    let (going, staying) = victims::part(members, &moves.stop);
    if moves.replaced + moves.replaced_kept > 0 {
        start_all(pass, &staying, moves);
        stop::stop(pass, &going);
    } else {
        stop::stop(pass, &going);
        start_all(pass, &staying, moves);
    }
}

fn start_all(pass: &mut Pass<'_>, members: &[Member], moves: &Moves) {
    let kept = look::kept(&pass.service).map(|kept| kept.id.clone());
    let primary = pass.service.primary().map(|primary| primary.id.clone());
    let mut placing = Placing::beside(members);
    let starts = [
        (kept, (moves.start_kept, moves.replaced_kept)),
        (primary, (moves.start_new, moves.replaced)),
    ];
    for (id, count) in starts {
        if let Some(id) = id {
            start_and_tell(pass, &mut placing, &id, count);
        }
    }
}

/// Starts tasks of a deployment and says so; of the tasks, some take the place of unhealthy ones.
pub(super) fn start_and_tell(
    pass: &mut Pass<'_>,
    placing: &mut Placing,
    id: &DeploymentId,
    (count, replaced): (u32, u32),
) {
    let started = start(pass, placing, id, count);
    if !started.is_empty() {
        let message = events::started(&pass.service.key.name, &started, replaced);
        pass.tell(message);
    }
}

/// Starts tasks of a deployment, as many as find a place.
fn start(pass: &mut Pass<'_>, placing: &mut Placing, id: &DeploymentId, count: u32) -> Vec<TaskId> {
    let Some(deployment) = pass.service.deployment(id).cloned() else { return Vec::new() };
    let mut started = Vec::new();
    for _ in 0..count {
        match placing.place(pass, &deployment) {
            Ok(task) => {
                started.push(task.key.id.clone());
                pass.put_task(task);
            }
            Err(reason) => {
                let message = events::unplaced(&pass.service.key.name, &reason);
                pass.complain(message);
                judge::count_one(pass, id);
                judge::throttle(pass, id, pass.now());
                break;
            }
        }
    }
    started
}

/// Says what keeps the deployment from going on.
fn explain(pass: &mut Pass<'_>, tally: &Tally) {
    let old = tally.kept.total() + tally.rest.total();
    if old > 0 && tally.trusted() <= tally.floor() {
        pass.note(Waiting::HealthyFloor { healthy: tally.trusted(), floor: tally.floor() });
    }
    if tally.missing() > 0 && tally.total() >= tally.ceiling() {
        pass.note(Waiting::SurgeCeiling { running: tally.total(), ceiling: tally.ceiling() });
    }
    if tally.new.healthy() < tally.desired {
        let healthy = tally.new.healthy();
        pass.note(Waiting::Health { healthy, desired: tally.desired });
    }
}
