//! The arithmetic of a rolling deployment: how many tasks to start and to stop, from counts alone.
//!
//! It knows no task, no time and no event, so every case of the reference is a row of a table.

/// A service's tasks that were not told to stop, by whose they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    /// How many tasks the service should have.
    pub(super) desired: u32,
    /// `minimumHealthyPercent`.
    pub(super) minimum_percent: u32,
    /// `maximumPercent`.
    pub(super) maximum_percent: u32,
    /// Tasks of the PRIMARY deployment.
    pub(super) new: Side,
    /// Tasks of the older deployment that worked, if there is one: what must not be lost before
    /// the new one works.
    pub(super) kept: Side,
    /// Tasks of older deployments that never completed.
    pub(super) rest: Side,
    /// Whether the PRIMARY deployment may start tasks now.
    pub(super) new_starts: Starts,
    /// Whether the older deployment that worked may be brought up to strength.
    pub(super) kept_starts: Starts,
}

/// Whether a deployment may start tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Starts {
    /// It may.
    #[default]
    Allowed,
    /// It is held back, or is not there.
    Withheld,
    /// It was given up: it never will.
    Over,
}

/// The tasks of one side by what is known of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Side {
    /// Not RUNNING yet.
    pub(super) pending: u32,
    /// RUNNING, neither healthy nor unhealthy yet.
    pub(super) waiting: u32,
    /// Healthy, but not for long enough that an old task may be stopped for it.
    pub(super) fresh: u32,
    /// Healthy for long enough.
    pub(super) settled: u32,
    /// Unhealthy, and no longer excused.
    pub(super) unhealthy: u32,
}

/// What is to be started and stopped now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Moves {
    /// Tasks of the PRIMARY deployment to start.
    pub(super) start_new: u32,
    /// How many of those take the place of unhealthy ones.
    pub(super) replaced: u32,
    /// Tasks of the older deployment that worked to start.
    pub(super) start_kept: u32,
    /// How many of those take the place of unhealthy ones.
    pub(super) replaced_kept: u32,
    /// Tasks to stop.
    pub(super) stop: Stops,
    /// Whether the percentages leave no room to move, now or later.
    pub(super) stuck: bool,
}

/// How many tasks to stop, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stops {
    /// Unhealthy tasks of the PRIMARY deployment.
    pub(super) unhealthy: u32,
    /// Tasks of the PRIMARY deployment beyond the desired count, those that are not healthy first.
    pub(super) excess: u32,
    /// Tasks of deployments that never completed and that are not RUNNING yet.
    pub(super) old_pending: u32,
    /// Other old tasks that are not healthy.
    pub(super) old_ailing: u32,
    /// Healthy old tasks.
    pub(super) old_healthy: u32,
}

// === impl Tally ===

impl Tally {
    /// How many healthy tasks there must be: rounded up. 66 % of 3 are 2. A deployment that was given
    /// up brings no task in the place of an old one, so all that are left are needed then.
    pub(super) fn floor(&self) -> u32 {
        if self.new_starts == Starts::Over {
            return self.desired;
        }
        let floor = (u64::from(self.desired) * u64::from(self.minimum_percent)).div_ceil(100);
        u32::try_from(floor).unwrap_or(u32::MAX)
    }

    /// How many tasks there may be: rounded down. 150 % of 3 are 4.
    pub(super) fn ceiling(&self) -> u32 {
        let ceiling = u64::from(self.desired) * u64::from(self.maximum_percent) / 100;
        u32::try_from(ceiling).unwrap_or(u32::MAX)
    }

    /// All tasks; those that were told to stop count neither here nor as healthy (reference §3.3).
    pub(super) fn total(&self) -> u32 {
        self.new.total() + self.kept.total() + self.rest.total()
    }

    /// Healthy tasks that an old one may be stopped for.
    pub(super) fn trusted(&self) -> u32 {
        self.new.settled + self.kept.healthy() + self.rest.healthy()
    }

    /// How many tasks of the PRIMARY deployment are missing; unhealthy ones are as good as missing.
    pub(super) fn missing(&self) -> u32 {
        self.desired.saturating_sub(self.new.fit())
    }

