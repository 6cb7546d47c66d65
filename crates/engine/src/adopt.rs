//! What a region finds of its tasks when it starts again, held against what it remembers.

use crate::report::Report;
use driver::{Found, State};
use model::Timestamp;
use std::collections::BTreeMap;
use world::task::{Attachment, ContainerReport, TaskReport};
use world::{ContainerState, Phase, Task, TaskKey, World};

/// What follows from a comparison.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Adopted {
    /// What happened while nobody looked. Exits that the driver itself tells are not among them.
    pub(crate) reports: Vec<Report>,
    /// Tasks that are there and should not be.
    pub(crate) strangers: Vec<driver::TaskKey>,
}

/// Compares what is there with what the World says.
pub(crate) fn compare(world: &World, found: &[Found], now: Timestamp) -> Adopted {
    let mut adopted = Adopted::default();
    let there: BTreeMap<TaskKey, &Found> =
        found.iter().map(|found| (crate::tailor::task_back(&found.task), found)).collect();
    for (key, found) in &there {
        if world.tasks.get(key).is_none_or(|task| task.phase == Phase::Stopped) {
            adopted.strangers.push(found.task.clone());
        }
    }
    for task in world.tasks.iter().filter(|task| task.phase != Phase::Stopped) {
        adopted.reports.extend(missing(task, there.get(&task.key).copied(), now));
    }
    adopted
}

/// What of a task should be there and is not.
fn missing(task: &Task, found: Option<&Found>, now: Timestamp) -> Vec<Report> {
    let report = |what| Report::Task { task: task.key.clone(), what, at: now };
    let network = found.and_then(|found| found.address);
    if network.is_none() && task.attachment == Attachment::Attached {
        return vec![report(TaskReport::NetworkGone)];
    }
    // A start that was asked for is asked for again; what ran and is nowhere has ended.
    let ran = task.containers.iter().filter(|container| {
        matches!(container.state, ContainerState::Running { .. } | ContainerState::Stopping { .. })
    });
    let gone =
        ran.filter(|container| !is_there(found, container.name.as_str(), container.restarts));
    gone.map(|container| {
        let ended = ContainerReport::Exited { code: KILLED, out_of_memory: false };
        report(TaskReport::Container(container.name.clone(), ended))
    })
    .collect()
}

/// The exit code of a container that nobody saw end: most likely it was killed.
const KILLED: i32 = 137;

/// Whether the driver has that run of a container, running or ended; it tells ends itself.
fn is_there(found: Option<&Found>, name: &str, run: u32) -> bool {
    let containers = found.map(|found| found.containers.as_slice()).unwrap_or_default();
    containers.iter().any(|held| {
        let known = matches!(held.state, State::Running | State::Exited(_));
        held.name.as_str() == name && held.run == run && known
    })
}
