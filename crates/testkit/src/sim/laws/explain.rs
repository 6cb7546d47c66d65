//! Events explain each step: whatever a pass starts, stops, registers or deregisters is told in that
//! pass, with its count, once, in AWS's order (reference §3.11).
//!
//! It reads the texts as a person would, and counts rows for itself; it does not know how the scheduler
//! words or counts anything.

use control::Decision;
use model::{Pace, Span, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use world::service::RolloutState;
use world::{Phase, Row, ServiceEvent, ServiceKey, Target, Task, TaskKey, World};

/// How many events a service keeps, and how long no bad state is told again.
const KEPT: usize = 100;
const QUIET: Span = Span::minutes(6 * 60);

/// One pass over one service: what it changed, and what it said.
pub(super) struct Told<'a> {
    key: &'a ServiceKey,
    before: &'a World,
    after: &'a World,
    tasks: Vec<&'a Task>,
    targets: Vec<&'a Target>,
    events: Vec<&'a ServiceEvent>,
}

impl<'a> Told<'a> {
    pub(super) fn of(
        key: &'a ServiceKey,
        before: &'a World,
        made: &'a Decision,
        after: &'a World,
    ) -> Self {
        let mut told = Self { key, before, after, tasks: vec![], targets: vec![], events: vec![] };
        for row in &made.rows {
            match row {
                Row::Task(task) => told.tasks.push(task),
                Row::Target(target) => told.targets.push(target),
                Row::ServiceEvent(event) => told.events.push(event),
                _ => {}
            }
        }
        told.events.sort_by_key(|event| event.key.number);
        told
    }

    /// The law.
    pub(super) fn holds(&self, now: Timestamp, pace: Pace) {
        self.numbers(now);
        self.starts();
        self.stops();
        self.ailments();
        self.targets();
        self.endings();
        self.complaints(now, pace);
    }

    /// Events are numbered without a gap, carry the pass's time, and the oldest are forgotten.
    fn numbers(&self, now: Timestamp) {
        let next = |world: &World| world.services.get(self.key).map_or(0, |held| held.next_event);
        let numbers: Vec<u64> = self.events.iter().map(|event| event.key.number).collect();
        let expected: Vec<u64> = (next(self.before)..next(self.after)).collect();
        assert_eq!(numbers, expected, "{:?}: the numbers of its events", self.key);
        let late = self.events.iter().find(|event| event.at != now);
        assert!(late.is_none(), "{:?}: {late:?} is not of {now}", self.key);
        let kept = self.after.events_of(self.key).count();
        assert!(kept <= KEPT, "{:?} keeps {kept} events", self.key);
    }

    /// Each started task is named once, in a sentence with the right count.
    fn starts(&self) {
        let started = self.tasks.iter().filter(|task| !self.before.tasks.contains(&task.key));
        self.named(" has started ", started.map(|task| &task.key));
    }

    /// Each stopped task is named once when it was RUNNING, and counted when it was not.
    fn stops(&self) {
        let (running, pending): (Vec<_>, Vec<_>) =
            self.stopped().partition(|task| task.phase == Phase::Running);
        self.named(" has stopped ", running.into_iter().map(|task| &task.key));
        let said: usize =
            self.counts(") stopped ", " pending tasks.").map(|(_, count)| count).sum();
        assert_eq!(said, pending.len(), "{:?}: stopped pending tasks, {self:?}", self.key);
    }

