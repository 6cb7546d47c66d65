//! A target group's targets: their first use, and the end of their draining (reference §4.3, §4.5).
//!
//! What their health checks say is reported by the gateway and applied with `world::Target::observe`.

use crate::decision::{Decision, Moment};
use model::{TargetGroupArn, Timestamp};
use world::{Row, RowKey, TargetState, World};

/// What the targets of a group do next.
pub(crate) fn decide(world: &World, group: &TargetGroupArn, moment: Moment) -> Decision {
    let mut decision = Decision::nothing();
    let group_use = Use::of(group, world);
    for target in world.targets_of(group) {
        match next(&target.state, group_use) {
            Next::GoneAt(until) if moment.now < until => decision.wake(until),
            Next::Gone | Next::GoneAt(_) => {
                decision.gone.push(RowKey::Target(target.key.clone()));
            }
            Next::Turns(state) => decision.rows.push(Row::from(target.turned(state, moment.now))),
            Next::Stays => {}
        }
    }
    decision
}

/// Whether a group gets traffic.
#[derive(Clone, Copy)]
enum Use {
    /// It was deleted.
    None,
    /// No listener or rule leads to it.
    Idle,
    /// A listener or rule leads to it.
    Traffic,
}

impl Use {
    fn of(group: &TargetGroupArn, world: &World) -> Self {
        match world.target_groups.contains(group) {
            false => Self::None,
            true if world.group_in_use(group) => Self::Traffic,
            true => Self::Idle,
        }
    }
}

/// What becomes of a target.
enum Next {
    Gone,
    GoneAt(Timestamp),
    Turns(TargetState),
    Stays,
}

/// Targets of a group that was deleted are gone with it. A group that no listener leads to is not
/// checked; as soon as one does, its targets are checked for the first time.
fn next(state: &TargetState, group: Use) -> Next {
    match (state, group) {
        (_, Use::None) => Next::Gone,
        (TargetState::Draining { until }, _) => Next::GoneAt(*until),
        (TargetState::NotInUse | TargetState::Registering, Use::Traffic) => {
            Next::Turns(TargetState::Checking)
        }
        (
            TargetState::Checking | TargetState::Healthy | TargetState::Unhealthy(_),
            Use::Traffic,
        )
        | (TargetState::NotInUse, Use::Idle) => Next::Stays,
        (
            TargetState::Registering
            | TargetState::Checking
            | TargetState::Healthy
            | TargetState::Unhealthy(_),
            Use::Idle,
        ) => Next::Turns(TargetState::NotInUse),
    }
}

#[cfg(test)]
mod tests;
