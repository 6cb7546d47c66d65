//! What a drill of rollouts found, and whether that is well.

use super::app::App;
use super::killer::Kill;
use super::tally::{Epoch, Failure, Kind, Tally};
use crate::drill::options::{Killing, Options};
use std::fmt::Write as _;
use std::time::Duration;

/// What was found.
pub(super) struct Found {
    /// How long each rollout took.
    pub(super) rollouts: Vec<Duration>,
    pub(super) tally: Tally,
    pub(super) kills: Vec<Kill>,
}

/// Failures, by whether they had to be.
struct Sorted<'a> {
    /// A task was killed while the request was on its way: it may have been at that task. No load
    /// balancer can save it then, for the task may have acted upon it.
    killed: Vec<&'a Failure>,
    /// All others.
    unexplained: Vec<&'a Failure>,
}

// === impl Found ===

impl Found {
    fn sorted(&self) -> Sorted<'_> {
        let had_to_be =
            |failure: &&Failure| self.kills.iter().any(|kill| failure.life.meets(&kill.window));
        let (killed, unexplained) = self.tally.failures.iter().partition(had_to_be);
        Sorted { killed, unexplained }
    }

    /// What is wrong; nothing when all is well.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let unexplained = self.sorted().unexplained.len();
        if unexplained > 0 {
            faults.push(format!("{unexplained} requests failed"));
        }
        for version in 1..=self.rollouts.len() {
            let (old, new) = (App::greeting(version - 1), App::greeting(version));
            let during = self.tally.versions_of(Epoch::rolling_to(version));
            if let Some(strange) = during.iter().find(|seen| **seen != old && **seen != new) {
                faults.push(format!("`{strange}` answered during rollout {version}"));
            }
            for expected in [&old, &new] {
                if !during.contains(&expected.as_str()) {
                    faults.push(format!("`{expected}` did not answer during rollout {version}"));
                }
            }
            let after = self.tally.versions_of(Epoch::settled_at(version));
            if after != [new.as_str()] {
                faults.push(format!("{after:?} answered after rollout {version}"));
            }
        }
        faults
    }

    /// All of it, for people.
    pub(super) fn draw(&self, options: &Options) -> String {
        let Options { example, speed, seed, connections, .. } = options;
        let (driver, count) = (options.driver.word(), self.rollouts.len());
        let mut text = format!(
            "{count} rollouts of {example} with {driver}, speed {speed}, {connections} clients of \
             each kind, seed {seed}\n{}\n",
            self.times()
        );
        let sorted = self.sorted();
        text.push_str("\n| requests | count | failed | on a killed task | slowest |\n");
        text.push_str("|---|---|---|---|---|\n");
        for kind in Kind::ALL {
            let of = |failures: &[&Failure]| {
                failures.iter().filter(|failure| failure.kind == kind).count()
            };
            let asked = self.tally.asked.get(&kind).copied().unwrap_or_default();
            let slowest = self.tally.slowest.get(&kind).copied().unwrap_or_default();
            let (failed, killed) = (of(&sorted.unexplained), of(&sorted.killed));
            let slowest = slowest.as_millis();
            // Writing to a text never fails.
            let _written =
                writeln!(text, "| {kind} | {asked} | {failed} | {killed} | {slowest} ms |");
        }
        if options.killing == Killing::Yes {
            text.push_str(&self.show_kills(sorted.killed.len()));
        }
        for failure in &sorted.unexplained {
            text.push_str(&self.show(failure));
        }
        text
    }

    fn times(&self) -> String {
        let mut sorted = self.rollouts.clone();
        sorted.sort();
        let at = |place: usize| sorted.get(place).copied().unwrap_or_default().as_secs_f64();
        let last = sorted.len().saturating_sub(1);
        format!("a rollout took {:.2} s (median), {:.2} s at most", at(last / 2), at(last))
    }

    /// How many requests the kills could have cost, and how many they cost.
    fn show_kills(&self, lost: usize) -> String {
        let under_way: usize = self.kills.iter().map(|kill| kill.under_way).sum();
        // Each task had its share of what was under way, more or less.
        let shares = self.kills.iter().map(|kill| kill.under_way.div_ceil(kill.healthy.max(1)));
        let (kills, share) = (self.kills.len(), shares.sum::<usize>());
        format!(
            "\n{kills} tasks were killed while {under_way} requests were under way, about {share} \
             of them to the killed tasks; {lost} were lost with them\n"
        )
    }

    /// A failure, and how long before it the last task was dead.
    fn show(&self, failure: &Failure) -> String {
        let Failure { kind, what, life, epoch } = failure;
        let (at, took) = (life.from.as_secs_f64(), life.length().as_millis());
        let before = self.kills.iter().filter(|kill| kill.window.to <= life.from);
        let last = before.map(|kill| life.from.saturating_sub(kill.window.to)).min();
        let last = last.map(|ago| format!(", {} ms after a kill", ago.as_millis()));
        let last = last.unwrap_or_default();
        format!("\nfailed at {at:.3} s, {epoch}, {kind}: {what} (after {took} ms{last})")
    }
}

#[cfg(test)]
mod tests;