    /// What to start and stop now.
    ///
    /// 4 tasks at 50/100: the floor is 2 and the ceiling 4, so 2 old tasks are stopped and 2 new
    /// ones started in their room; when those are healthy, the same again. 1 task at 100/200: the
    /// floor is 1 and the ceiling 2, so a new one is started, and the old one stopped when the new
    /// one is healthy.
    pub(super) fn moves(&self) -> Moves {
        let mut stop = self.stops();
        if stop.total() == 0 {
            stop = self.stops_for_room();
        }
        let (start_kept, start_new) = self.starts(&stop);
        let vacant = self.desired.saturating_sub(self.new.total());
        Moves {
            start_new,
            replaced: start_new.saturating_sub(vacant),
            start_kept,
            replaced_kept: start_kept.min(self.kept.unhealthy),
            stop,
            stuck: self.is_stuck() && stop.total() + start_new + start_kept == 0,
        }
    }

    /// Stops that cost no health that is needed.
    fn stops(&self) -> Stops {
        let (trusted, floor) = (self.trusted(), self.floor());
        let old_healthy = trusted.saturating_sub(floor).min(self.old_healthy());
        let healthy = self.new.healthy() + self.old_healthy() - old_healthy;
        // An unhealthy task goes when a healthy one stands in its place (reference §3.3, step 4).
        let replaced = (healthy + self.new.unhealthy).saturating_sub(self.desired);
        Stops {
            unhealthy: self.new.unhealthy.min(replaced),
            excess: self.new.fit().saturating_sub(self.desired),
            old_pending: self.rest.pending,
            old_ailing: if trusted >= floor { self.old_ailing() } else { 0 },
            old_healthy,
        }
    }

    /// One unhealthy task, when nothing else makes room for the tasks that are missing: AWS stops
    /// them one by one, and the next only when nothing is on its way to health.
    fn stops_for_room(&self) -> Stops {
        let full = self.missing() > 0 && self.total() >= self.ceiling();
        if !full || self.new_starts != Starts::Allowed || self.in_flight() > 0 {
            Stops::default()
        } else if self.new.unhealthy > 0 {
            Stops { unhealthy: 1, ..Stops::default() }
        } else {
            let old_ailing = (self.kept.unhealthy + self.rest.unhealthy).min(1);
            Stops { old_ailing, ..Stops::default() }
        }
    }

    /// What to start in the room that there is: of the old deployment that worked what the floor
    /// lacks, whatever the new one's state (AWS since November 2025), then new tasks. A deployment
    /// that has no task yet comes first: otherwise at 100/100 it would never get one.
    fn starts(&self, stop: &Stops) -> (u32, u32) {
        let room = self.ceiling().saturating_sub(self.total() - stop.total());
        let new_wanted = match self.new_starts {
            Starts::Allowed => self.missing(),
            Starts::Withheld | Starts::Over => 0,
        };
        let kept_wanted = match self.kept_starts {
            Starts::Allowed => self.floor().saturating_sub(self.supply(stop)),
            Starts::Withheld | Starts::Over => 0,
        };
        let first = if self.new.total() == 0 { new_wanted.min(room).min(1) } else { 0 };
        let start_kept = kept_wanted.min(room - first);
        (start_kept, new_wanted.min(room - start_kept))
    }

    /// What is or will be healthy, going by what has worked before.
    fn supply(&self, stop: &Stops) -> u32 {
        let old = self.kept.fit() + self.rest.healthy();
        (self.new.healthy() + old).saturating_sub(stop.old_healthy)
    }

    /// Whether all is healthy and the percentages are what stands in the way.
    fn is_stuck(&self) -> bool {
        let old = self.kept.total() + self.rest.total();
        old > 0
            && self.missing() > 0
            && self.new_starts == Starts::Allowed
            && self.total() == self.trusted()
    }

    fn old_healthy(&self) -> u32 {
        self.kept.healthy() + self.rest.healthy()
    }

    fn old_ailing(&self) -> u32 {
        let rest = self.rest.waiting + self.rest.unhealthy;
        rest + self.kept.pending + self.kept.waiting + self.kept.unhealthy
    }

    /// Tasks on their way to health.
    fn in_flight(&self) -> u32 {
        let of = |side: Side| side.pending + side.waiting;
        of(self.new) + of(self.kept) + of(self.rest)
    }
}

// === impl Side ===

impl Side {
    /// All tasks of the side.
    pub(super) fn total(&self) -> u32 {
        self.fit() + self.unhealthy
    }

    /// Tasks that are healthy or may become so.
    pub(super) fn fit(&self) -> u32 {
        self.pending + self.waiting + self.healthy()
    }

    /// Healthy tasks.
    pub(super) fn healthy(&self) -> u32 {
        self.fresh + self.settled
    }
}

impl Stops {
    fn total(&self) -> u32 {
        self.unhealthy + self.excess + self.old_pending + self.old_ailing + self.old_healthy
    }
}

#[cfg(test)]
mod tests;