    /// The tasks that this pass told to stop, as they were before.
    fn stopped(&self) -> impl Iterator<Item = &'a Task> {
        let before = self.tasks.iter().filter(|task| task.stop.is_some());
        let before = before.filter_map(|task| self.before.tasks.get(&task.key));
        before.filter(|task| task.stop.is_none())
    }

    /// What is wrong with a task that is stopped for its health is said before it is stopped.
    fn ailments(&self) {
        for task in self.tasks.iter().filter(|task| self.stopped().any(|old| old.key == task.key)) {
            let reason = task.stop.as_ref().map_or("", |stop| stop.reason.as_str());
            let ails = reason.starts_with("Task failed ");
            let named = format!("(task {}) ", task.key.id);
            let words = ["failed container health", "is unhealthy in", "is not healthy in"];
            let says = |event: &&ServiceEvent| {
                event.message.contains(&named) && words.iter().any(|w| event.message.contains(w))
            };
            let said: Vec<_> = self.events.iter().copied().filter(says).collect();
            assert_eq!(said.len(), usize::from(ails), "{:?}: {reason}, {self:?}", task.key);
            let stop = self.events.iter().position(|event| {
                event.message.contains(" has stopped ")
                    && event.message.contains(task.key.id.as_str())
            });
            let cause = said.first().map(|event| event.key.number);
            let stop = stop.map(|at| self.events[at].key.number);
            assert!(cause.is_none() || cause < stop, "{:?}: {self:?}", task.key);
        }
    }

    /// Registered and deregistered targets are counted by group, and draining tasks after that.
    fn targets(&self) {
        let mut registered: BTreeMap<&str, usize> = BTreeMap::new();
        let mut deregistered: BTreeMap<&str, usize> = BTreeMap::new();
        let mut draining = BTreeSet::new();
        for target in &self.targets {
            let old = self.before.targets.get(&target.key);
            let was = old.is_some_and(|old| old.state.is_registered());
            match (was, target.state.is_registered()) {
                (false, true) => *registered.entry(target.key.group.as_str()).or_default() += 1,
                (true, false) => {
                    *deregistered.entry(target.key.group.as_str()).or_default() += 1;
                    draining.insert(&target.key.id);
                }
                _ => {}
            }
        }
        for (what, expected) in [("registered", registered), ("deregistered", deregistered)] {
            let opening = format!(") {what} ");
            let said = self.counts(&opening, " targets in (target-group ");
            let said: BTreeMap<&str, usize> =
                said.map(|(rest, count)| (rest.trim_end_matches(')'), count)).collect();
            assert_eq!(said, expected, "{:?}: {what} targets, {self:?}", self.key);
        }
        let drained: usize =
            self.counts(" connections on ", " tasks.").map(|(_, count)| count).sum();
        assert_eq!(drained, draining.len(), "{:?}: draining tasks, {self:?}", self.key);
    }

    /// A deployment's end is told when it ends, and its completion with the steady state. One that
    /// failed may be off the list already.
    fn endings(&self) {
        let (before, after) = (self.rollouts(self.before), self.rollouts(self.after));
        let said = |ending: &str| {
            let said = self.events.iter().filter(|event| event.message.contains(ending));
            let ids = said.filter_map(|event| between(&event.message, "(deployment ", ") "));
            ids.collect::<BTreeSet<&str>>()
        };
        let completed = said(") deployment completed.");
        let is_done = |id: &&str| {
            let was = before.get(id).is_some_and(|was| *was != RolloutState::Completed);
            was && after.get(id) == Some(&RolloutState::Completed)
        };
        let done: BTreeSet<&str> = after.keys().copied().filter(is_done).collect();
        assert_eq!(completed, done, "{:?}: {self:?}", self.key);
        for id in said(") deployment failed: ") {
            let rolled = before.get(id) == Some(&RolloutState::InProgress);
            let over = after.get(id).is_none_or(|now| *now == RolloutState::Failed);
            assert!(rolled && over, "{:?}: {self:?}", self.key);
        }
        if !completed.is_empty() {
            let last = self.events.last().map_or("", |event| event.message.as_str());
            assert!(last.ends_with(" has reached a steady state."), "{:?}: {self:?}", self.key);
        }
    }

    fn rollouts(&self, world: &'a World) -> BTreeMap<&'a str, RolloutState> {
        let service = world.services.get(self.key).into_iter();
        let held = service.flat_map(|service| &service.deployments);
        held.map(|held| (held.id.as_str(), held.rollout)).collect()
    }

    /// What is wrong is said once until all is well again or six hours have passed.
    fn complaints(&self, now: Timestamp, pace: Pace) {
        let bad = [" was unable to ", " is unable to consistently start "];
        let since = now.millis() - i64::try_from(pace.wait(QUIET).as_millis()).unwrap_or(i64::MAX);
        for event in &self.events {
            if !bad.iter().any(|words| event.message.contains(words)) {
                continue;
            }
            let earlier = self.before.events_of(self.key).rev();
            let earlier = earlier.take_while(|held| !held.message.ends_with("a steady state."));
            let mut earlier = earlier.filter(|held| held.at.millis() > since);
            let again = earlier.find(|held| held.message == event.message);
            assert!(again.is_none(), "{event:?} is told again after {again:?}");
        }
    }

    /// The tasks that sentences with these words name are the given ones, each once, and each
    /// sentence counts its own.
    fn named<'b>(&self, words: &str, tasks: impl Iterator<Item = &'b TaskKey>) {
        let mut said = Vec::new();
        for event in self.events.iter().filter(|event| event.message.contains(words)) {
            let ids: Vec<&str> = event
                .message
                .match_indices("(task ")
                .filter_map(|(at, _)| between(&event.message[at..], "(task ", ")"))
                .collect();
            let count = between(&event.message, words, " ").and_then(|n| n.parse().ok());
            assert_eq!(count, Some(ids.len()), "{}", event.message);
            said.extend(ids);
        }
        said.sort_unstable();
        let mut expected: Vec<&str> = tasks.map(|key| key.id.as_str()).collect();
        expected.sort_unstable();
        assert_eq!(said, expected, "{:?}{words}other tasks than it told: {self:?}", self.key);
    }

    /// The numbers between two texts, each with what follows it.
    fn counts(&self, from: &str, to: &str) -> impl Iterator<Item = (&'a str, usize)> {
        self.events.iter().filter_map(move |event| {
            let (_, rest) = event.message.split_once(from)?;
            let (count, rest) = rest.split_once(to)?;
            Some((rest, count.parse().ok()?))
        })
    }
}

/// What was said.
impl std::fmt::Debug for Told<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.events.iter().map(|event| &event.message)).finish()
    }
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(from)?;
    rest.split_once(to).map(|(found, _)| found)
}
