//! Time passes: from one happening to the next.

use super::hands::Outcome;
use super::{BEGIN, Happening, Sim, laws};
use model::{Span, Timestamp};
use world::{Draft, TargetKey, TaskKey, TaskReport};

impl Sim {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.moment.now
    }

    /// How long the region has run.
    #[must_use]
    pub fn age(&self) -> Span {
        self.now().since(BEGIN)
    }

    /// Lets time pass.
    ///
    /// # Panics
    /// When a law is broken.
    pub fn advance(&mut self, span: Span) {
        let until = self.now() + span;
        while let Some(next) = self.next_moment().filter(|next| *next <= until) {
            self.moment.now = self.now().max(next);
            self.happen();
        }
        self.moment.now = until;
    }

    /// Lets time pass until something holds; answers whether it did within the limit.
    ///
    /// # Panics
    /// When a law is broken.
    pub fn advance_until(&mut self, limit: Span, holds: impl Fn(&Self) -> bool) -> bool {
        let until = self.now() + limit;
        while !holds(self) {
            let Some(next) = self.next_moment().filter(|next| *next <= until) else {
                return false;
            };
            self.moment.now = self.now().max(next);
            self.happen();
        }
        true
    }

    /// Puts something on the agenda.
    pub(super) fn at(&mut self, at: Timestamp, happening: Happening) {
        self.happenings += 1;
        self.agenda.insert((at, self.happenings), happening);
    }

    fn next_moment(&self) -> Option<Timestamp> {
        let agenda = self.agenda.keys().next().map(|(at, _)| *at);
        agenda.into_iter().chain(self.wakes.values().copied()).min()
    }

    /// What happens now: all that is due, then whoever wants to be woken.
    fn happen(&mut self) {
        while let Some(entry) = self.agenda.first_entry().filter(|e| e.key().0 <= self.moment.now) {
            let happening = entry.remove();
            self.happens(happening);
        }
        let due = self.wakes.iter().filter(|(_, at)| **at <= self.moment.now);
        let due: Vec<_> = due.map(|(subject, _)| subject.clone()).collect();
        for subject in due {
            self.wakes.remove(&subject);
            self.woken.insert(subject);
        }
        self.settle();
        laws::at_rest(&self.world);
    }

    fn happens(&mut self, happening: Happening) {
        match happening {
            Happening::Do(action) => {
                let outcomes = self.hands.act(*action, self.now());
                self.follow(outcomes);
            }
            Happening::Outcome(outcome) => self.bears(outcome),
            Happening::Check(key) => self.check(&key),
        }
    }

    pub(super) fn follow(&mut self, outcomes: Vec<(Span, Outcome)>) {
        for (after, outcome) in outcomes {
            self.at(self.now() + after, Happening::Outcome(outcome));
        }
    }

    fn bears(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Report(task, report) => self.report(&task, &report),
            Outcome::Starts(launch) => {
                let outcomes = self.hands.started(&launch, self.now());
                self.follow(outcomes);
            }
            Outcome::Ends(key, attempt, code) => {
                if let Some((task, report)) = self.hands.ended(&key, attempt, code) {
                    self.report(&task, &report);
                }
            }
        }
    }

    /// Takes a report in, as the engine does.
    pub(super) fn report(&mut self, task: &TaskKey, report: &TaskReport) {
        let observed = self.world.tasks.get(task).and_then(|task| task.observe(report, self.now()));
        if let Some(observed) = observed {
            let mut draft = Draft::of(&self.world);
            draft.put(observed);
            self.commit(draft);
            self.settle();
            laws::after_stop(&self.world, task, &self.hands);
        }
    }

    /// Checks a target, and again after the interval, which is AWS's time.
    fn check(&mut self, key: &TargetKey) {
        let Some(target) = self.world.targets.get(key).cloned() else { return };
        let Some(group) = self.world.target_groups.get(&key.group) else { return };
        if !laws::is_checked(&target.state) {
            return;
        }
        let again = self.now() + self.moment.pace.wait(group.check.interval);
        let health = self.balancer.check(key, &self.world, &self.hands, self.now());
        self.at(again, Happening::Check(key.clone()));
        let observed = health.and_then(|health| target.observe(&health, self.now()));
        if let Some(observed) = observed {
            self.put([observed.into()]);
        }
    }
}
