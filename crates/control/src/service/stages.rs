//! The stages of a deployment that brings the new revision up beside the old one, one step a pass
//! (reference §3.8).

use super::fail::{self, Remedy};
use super::pass::Pass;
use super::pause::{self, Verdict};
use super::{back, settle, sides, steer};
use crate::decision::Waiting;
use crate::waits;
use model::Span;
use world::ServiceDeployment;
use world::service::deployment::{Failure, Traffic};
use world::service::{Position, Stage, TrafficShare};

/// Moves the deployment on by one stage, if it may go on, and requests with it.
pub(super) fn go_on(pass: &mut Pass<'_>) {
    let Some(current) = pass.current.clone().filter(|current| !current.has_ended()) else { return };
    let Some(position) = current.position else { return };
    if current.rollback.is_some() {
        return back::go_on(pass, position);
    }
    pass.note(Waiting::Stage { stage: position.stage });
    if position.stage == Stage::ReconcileService {
        reconsider(pass);
    }
    if position.since == pass.now() {
        // It has only just come here.
    } else if position.stage == Stage::CleanUp {
        settle::finish_when_clean(pass);
    } else if is_done(pass, &current, position) {
        match pause::ask(pass, &current, position) {
            Verdict::GoOn => enter(pass, following(&current, position.stage)),
            Verdict::Wait => {}
            Verdict::Back(failure) => return fail::fail(pass, &failure, Remedy::RollBack),
        }
    } else if is_endless(position.stage) && pass.waited(position.since, waits::LONGEST_STAGE) {
        let failure = Failure::StageTimedOut(position.stage);
        return fail::fail(pass, &failure, Remedy::RollBack);
    }
    let traffic = pass.current.as_ref().map(|current| current.traffic).unwrap_or_default();
    if let Err(failure) = steer::steer(pass, traffic) {
        fail::fail(pass, &failure, Remedy::RollBack);
    }
}

/// Puts the deployment to a stage; the stages in which requests move move them.
pub(super) fn enter(pass: &mut Pass<'_>, stage: Stage) {
    let now = pass.now();
    let Some(current) = &mut pass.current else { return };
    let strategy = current.configuration.strategy;
    let step = current.position.map_or(0, |position| position.step);
    let step = match stage {
        Stage::TestTrafficShift => {
            current.traffic.test = TrafficShare::ALL;
            step
        }
        Stage::ProductionTrafficShift => {
            let share = strategy.share_after(step.saturating_add(1));
            current.traffic.production = current.traffic.production.max(share);
            step.saturating_add(1)
        }
        _ => step,
    };
    current.position = Some(Position { stage, since: now, step });
    current.updated_at = now;
}

/// As long as older revisions are taken away, the one that serves may be another one from pass to pass.
fn reconsider(pass: &mut Pass<'_>) {
    let serving = sides::serving(pass);
    if let Some(current) = &mut pass.current {
        current.serving = serving;
    }
    steer::choose(pass);
}

/// Whether what a stage is for has happened.
fn is_done(pass: &mut Pass<'_>, current: &ServiceDeployment, position: Position) -> bool {
    let minutes = |minutes: u32| Span::minutes(u64::from(minutes));
    match position.stage {
        Stage::ReconcileService => sides::is_reconciled(pass),
        Stage::ScaleUp => sides::is_scaled_up(pass),
        Stage::ProductionTrafficShift => {
            let step = minutes(current.configuration.strategy.step_minutes());
            current.traffic == Traffic::ALL || pass.waited(position.since, step)
        }
        Stage::BakeTime => pass.waited(position.since, minutes(current.configuration.bake_minutes)),
        Stage::PreScaleUp
        | Stage::PostScaleUp
        | Stage::TestTrafficShift
        | Stage::PostTestTrafficShift
        | Stage::PreProductionTrafficShift
        | Stage::PostProductionTrafficShift
        | Stage::CleanUp => true,
    }
}

/// Whether nothing but the tasks says how long a stage takes.
fn is_endless(stage: Stage) -> bool {
    matches!(stage, Stage::ReconcileService | Stage::ScaleUp)
}

/// The stage after a stage. Hooks are asked before each step of production traffic.
fn following(current: &ServiceDeployment, stage: Stage) -> Stage {
    let moved = current.traffic.production == TrafficShare::ALL;
    match stage {
        Stage::ReconcileService => Stage::PreScaleUp,
        Stage::PreScaleUp => Stage::ScaleUp,
        Stage::ScaleUp => Stage::PostScaleUp,
        Stage::PostScaleUp => Stage::TestTrafficShift,
        Stage::TestTrafficShift => Stage::PostTestTrafficShift,
        Stage::PostTestTrafficShift => Stage::PreProductionTrafficShift,
        Stage::ProductionTrafficShift if !moved => Stage::PreProductionTrafficShift,
        Stage::PreProductionTrafficShift => Stage::ProductionTrafficShift,
        Stage::ProductionTrafficShift => Stage::PostProductionTrafficShift,
        Stage::PostProductionTrafficShift => Stage::BakeTime,
        Stage::BakeTime | Stage::CleanUp => Stage::CleanUp,
    }
}
