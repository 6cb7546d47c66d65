//! Containers of a Docker engine, or of another that speaks its API (1.41 and later).
//!
//! A task is one container that holds its network, at the task's address, and the task's containers
//! in that network. Everything carries the region's name, so regions can share an engine.
//!
//! The engine keeps containers' output, so none is lost while the region is away, up to 20 MB for a
//! container; after a restart it goes on after the mark given, to the line. The containers live on
//! without the region for as long as the engine does.
//!
//! Secrets are in the environment of containers, and so in the answers of the engine to who may ask
//! it: as everywhere with Docker.

mod adopt;
pub mod build;
mod buildkit;
mod context;
mod create;
mod digest;
mod engine;
mod exec;
mod find;
mod follow;
mod layers;
mod log;
mod names;
mod network;
mod pause;
mod probe;
mod pull;
mod push;
mod reach;
mod start;
mod stats;
mod tag;
mod task;
pub mod trial;

use crate::port::{Doing, Driver, Kind, Probe, ProbeOutcome, Started, Stats, Unsupported};
use crate::turns::Turns;
use crate::{
    Container, ContainerKey, Error, Events, Exec, Found, Image, Mark, PullError, Sandbox, TaskKey,
    Terminal, Wanted,
};
use bollard::Docker as Engine;
use follow::Follower;
use names::Names;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::task::AbortHandle;

pub use context::ContextError;
pub use digest::digest;
pub use engine::Hints;
pub use layers::{Layer, layers};
pub use push::{Login, push};
pub use reach::out_of_reach;
pub use tag::tag;

/// What the driver needs to know of its surroundings.
#[derive(Debug, Clone)]
pub struct Config {
    /// The region's id: letters, digits and `-`. It tells the things of this region from those of
    /// others in the same engine, and must be the same after a restart.
    pub region: String,
    /// Where to look for the engine.
    pub hints: Hints,
    /// How this machine reaches containers; found out when absent.
    pub reach: Option<Reach>,
    /// Who is told what happens.
    pub events: Events,
}

/// How this machine reaches containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// At their own addresses: the engine's bridges are this machine's.
    Addresses,
    /// At ports of 127.0.0.1 that lead to them: the engine runs in a virtual machine, as Docker
    /// Desktop, or without root. A task's address is then 127.0.0.1 and each port another one;
    /// among themselves containers still reach each other at their own addresses.
    PublishedPorts,
}

/// The Docker driver. When it is dropped, containers live on.
#[derive(Debug)]
pub struct Docker {
    engine: Engine,
    /// The engine's own, for what bollard can't be asked.
    socket: PathBuf,
    names: Names,
    range: [u8; 2],
    reach: Option<Reach>,
    events: Events,
    followed: Mutex<BTreeMap<ContainerKey, Followed>>,
    turns: Turns,
    /// One call at a time makes networks.
    networks: tokio::sync::Mutex<()>,
    /// How many CPUs the engine has, once it was asked.
    cpus: tokio::sync::OnceCell<u32>,
    /// Whether the engine may not raise the limit of open files to Fargate's.
    few_files: AtomicBool,
}

/// A container that is being followed; no longer when this goes.
#[derive(Debug)]
struct Followed {
    run: u32,
    task: AbortHandle,
}

// === impl Docker ===

impl Docker {
    /// Finds the engine and makes the region's network, whose addresses are then its own.
    ///
    /// # Errors
    /// Says why no engine can be used.
    pub async fn connect(config: Config) -> Result<Self, Error> {
        let (engine, socket) = engine::first(&config.hints).await?;
        let names = Names::new(config.region);
        let range = network::claim(&engine, &names).await?;
        let Config { reach, events, .. } = config;
        Ok(Self {
            engine,
            socket,
            names,
            range,
            reach,
            events,
            followed: Mutex::default(),
            turns: Turns::default(),
            networks: tokio::sync::Mutex::default(),
            cpus: tokio::sync::OnceCell::new(),
            few_files: AtomicBool::default(),
        })
    }

