//! Carries out the heart's actions, and reports what they came to.
//!
//! Actions on one container are carried out one after the other, in the order in which they were
//! decided; those on different containers go side by side. A task's lanes end when it is closed.

use crate::heart::Event;
use crate::report::Report;
use crate::shelf::Shelf;
use crate::tailor::{self, Reach};
use crate::{clock, door::credentials};
use control::{Action, Launch};
use driver::{Driver, Wanted};
use model::ContainerName;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use world::task::{ContainerReport, TaskReport};
use world::{LogStreamKey, TaskKey};

/// Where the output of containers goes; shared with the thread that takes it.
pub(crate) type Streams = Arc<Mutex<BTreeMap<driver::ContainerKey, LogStreamKey>>>;

/// Carries out actions.
#[derive(Debug)]
pub(crate) struct Hands {
    worker: Worker,
    runtime: Handle,
    lanes: BTreeMap<Lane, mpsc::UnboundedSender<Action>>,
}

/// What is done in order: a container's actions, or those of a task as a whole.
type Lane = (TaskKey, Option<ContainerName>);

/// What carrying out takes.
#[derive(Debug, Clone)]
pub(crate) struct Worker {
    driver: Arc<dyn Driver>,
    reach: Arc<Reach>,
    shelf: Shelf,
    streams: Streams,
    names: credentials::Names,
    heart: Sender<Event>,
    /// Fields of which it was said that they have no effect.
    told: Arc<Mutex<BTreeSet<&'static str>>>,
}

impl Hands {
    pub(crate) fn new(worker: Worker) -> Self {
        Self { worker, runtime: Handle::current(), lanes: BTreeMap::new() }
    }

    /// Sees to it that an action is carried out. Returns at once.
    pub(crate) fn act(&mut self, action: Action) {
        // A probe takes as long as its command; it must not hold back the signal behind it.
        if matches!(action, Action::Probe(_)) {
            let worker = self.worker.clone();
            self.runtime.spawn(async move { worker.carry_out(action).await });
            return;
        }
        let closed = match &action {
            Action::Close { task } => Some(task.clone()),
            _ => None,
        };
        let lane = self.lanes.entry(lane(&action)).or_insert_with(|| {
            let (sender, receiver) = mpsc::unbounded_channel();
            self.runtime.spawn(self.worker.clone().drain(receiver));
            sender
        });
        // The receiver ends only when its sender is dropped, below.
        let _open = lane.send(action);
        if let Some(task) = closed {
            self.lanes.retain(|(held, _), _| *held != task);
        }
    }
}

fn lane(action: &Action) -> Lane {
    match action {
        Action::OpenNetwork(network) => (network.task.clone(), None),
        Action::Close { task } => (task.clone(), None),
        Action::Start(launch) => (launch.task.clone(), Some(launch.spec.name.clone())),
        Action::Probe(probe) => (probe.task.clone(), Some(probe.container.clone())),
        Action::Pull { task, container, .. }
        | Action::Signal { task, container }
        | Action::Kill { task, container } => (task.clone(), Some(container.clone())),
    }
}

// === impl Worker ===

impl Worker {
    pub(crate) fn new(
        driver: Arc<dyn Driver>,
        (reach, shelf): (Reach, Shelf),
        streams: Streams,
        names: credentials::Names,
        heart: Sender<Event>,
    ) -> Self {
        let (reach, told) = (Arc::new(reach), Arc::default());
        Self { driver, reach, shelf, streams, names, heart, told }
    }

    async fn drain(self, mut actions: mpsc::UnboundedReceiver<Action>) {
        while let Some(action) = actions.recv().await {
            self.carry_out(action).await;
        }
    }

