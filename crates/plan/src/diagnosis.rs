//! Why it failed: a named cause, the evidence for it, and what to do.
//!
//! [`troubled`] says which tasks of a service are in trouble, so that evidence is gathered for those
//! alone. [`diagnose`] holds the evidence of each against an ordered table of rules; the first that
//! fits names the cause. Rules go from what AWS itself says for certain (it can't read the secret, it
//! ran out of memory) to what only the log tells, and the last one fits everything: whatever happened,
//! all that is known is said.
//!
//! Tasks that failed for the same cause make one finding, which shows the newest of them.
//!
//! This module must not know: how evidence is gathered, how findings are drawn. It is given no secret:
//! whoever gathers evidence hides them first, with a [`Mask`].

mod ailment;
mod alone;
mod application;
mod cause;
mod database;
mod evidence;
mod exits;
mod finding;
mod health_command;
mod health_status;
mod images;
mod listening;
mod mask;
mod memory;
mod pattern;
mod reach;
mod resources;
mod rollout;
mod runtime;
mod scene;
mod signals;
mod trouble;
mod unknown;

pub use alone::{Alone, diagnose_alone};
pub use cause::{Cause, Severity};
pub use evidence::{Case, Evidence, LogLine, Probe, Withheld};
pub use finding::Finding;
pub use mask::{Mask, member};
pub(crate) use trouble::is_return;
pub use trouble::{since, troubled};

use scene::{Diagnosis, Scene};

/// Names the cause of a task's trouble, if it is the rule's to name.
type Rule = fn(&Scene<'_>) -> Option<Diagnosis>;

/// All rules, in the order in which they are tried. What none of them names is unknown.
const RULES: [Rule; 16] = [
    // What AWS says for certain: the task could not be put together.
    resources::unavailable,
    images::unavailable,
    runtime::not_started,
    // How it ended, where that leaves no doubt.
    memory::exhausted,
    signals::stop_ignored,
    signals::interrupted,
    // It runs, or ran, but not well enough for its health checks.
    health_command::failed,
    health_status::refused,
    reach::elsewhere,
    database::unusable,
    reach::unreachable,
    // It ended by itself; its log knows why.
    runtime::not_run,
    application::failed,
    application::exception,
    // Only the exit code is left.
    signals::killed,
    exits::ended,
];

/// Names what is wrong with a service: its tasks in trouble first, the newest first of all, then
/// what ECS says of the deployment as a whole. Nothing wrong, no finding.
#[must_use]
pub fn diagnose(evidence: &Evidence) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for case in evidence.newest_first() {
        let scene = Scene::new(evidence, case);
        if reach::may_still_start(&scene) {
            continue;
        }
        let found = RULES.iter().find_map(|rule| rule(&scene));
        let finding =
            finding::of_task(&scene, found.unwrap_or_else(|| unknown::everything(&scene)));
        match findings.iter_mut().find(|held| held.likeness() == finding.likeness()) {
            Some(held) => held.tasks.extend(finding.tasks),
            None => findings.push(finding),
        }
    }
    findings.extend(rollout::findings(evidence));
    findings
}

#[cfg(test)]
mod tests;
