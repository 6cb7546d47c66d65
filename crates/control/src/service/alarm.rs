//! Alarms that fail a deployment (reference §3.6).

use super::fail::{self, Remedy};
use super::pass::Pass;
use crate::decision::Waiting;
use crate::waits;
use model::{AlarmName, Span};
use std::collections::BTreeSet;
use world::service::deployment::Failure;
use world::{Alarm, AlarmState};

/// The watched alarms that are in ALARM.
pub(super) fn ringing(pass: &Pass<'_>) -> BTreeSet<AlarmName> {
    let watched = pass.service.configuration.alarms.watched();
    let alarms = watched.filter_map(|name| pass.world.alarms.get(name));
    let ringing = alarms.filter(|alarm| alarm.state == AlarmState::Alarm);
    ringing.map(|alarm| alarm.name.clone()).collect()
}

/// How long a rolling deployment is watched after its last task has become healthy when nobody says
/// so: as long as the slowest of its alarms looks back, so that each has seen the new version, and never
/// longer than [`waits::LONGEST_BAKE`]. AWS computes it from the alarms in a way that it does not tell
/// (reference §3.6).
pub(super) fn bake(pass: &Pass<'_>) -> Span {
    let watched = pass.service.configuration.alarms.watched();
    let alarms = watched.filter_map(|name| pass.world.alarms.get(name));
    let longest = alarms.map(Alarm::look_back).max().unwrap_or(Span::ZERO);
    longest.min(waits::LONGEST_BAKE)
}

/// Fails the deployment when an alarm goes to ALARM. One that was there already when the deployment
/// began says nothing about it, for all of its time. A way back is not watched.
pub(super) fn check(pass: &mut Pass<'_>) {
    let Some(current) = &pass.current else { return };
    if current.has_ended() || current.rollback.is_some() {
        return;
    }
    let ignored = current.ignored_alarms.clone();
    let rung: Vec<_> = ringing(pass).difference(&ignored).cloned().collect();
    let goes_back = pass.service.configuration.alarms.rollback;
    if !rung.is_empty() {
        let remedy = if goes_back { Remedy::RollBack } else { Remedy::Stop };
        return fail::fail(pass, &Failure::Alarms(rung), remedy);
    }
    if !ignored.is_empty() {
        pass.note(Waiting::IgnoredAlarms { alarms: ignored });
    }
}