    async fn carry_out(&self, action: Action) {
        match action {
            Action::OpenNetwork(network) => {
                let opened = self.driver.open(tailor::sandbox(&network)).await;
                let what = match opened {
                    Ok(address) => TaskReport::NetworkReady(address),
                    Err(why) => TaskReport::NetworkFailed(why.to_string()),
                };
                self.report(network.task, what);
            }
            Action::Pull { task, container, image, digest, words } => {
                let what = self.pull(image, digest, words).await;
                self.report(task, TaskReport::Container(container, what));
            }
            Action::Start(launch) => self.start(*launch).await,
            Action::Signal { task, container } => {
                let done = self.driver.signal(tailor::container(&task, &container)).await;
                complain("a container can't be signalled", done);
            }
            Action::Kill { task, container } => {
                let done = self.driver.kill(tailor::container(&task, &container)).await;
                complain("a container can't be killed", done);
            }
            Action::Probe(probe) => {
                let outcome = self.driver.probe(tailor::probe(&probe)).await;
                let what = match outcome {
                    Ok(done) => ContainerReport::Probed { code: done.code, output: done.output },
                    Err(why) => ContainerReport::Probed { code: None, output: why.to_string() },
                };
                self.report(probe.task, TaskReport::Container(probe.container, what));
            }
            Action::Close { task } => {
                complain("a task can't be removed", self.driver.close(tailor::task(&task)).await);
                self.forget(&task);
                self.report(task, TaskReport::NetworkGone);
            }
        }
    }

    /// Has an image pulled. An engine that has all of it asks the registry for no more than its
    /// digest; that a task wanted it is noted all the same, as where each task pulls for itself.
    async fn pull(
        &self,
        image: String,
        digest: Option<String>,
        words: Vec<String>,
    ) -> ContainerReport {
        let digest = digest.or_else(|| self.shelf.digest(&image));
        let own = digest.as_deref().and_then(|digest| self.shelf.key(&image, digest));
        let placed = self.shelf.place(image.clone());
        match self.driver.pull(Wanted { image: placed, digest, words }).await {
            Ok(image) => {
                // The heart ends only with the region.
                let _gone = own.map(|own| self.heart.send(Event::Pulled(own)));
                ContainerReport::Pulled(image.digest)
            }
            Err(why) => ContainerReport::PullFailed(self.shelf.told(&image, &why.to_string())),
        }
    }

    async fn start(&self, launch: Launch) {
        let key = tailor::container(&launch.task, &launch.spec.name);
        if let Some(stream) = &launch.log {
            lock(&self.streams).insert(key, stream.clone());
        }
        let credentials = launch.task_role.as_ref().map(|_| self.names.of(&launch.task));
        let mut container = tailor::launch(&launch, &self.reach, credentials.as_deref());
        container.image = self.shelf.place(container.image);
        self.tell_unsupported(&container);
        let what = match self.driver.start(container).await {
            Ok(started) => ContainerReport::Started(tailor::bindings(&started.ports)),
            Err(why) => ContainerReport::StartFailed(why.to_string()),
        };
        self.report(launch.task, TaskReport::Container(launch.spec.name, what));
    }

    /// Says what of a container has no effect with this driver, each field once: on a machine
    /// without limits, every task of Fargate has limits that have none.
    fn tell_unsupported(&self, container: &driver::Container) {
        for held in self.driver.unsupported(container) {
            if lock(&self.told).insert(held.field) {
                let (kind, name) = (self.driver.kind().as_str(), container.key.name.as_str());
                tracing::warn!(
                    container = name,
                    "`{}` has no effect with the {kind} driver: {}",
                    held.field,
                    held.why
                );
            }
        }
    }

    fn forget(&self, task: &TaskKey) {
        let task = tailor::task(task);
        lock(&self.streams).retain(|container, _| container.task != task);
    }

    fn report(&self, task: TaskKey, what: TaskReport) {
        // The heart ends only with the region.
        let report = Report::Task { task, what, at: clock::now() };
        let _gone = self.heart.send(Event::Report(report));
    }
}

fn complain(what: &str, done: Result<(), driver::Error>) {
    if let Err(why) = done {
        tracing::error!(error = %why, "{what}");
    }
}

/// The map, also when a thread that held it has panicked: entries are put and taken whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
