//! Containers as plain processes of this machine, for machines without a container engine.
//!
//! No root is needed, and nothing but files and processes is used. A container's processes are
//! supervised by this executable in other roles ([`take_over`]), which outlive the region for
//! [`Config::linger`] and hand the containers to the next one.
//!
//! What a process can't have (limits of CPU and memory, a file system, a user of its own) is listed
//! by [`Driver::unsupported`], container by container. The environment of a container is
//! documented in `environment`, images in [`image`]. An image that the store does not have is no
//! obstacle when the container definition names a command: that command is run on this machine as
//! it is, in an empty folder.
//!
//! Output is not lost while the region is away, up to 1 MiB for a container; then its writes wait.
//! Of what a region took, the last 256 KiB can be told again to one that asks with a mark. On a
//! system other than Linux a daemon that leaves its session and its parents outlives its container.

mod adopt;
mod digest;
mod environment;
mod folder;
mod frame;
pub mod image;
mod keeper;
mod launch;
mod limits;
mod ports;
mod role;
mod shim;
mod signals;
mod spec;
mod stage;
mod start;
mod stats;
mod supervised;
mod task;
mod terminals;
mod tree;
mod unsupported;

use crate::port::{Doing, Driver, Kind, Probe, ProbeOutcome, Started, Stats, Unsupported};
use crate::turns::Turns;
use crate::{
    Container, ContainerKey, Error, Events, Exec, Found, Image, Mark, PullError, Sandbox, TaskKey,
    Terminal, Wanted,
};
use folder::Root;
use image::Store;
use model::Span;
use std::collections::BTreeMap;
use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use supervised::{Place, Supervised};

pub use role::take_over;

/// How long containers wait for a region that went away without ending them.
pub const LINGER: Span = Span::seconds(10);

/// What the driver needs to know of its surroundings.
#[derive(Debug, Clone)]
pub struct Config {
    /// A folder of the driver's own, in the region's data directory.
    pub root: PathBuf,
    /// The executable whose `main` calls [`take_over`]: this program's own.
    pub executable: PathBuf,
    /// `PATH` for containers: the region's own.
    pub path: String,
    /// How long containers wait for a region that went away; [`LINGER`] unless in a test.
    pub linger: Span,
    /// Who is told what happens.
    pub events: Events,
}

/// The images of the driver whose folder is `root`, for who puts images there; see
/// [`Config::root`].
#[must_use]
pub fn images(root: &Path) -> Store {
    Store::new(root.join(folder::IMAGES))
}

/// The process driver. When it is dropped, containers live on for [`Config::linger`].
#[derive(Debug)]
pub struct Process {
    config: Config,
    root: Root,
    images: Store,
    containers: Mutex<BTreeMap<ContainerKey, Arc<Supervised>>>,
    turns: Turns,
    /// One call at a time hands out ports.
    ports: tokio::sync::Mutex<()>,
}

// === impl Process ===

impl Process {
    /// The range of loopback that tasks have their addresses from.
    const NETWORK: [u8; 2] = [127, 31];

    /// A driver on its folder, which is made when it is missing. What an earlier driver left there
    /// is found by [`Driver::adopt`].
    ///
    /// # Errors
    /// Says why the folder can't be used.
    pub fn new(config: Config) -> Result<Self, Error> {
        let unusable = |error: io::Error| Error::Unusable {
            driver: Kind::Process.as_str(),
            why: format!("{}: {error}", config.root.display()),
        };
        let root = Root::create(config.root.clone()).map_err(unusable)?;
        let images = Store::new(root.images());
        let (containers, turns, ports) = Default::default();
        Ok(Self { config, root, images, containers, turns, ports })
    }

    /// The images that containers can run from.
    #[must_use]
    pub fn images(&self) -> &Store {
        &self.images
    }

    fn held(&self, key: &ContainerKey) -> Option<Arc<Supervised>> {
        lock(&self.containers).get(key).cloned()
    }

    fn hold(&self, key: ContainerKey, supervised: Supervised) {
        lock(&self.containers).insert(key, Arc::new(supervised));
    }

    fn place(&self, key: &ContainerKey, run: u32) -> Place {
        let folder = self.root.container(key);
        Place { key: key.clone(), run, folder, events: self.config.events.clone() }
    }
}

impl Driver for Process {
    fn kind(&self) -> Kind {
        Kind::Process
    }

    fn network(&self) -> [u8; 2] {
        Self::NETWORK
    }

    fn host_address(&self) -> Doing<'_, Result<Option<Ipv4Addr>, Error>> {
        Box::pin(async { Ok(Some(Ipv4Addr::LOCALHOST)) })
    }

    fn unsupported(&self, container: &Container) -> Vec<Unsupported> {
        unsupported::unsupported(container)
    }

    fn open(&self, sandbox: Sandbox) -> Doing<'_, Result<Ipv4Addr, Error>> {
        Box::pin(self.open_task(sandbox))
    }

    fn pull(&self, wanted: Wanted) -> Doing<'_, Result<Image, PullError>> {
        Box::pin(self.find_image(wanted))
    }

    fn start(&self, container: Container) -> Doing<'_, Result<Started, Error>> {
        Box::pin(self.start_container(container))
    }

    fn signal(&self, container: ContainerKey) -> Doing<'_, Result<(), Error>> {
        Box::pin(async move {
            if let Some(held) = self.held(&container) {
                held.signal().await;
            }
            Ok(())
        })
    }

    fn kill(&self, container: ContainerKey) -> Doing<'_, Result<(), Error>> {
        Box::pin(async move {
            if let Some(held) = self.held(&container) {
                held.kill().await;
            }
            Ok(())
        })
    }

    fn probe(&self, probe: Probe) -> Doing<'_, Result<ProbeOutcome, Error>> {
        Box::pin(async move {
            let Some(held) = self.held(&probe.container) else {
                return Ok(ProbeOutcome {
                    code: None,
                    output: "the container does not run".into(),
                });
            };
            Ok(held.probe(probe.command.words(), probe.timeout.as_millis()).await)
        })
    }

    fn exec(&self, order: Exec) -> Doing<'_, Result<Terminal, Error>> {
        Box::pin(async move {
            let running = self.held(&order.container).filter(|held| held.exit().is_none());
            let none = || Error::Exec("the container does not run".to_owned());
            running.ok_or_else(none)?.exec(order).await
        })
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
            let running = self.held(&container).is_some_and(|held| held.exit().is_none());
            let folder = self.root.container(&container);
            let read = move || Ok(running.then(|| stats::read(&folder)).flatten());
            blocking(read).await.map_err(|error| Error::refused("reading usage", error))
        })
    }

    fn withdraw(&self) -> Doing<'_, Result<(), Error>> {
        Box::pin(self.close_all())
    }
}

/// Work on files and processes, kept away from the threads that must not wait.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

/// A panic elsewhere leaves these maps whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
