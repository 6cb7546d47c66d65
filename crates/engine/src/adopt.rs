//! What a region finds of its tasks when it starts again, held against what it remembers.

use crate::clock;
use crate::hands::{Streams, lock};
use crate::heart::{Event, Published};
use crate::report::Report;
use crate::tailor;
use driver::{Driver, Found, Mark, State};
use model::Timestamp;
use std::collections::BTreeMap;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use world::task::{Attachment, ContainerReport, TaskReport};
use world::{ContainerState, LogStreamKey, Phase, Task, TaskKey, World};

/// Where the output of the World's containers goes.
pub(crate) fn streams(world: &World) -> Streams {
    let containers = world.tasks.iter().flat_map(|task| {
        task.containers.iter().filter_map(|container| {
            let stream = control::log_stream(world, task, &container.name)?;
            Some((tailor::container(&task.key, &container.name), stream))
        })
    });
    Arc::new(Mutex::new(containers.collect()))
}

/// Where each container's output was last stored, so that it goes on from there.
pub(crate) fn marks(
    logs: &telemetry::Store,
    streams: &Streams,
) -> BTreeMap<driver::ContainerKey, Mark> {
    let streams = lock(streams);
    let last = |stream: &LogStreamKey| logs.summary(stream).ok()?.last_event;
    let marks = streams
        .iter()
        .filter_map(|(container, stream)| Some((container.clone(), Mark::last_of(last(stream)?))));
    marks.collect()
}

/// Reports what happened while nobody looked, and removes what should not be there.
pub(crate) fn report(
    driver: &Arc<dyn Driver>,
    world: &World,
    found: &[driver::Found],
    heart: &Sender<Event>,
) {
    let adopted = compare(world, found, clock::now());
    for report in adopted.reports {
        let _gone = heart.send(Event::Report(report));
    }
    for stranger in adopted.strangers {
        let driver = Arc::clone(driver);
        tokio::spawn(async move { remove(&*driver, stranger).await });
    }
}

/// Looks again and again for tasks that should not be there.
///
/// An engine goes on with what it was asked for by a region that was killed: a container may turn up
/// when its task is long over.
pub(crate) fn keep_out_strangers(driver: &Arc<dyn Driver>, published: &Published) {
    let (driver, published) = (Arc::downgrade(driver), Arc::clone(published));
    tokio::spawn(async move {
        for pause in LOOKS {
            tokio::time::sleep(pause).await;
            let Some(driver) = driver.upgrade() else { return };
            let Ok(found) = driver.inventory().await else { continue };
            // What was there before the World is looked at is in it, if it is anyone's.
            for stranger in strangers(&published.load(), &found) {
                remove(&*driver, stranger).await;
            }
        }
    });
}

/// The pauses before it is looked again. A busy engine has taken seconds for a container.
const LOOKS: [Duration; 3] =
    [Duration::from_secs(5), Duration::from_secs(25), Duration::from_secs(90)];

async fn remove(driver: &dyn Driver, stranger: driver::TaskKey) {
    if let Err(why) = driver.close(stranger).await {
        tracing::error!(error = %why, "a task that nobody knows can't be removed");
    }
}

/// The tasks that are there and are nobody's.
fn strangers(world: &World, found: &[Found]) -> Vec<driver::TaskKey> {
    let is_nobodys = |found: &&Found| {
        let task = world.tasks.get(&tailor::task_back(&found.task));
        task.is_none_or(|task| task.phase == Phase::Stopped)
    };
    found.iter().filter(is_nobodys).map(|found| found.task.clone()).collect()
}

/// What follows from a comparison.
#[derive(Debug, Default, PartialEq)]
struct Adopted {
    /// What happened while nobody looked. Exits that the driver itself tells are not among them.
    reports: Vec<Report>,
    /// Tasks that are there and should not be.
    strangers: Vec<driver::TaskKey>,
}

/// Compares what is there with what the World says.
fn compare(world: &World, found: &[Found], now: Timestamp) -> Adopted {
    let mut adopted = Adopted { strangers: strangers(world, found), reports: Vec::new() };
    let there: BTreeMap<TaskKey, &Found> =
        found.iter().map(|found| (tailor::task_back(&found.task), found)).collect();
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
