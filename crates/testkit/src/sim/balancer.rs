//! The scripted load balancer: it checks targets and says what became of them (reference §4.2).

use super::hands::{Answer, Hands};
use model::Timestamp;
use std::collections::BTreeMap;
use world::target::Unhealthy;
use world::{TargetGroup, TargetHealth, TargetKey, TargetState, World};

/// What the checks of each target have come to.
#[derive(Debug, Default)]
pub(super) struct Balancer {
    streaks: BTreeMap<TargetKey, Streak>,
}

/// Checks in a row with the same result.
#[derive(Debug, Clone, Copy, Default)]
struct Streak {
    passed: u32,
    failed: u32,
}

impl Balancer {
    /// Checks a target once; answers what to report, if that is news.
    pub(super) fn check(
        &mut self,
        key: &TargetKey,
        world: &World,
        hands: &Hands,
        now: Timestamp,
    ) -> Option<TargetHealth> {
        let target = world.targets.get(key)?;
        let group = world.target_groups.get(&key.group)?;
        let why = failure(answer(key, world, hands, now));
        let streak = self.streaks.entry(key.clone()).or_default();
        *streak = match why {
            None => Streak { passed: streak.passed + 1, failed: 0 },
            Some(_) => Streak { passed: 0, failed: streak.failed + 1 },
        };
        verdict(&target.state, *streak, group, why)
    }

    /// Forgets a target, or, with the region's crash, all of them.
    pub(super) fn forget(&mut self, gone: impl Fn(&TargetKey) -> bool) {
        self.streaks.retain(|key, _| !gone(key));
    }
}

/// One passing check makes a new target healthy; after that the thresholds count.
fn verdict(
    state: &TargetState,
    streak: Streak,
    group: &TargetGroup,
    why: Option<Unhealthy>,
) -> Option<TargetHealth> {
    match (state, why) {
        (TargetState::Checking, None) => Some(TargetHealth::Healthy),
        (TargetState::Unhealthy(_), None) if streak.passed >= group.check.healthy_threshold => {
            Some(TargetHealth::Healthy)
        }
        (TargetState::Checking | TargetState::Healthy, Some(why))
            if streak.failed >= group.check.unhealthy_threshold =>
        {
            Some(TargetHealth::Unhealthy(why))
        }
        _ => None,
    }
}

fn failure(answer: Answer) -> Option<Unhealthy> {
    match answer {
        Answer::Status(200) => None,
        Answer::Status(code) => Some(Unhealthy::Codes(code.to_string())),
        Answer::Nothing => Some(Unhealthy::Timeout),
        Answer::Refused => Some(Unhealthy::Failed),
    }
}

/// What a request to a target comes to: the container that has its port answers.
fn answer(key: &TargetKey, world: &World, hands: &Hands, now: Timestamp) -> Answer {
    let tasks = key.id.parse().ok().into_iter().flat_map(|address| world.tasks_at(address));
    let containers = tasks.flat_map(|task| task.containers.iter().map(move |held| (task, held)));
    let mut listening = containers
        .filter(|(_, held)| held.ports.iter().any(|binding| binding.host_port == key.port));
    let process = listening
        .find_map(|(task, held)| hands.processes.get(&(task.key.clone(), held.name.clone())));
    process.map_or(Answer::Refused, |process| process.answer(now))
}