    /// How this machine reaches containers, once the region's network is there.
    fn reach(&self) -> Reach {
        let found = || match network::is_on_this_machine(network::gateway(self.range)) {
            true => Reach::Addresses,
            false => Reach::PublishedPorts,
        };
        self.reach.unwrap_or_else(found)
    }

    /// Follows a container from a mark on, unless it is followed already.
    fn follow(&self, key: &ContainerKey, run: u32, after: Mark) {
        let mut followed = lock(&self.followed);
        if followed.get(key).is_some_and(|followed| followed.run == run) {
            return;
        }
        let (engine, events) = (self.engine.clone(), self.events.clone());
        let name = self.names.container(key);
        let follower = Follower { engine, name, key: key.clone(), run, events };
        let task = tokio::spawn(follower.follow(after)).abort_handle();
        followed.insert(key.clone(), Followed { run, task });
    }
}

impl Driver for Docker {
    fn kind(&self) -> Kind {
        Kind::Docker
    }

    fn network(&self) -> [u8; 2] {
        self.range
    }

    fn host_address(&self) -> Doing<'_, Result<Option<Ipv4Addr>, Error>> {
        Box::pin(async {
            self.ensure_networks().await?;
            let here = network::is_on_this_machine(network::LINK_ADDRESS);
            Ok(here.then_some(network::LINK_ADDRESS))
        })
    }

    fn unsupported(&self, _container: &Container) -> Vec<Unsupported> {
        Vec::new()
    }

    fn open(&self, sandbox: Sandbox) -> Doing<'_, Result<Ipv4Addr, Error>> {
        Box::pin(self.open_task(sandbox))
    }

    fn pull(&self, wanted: Wanted) -> Doing<'_, Result<Image, PullError>> {
        Box::pin(async move { pull::pull(&self.engine, &wanted).await })
    }

    fn start(&self, container: Container) -> Doing<'_, Result<Started, Error>> {
        Box::pin(self.start_container(container))
    }

    fn signal(&self, container: ContainerKey) -> Doing<'_, Result<(), Error>> {
        Box::pin(self.send_stop_signal(container))
    }

    fn kill(&self, container: ContainerKey) -> Doing<'_, Result<(), Error>> {
        Box::pin(self.send_signal(container, "SIGKILL".to_owned()))
    }

    fn probe(&self, probe: Probe) -> Doing<'_, Result<ProbeOutcome, Error>> {
        Box::pin(async move {
            let name = self.names.container(&probe.container);
            probe::probe(&self.engine, &name, &probe).await
        })
    }

    fn exec(&self, order: Exec) -> Doing<'_, Result<Terminal, Error>> {
        Box::pin(self.exec_in(order))
    }

    fn close(&self, task: TaskKey) -> Doing<'_, Result<(), Error>> {
        Box::pin(self.close_task(task))
    }

    fn inventory(&self) -> Doing<'_, Result<Vec<Found>, Error>> {
        Box::pin(self.take_inventory())
    }

    fn adopt(&self, marks: BTreeMap<ContainerKey, Mark>) -> Doing<'_, Result<Vec<Found>, Error>> {
        Box::pin(self.adopt_all(marks))
    }

    fn stats(&self, container: ContainerKey) -> Doing<'_, Result<Option<Stats>, Error>> {
        Box::pin(async move {
            let pause = self.names.pause(&container.task);
            stats::read(&self.engine, &self.names.container(&container), &pause).await
        })
    }

    fn withdraw(&self) -> Doing<'_, Result<(), Error>> {
        Box::pin(self.remove_everything())
    }
}

// === impl Followed ===

impl Drop for Followed {
    fn drop(&mut self) {
        self.task.abort();
    }
}

// The engine's client writes the bodies of its requests, and with them secrets, at level debug.
const _: () = assert!(::log::STATIC_MAX_LEVEL as usize <= ::log::LevelFilter::Info as usize);

/// A panic elsewhere leaves these maps whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
