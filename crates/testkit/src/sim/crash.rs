//! The region dies and comes back: only its saved rows are left, and the containers run on.

use super::hands::Outcome;
use super::{Happening, Sim};
use model::Span;
use world::task::ContainerReport;
use world::{Draft, Phase, TaskReport, World};

impl Sim {
    /// Whether an action is under way: on its way to the hands, or being carried out.
    #[must_use]
    pub fn is_acting(&self) -> bool {
        self.agenda.values().any(is_lost_by_a_crash)
    }

    /// Kills the region between two moments, and starts it again after a while.
    ///
    /// # Panics
    /// When the saved rows are not those of the last World, or a law is broken.
    pub fn crash(&mut self, down: Span) {
        // What was on its way to the hands, or from them to the region, is lost.
        self.agenda
            .retain(|_, happening| matches!(happening, Happening::Outcome(Outcome::Ends(..))));
        self.balancer.forget(|_| true);
        self.wakes.clear();
        self.notes.clear();
        self.pass_without_region(down);
        self.world = restored(&self.world);
        self.start();
    }

    /// Containers that end while nobody looks.
    fn pass_without_region(&mut self, down: Span) {
        self.moment.now = self.now() + down;
        while let Some(entry) = self.agenda.first_entry().filter(|e| e.key().0 <= self.moment.now) {
            if let Happening::Outcome(Outcome::Ends(key, attempt, code)) = entry.remove() {
                // Nobody is there to be told.
                drop(self.hands.ended(&key, attempt, code));
            }
        }
    }

    /// Starts the region: what was asked for is asked for again, what ended meanwhile is told, and
    /// everyone looks.
    fn start(&mut self) {
        for action in control::resume(&self.world) {
            self.at(self.now(), Happening::Do(Box::new(action)));
        }
        for target in self.world.targets.iter().map(|target| target.key.clone()).collect::<Vec<_>>()
        {
            self.at(self.now(), Happening::Check(target));
        }
        self.woken = control::everyone(&self.world).collect();
        self.adopt();
        self.settle();
    }

    /// Tells of the containers that ended while nobody looked.
    fn adopt(&mut self) {
        let tasks: Vec<_> =
            self.world.tasks.iter().filter(|task| task.phase < Phase::Stopped).cloned().collect();
        for task in tasks {
            for container in task.containers.iter().filter(|held| held.state.started().is_some()) {
                let process = self.hands.processes.get(&(task.key.clone(), container.name.clone()));
                let code = process.map_or(Some(137), |process| process.exit_code);
                if let Some(code) = code {
                    let report = ContainerReport::Exited { code, out_of_memory: false };
                    let report = TaskReport::Container(container.name.clone(), report);
                    self.report(&task.key, &report);
                }
            }
        }
    }
}

/// The World of the saved rows: every commit saves what it touches, so they are all rows there are.
fn restored(lost: &World) -> World {
    let mut draft = Draft::of(&World::empty(lost.place.clone(), lost.vpc.clone()));
    for row in lost.rows() {
        let bytes = lost.saved(&row.key()).expect("the row is there");
        draft.put(world::save::load(&bytes).expect("what is saved can be loaded"));
    }
    let restored = draft.commit().world;
    assert!(restored.rows().eq(lost.rows()), "what is saved is what there was");
    restored
}

/// Checks of targets go on by themselves; everything else was asked for.
fn is_lost_by_a_crash(happening: &Happening) -> bool {
    match happening {
        Happening::Do(_) | Happening::Outcome(Outcome::Report(..) | Outcome::Starts(_)) => true,
        Happening::Outcome(Outcome::Ends(..)) | Happening::Check(_) => false,
    }
}
