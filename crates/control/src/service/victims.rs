//! Which tasks are stopped, once it is known how many.
//!
//! AWS documents that zones stay balanced, and nothing more (reference §3.3). Here, of the tasks
//! that may go, first the one that is worth least goes, then one of the fullest zone, then the
//! newest: it has the fewest clients, and a replacement that turned unhealthy goes before what it
//! was to replace.

use super::count::Stops;
use super::health::Standing;
use super::look::{Member, Whose, is_healthy};
use model::ZoneName;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Tells whether a task is of a kind that is stopped.
type Kind = fn(&Member) -> bool;

/// The tasks of a service, parted into those that go and those that stay.
pub(super) fn part(members: Vec<Member>, stops: &Stops) -> (Vec<Member>, Vec<Member>) {
    let kinds: [(u32, Kind); 5] = [
        (stops.old_pending, |m| m.whose == Whose::Rest && m.standing == Standing::Pending),
        (stops.old_ailing, |m| m.whose != Whose::New && !is_healthy(m) && !is_dropped(m)),
        (stops.old_healthy, |m| m.whose != Whose::New && is_healthy(m)),
        (stops.unhealthy, |m| m.whose == Whose::New && is_unhealthy(m)),
        (stops.excess, |m| m.whose == Whose::New && !is_unhealthy(m)),
    ];
    let (mut going, mut staying) = (Vec::new(), members);
    for (count, fits) in kinds {
        for _ in 0..count {
            match worst(&staying, fits) {
                Some(at) => going.push(staying.swap_remove(at)),
                None => break,
            }
        }
    }
    (going, staying)
}

/// The task that goes first of those that fit.
fn worst(members: &[Member], fits: Kind) -> Option<usize> {
    let crowds = crowds(members);
    let rank = |member: &Member| {
        let crowd = crowds.get(&member.zone).copied().unwrap_or_default();
        let (worth, whose) = (worth(&member.standing), member.whose);
        (worth, whose, Reverse(crowd), Reverse(member.created), member.key.clone())
    };
    let fitting = members.iter().enumerate().filter(|(_, member)| fits(member));
    fitting.min_by_key(|(_, member)| rank(member)).map(|(at, _)| at)
}

/// How many tasks each zone has.
pub(super) fn crowds(members: &[Member]) -> BTreeMap<ZoneName, usize> {
    let mut crowds = BTreeMap::new();
    for member in members {
        *crowds.entry(member.zone.clone()).or_default() += 1;
    }
    crowds
}

/// The less, the sooner it goes.
fn worth(standing: &Standing) -> u8 {
    match standing {
        Standing::Unhealthy(_) => 0,
        Standing::Pending => 1,
        Standing::Waiting => 2,
        Standing::Fresh => 3,
        Standing::Settled => 4,
    }
}

fn is_unhealthy(member: &Member) -> bool {
    matches!(member.standing, Standing::Unhealthy(_))
}

/// Pending tasks of deployments that never completed are counted by themselves.
fn is_dropped(member: &Member) -> bool {
    member.whose == Whose::Rest && member.standing == Standing::Pending
}

#[cfg(test)]
mod tests;
