//! A region in simulated time.
//!
//! It does what the engine does, one thing after another: apply a change, save the rows it touched,
//! ask whom it concerns for a decision, apply that, until nobody has anything to do; then go on to
//! the next moment at which something happens. Containers and load balancer are scripted.

mod balancer;
pub mod behave;
pub(crate) mod client;
mod crash;
mod hands;
pub mod laws;
mod names;
mod time;

pub use behave::Behaviour;
pub use client::Deploy;
pub use hands::Answer;

use balancer::Balancer;
use control::{Moment, Note, Subject};
use hands::{Hands, Outcome};
use model::{Ids, Pace, Timestamp};
use names::Names;
use std::collections::{BTreeMap, BTreeSet};
use world::{Draft, Row, RowKey, TargetKey, World};

/// When simulated time begins. A round number, so that times read as seconds since then.
pub const BEGIN: Timestamp = Timestamp::from_seconds(1_800_000_000);

/// A simulated region.
#[derive(Debug)]
pub struct Sim {
    /// The region's state.
    pub world: World,
    /// Now, and the region's speed.
    pub moment: Moment,
    /// What images do, by name; those that are not there are well-behaved.
    hands: Hands,
    balancer: Balancer,
    ids: Ids,
    /// Who has to look at the World.
    woken: BTreeSet<Subject>,
    /// Who wants to look again, and when.
    wakes: BTreeMap<Subject, Timestamp>,
    /// What will happen, in order.
    agenda: BTreeMap<(Timestamp, u64), Happening>,
    happenings: u64,
    notes: BTreeMap<Subject, Vec<Note>>,
    names: Names,
    timeline: Vec<(Timestamp, String)>,
    /// How many decisions were made.
    pub decisions: u64,
}

/// Something that will happen.
#[derive(Debug, Clone)]
enum Happening {
    /// An action reaches the hands.
    Do(Box<control::Action>),
    /// An action bears fruit.
    Outcome(Outcome),
    /// The load balancer checks a target.
    Check(TargetKey),
}

// === impl Sim ===

impl Sim {
    /// An empty region with one cluster. The same seed and the same calls give the same region.
    #[must_use]
    pub fn new(seed: u64, pace: Pace) -> Self {
        Self {
            world: crate::build::world(),
            moment: Moment { now: BEGIN, pace },
            hands: Hands::default(),
            balancer: Balancer::default(),
            ids: Ids::seeded(seed),
            woken: BTreeSet::new(),
            wakes: BTreeMap::new(),
            agenda: BTreeMap::new(),
            happenings: 0,
            notes: BTreeMap::new(),
            names: Names::default(),
            timeline: Vec::new(),
            decisions: 0,
        }
    }

    /// Changes the region as a client does, and lets everybody do what is to be done now.
    pub fn change(&mut self, change: impl FnOnce(&mut Draft, &mut Ids)) {
        let mut draft = Draft::of(&self.world);
        change(&mut draft, &mut self.ids);
        self.commit(draft);
        self.settle();
    }

    /// Puts rows into the region.
    pub fn put(&mut self, rows: impl IntoIterator<Item = Row>) {
        self.change(|draft, _| rows.into_iter().for_each(|row| draft.put(row)));
    }

    /// What containers of an image do from now on.
    pub fn behave(&mut self, image: &str, change: impl FnOnce(&mut Behaviour)) {
        change(self.hands.behaviours.entry(image.to_owned()).or_default());
    }

    /// Whether no container and no network exists.
    #[must_use]
    pub fn is_idle_outside(&self) -> bool {
        self.hands.processes.is_empty() && self.hands.networks.is_empty()
    }

    /// What a subject last said that it waits for.
    #[must_use]
    pub fn notes(&self, subject: &Subject) -> &[Note] {
        self.notes.get(subject).map_or(&[], Vec::as_slice)
    }

    /// Publishes a draft, and wakes whom its rows concern.
    fn commit(&mut self, draft: Draft) {
        let committed = draft.commit();
        for key in &committed.touched {
            self.names.learn(key, &committed.world);
            self.record(key, &committed.world);
        }
        let before = std::mem::replace(&mut self.world, committed.world);
        for key in &committed.touched {
            self.woken.extend(control::subjects(key, &self.world));
            self.mind_target(key, &before);
        }
    }

    /// The load balancer begins to check a target that is new to it, and forgets one that is gone.
    fn mind_target(&mut self, key: &RowKey, before: &World) {
        let RowKey::Target(key) = key else { return };
        let checked = |world: &World| {
            world.targets.get(key).is_some_and(|target| laws::is_checked(&target.state))
        };
        match (checked(before), checked(&self.world)) {
            (false, true) => self.at(self.now(), Happening::Check(key.clone())),
            (true, false) => self.balancer.forget(|held| held == key),
            _ => {}
        }
    }

    /// Lets everybody who was woken decide, until nobody has anything to do.
    ///
    /// # Panics
    /// When a law is broken.
    fn settle(&mut self) {
        while let Some(subject) = self.woken.pop_first() {
            self.decide(&subject);
        }
    }

    fn decide(&mut self, subject: &Subject) {
        self.decisions += 1;
        let mut again = self.ids.clone();
        let decision = control::decide(&self.world, subject, self.moment, &mut self.ids);
        let repeated = control::decide(&self.world, subject, self.moment, &mut again);
        assert_eq!(decision, repeated, "the same input gives the same decision");
        match decision.wake_at {
            Some(at) => self.wakes.insert(subject.clone(), at),
            None => self.wakes.remove(subject),
        };
        self.notes.insert(subject.clone(), decision.notes.clone());
        if decision.is_idle() {
            return;
        }
        let mut draft = Draft::of(&self.world);
        decision.rows.iter().for_each(|row| draft.put(row.clone()));
        decision.gone.iter().for_each(|key| draft.remove(key.clone()));
        let before = self.world.clone();
        self.commit(draft);
        laws::after_decision(&laws::Made {
            before: &before,
            subject,
            decision: &decision,
            after: &self.world,
            moment: self.moment,
        });
        for action in decision.actions {
            laws::before_action(&action, &self.world);
            self.at(self.now(), Happening::Do(Box::new(action)));
        }
    }
}
