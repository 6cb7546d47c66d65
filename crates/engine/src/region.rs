//! A region from its start to its end.

use crate::access::{self, AccessLogs};
use crate::authority::LocalAuthority;
use crate::config::Config;
use crate::desk::Desk;
use crate::door::buckets::Buckets;
use crate::door::{Door, credentials};
use crate::ending::end_tasks;
use crate::hands::{Hands, Streams, Worker};
use crate::heart::{Event, Heart, Memory, Published};
use crate::issuer::KeyIssuer;
use crate::layers::Layers;
use crate::reader::Reader;
use crate::sessions::Sessions;
use crate::shelf::Shelf;
use crate::sites::Sites;
use crate::store::{Store, StoreError};
use crate::{adopt, balancer, clock, ground, house, output, reach};
use arc_swap::ArcSwap;
use driver::Driver;
use gateway::Gateway;
use model::{Ids, RegionName};
use services::Table;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::Sender;
use tokio::sync::{Notify, mpsc, oneshot};
use world::World;

/// Why a region can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Its port is taken or not permitted.
    #[error("the region can't listen on 127.0.0.1:{port}")]
    Port {
        /// The port.
        port: u16,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Its data directory can't be used.
    #[error("the data directory {path} can't be used")]
    Data {
        /// The directory.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Its state can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The data directory belongs to a region of another name.
    #[error("the data directory holds the region `{held}`, not `{asked}`")]
    OtherRegion {
        /// The region it holds.
        held: String,
        /// The region that was asked for.
        asked: String,
    },
    /// Nothing can run its containers.
    #[error(transparent)]
    Driver(#[from] driver::Error),
    /// Its load balancer can't start.
    #[error(transparent)]
    Gateway(#[from] gateway::StartError),
    /// The system gives no random bytes, or no thread.
    #[error("the system refuses what a region needs")]
    System(#[source] io::Error),
}

/// A running region.
#[derive(Debug)]
pub struct Region {
    address: SocketAddr,
    name: RegionName,
    driver: Arc<dyn Driver>,
    heart: Sender<Event>,
    gateway: Arc<Gateway>,
    access: Arc<AccessLogs>,
    published: Published,
    stop: Arc<Notify>,
}

impl Region {
    /// Starts a region: when this returns it answers calls, and has adopted the tasks that it had.
    ///
    /// # Errors
    /// Says what is in its way.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let listener = ground::bind(config.port).await?;
        let address = listener.local_addr().map_err(StartError::System)?;
        ground::make_folder(&config.data)?;
        let (store, id) = ground::store(&config)?;
        let (events, received) = mpsc::channel(output::WAITING);
        let driver = ground::choose(&config, id, events).await?;
        let world = ground::restore(&config, &store, driver.network())?;
        house::sweep_images(&config, &world);
        let logs = Arc::new(telemetry::Store::open(config.data.join("logs")));
        let (heart, inbox) = std::sync::mpsc::channel();
        let streams = adopt::streams(&world);
        start_output(received, &logs, &streams, heart.clone())?;
        let found = driver.adopt(adopt::marks(&logs, &streams)).await?;
        adopt::report(&driver, &world, &found, &heart);

        let blobs = Arc::new(registry::Store::at(config.data.join("registry")));
        let kept = Kept { store: &store, logs: &logs, blobs: &blobs };
        let (desk, names) = desk(world, &kept, &config, address.port());
        let access = Arc::new(AccessLogs::of(&config.data));
        let gateway = Arc::new(balancer::start(heart.clone(), &store.key(), &access)?);
        let stop = Arc::<Notify>::default();
        let objects = house::objects(&config, &desk.published);
        let edge = edge(&desk, &objects, &heart);
        let door = Arc::new(Door {
            desk: Arc::clone(&desk),
            heart: heart.clone(),
            names: names.clone(),
            driver: Arc::clone(&driver),
            gateway: Arc::downgrade(&gateway),
            blobs: Arc::clone(&blobs),
            objects: Arc::clone(&objects),
            config: config.clone(),
            port: address.port(),
            started: clock::now(),
            stop: Arc::clone(&stop),
            request_seed: ground::random()?,
            requests: AtomicU64::new(0),
        });
        let shelf = Shelf::new(Arc::clone(&desk.published), desk.registry.clone());
        let known = (reach::open(&door).await?, shelf);
        let worker = Worker::new(Arc::clone(&driver), known, streams, names, heart.clone());
        let hands = Hands::new(worker);
        house::keep(Arc::clone(&logs), Arc::clone(&desk.published));
        house::keep_blobs(blobs, Arc::clone(&desk.published));
        adopt::keep_out_strangers(&driver, &desk.published);
        access::keep(Arc::clone(&access), Arc::clone(&desk.published), config.pace);
        let published = Arc::clone(&desk.published);
        let ids = Ids::seeded(ground::random()?);
        let outbox = heart.clone();
        let held = Arc::clone(&gateway);
        let memory = Memory::default();
        let beating =
            Heart { desk, store, logs, hands, gateway: held, edge, ids, inbox, outbox, memory };
        ground::spawn("heart", move || beating.run())?;
        tokio::spawn(door.serve(listener));
        Ok(Self { address, name: config.region, driver, heart, gateway, access, published, stop })
    }

    /// Where AWS's clients reach it.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &RegionName {
        &self.name
    }

    /// What runs its containers.
    #[must_use]
    pub fn driver(&self) -> driver::Kind {
        self.driver.kind()
    }

    /// Waits until someone asks the region, through its door, to stop.
    pub async fn asked_to_stop(&self) {
        self.stop.notified().await;
    }

    /// Stops: no more changes, then the tasks end as a container ends, then everything is gone.
    /// What the region remembers stays.
    pub async fn stop(self) {
        let (reply, done) = oneshot::channel();
        if self.heart.send(Event::Stop(reply)).is_ok() {
            // The heart answers after its last beat, or has gone with a panic.
            let _ended = done.await;
        }
        end_tasks(&self.driver).await;
        drop(self.gateway);
        let written = move || self.access.write(&self.published.load());
        if tokio::task::spawn_blocking(written).await.is_err() {
            tracing::error!("the writer of access logs panicked");
        }
    }
}

/// What is kept in the data directory.
struct Kept<'a> {
    store: &'a Store,
    logs: &'a Arc<telemetry::Store>,
    blobs: &'a Arc<registry::Store>,
}

/// What calls are answered with, and the names of tasks' credentials.
fn desk(
    world: World,
    kept: &Kept<'_>,
    config: &Config,
    port: u16,
) -> (Arc<Desk>, credentials::Names) {
    let key = kept.store.key();
    let names = credentials::Names::new(Arc::clone(&key));
    let desk = Desk {
        published: Arc::new(ArcSwap::from_pointee(world)),
        table: Table::all(),
        reader: Arc::new(Reader(Arc::clone(kept.logs))),
        authority: LocalAuthority::new(&config.data, Arc::clone(&key)),
        issuer: KeyIssuer::new(key),
        layers: Layers::new(Arc::clone(kept.blobs)),
        sessions: Sessions::new(port),
        // Engines speak plain HTTP with `localhost` and loopback only.
        registry: format!("localhost:{port}"),
        pace: config.pace,
    };
    (Arc::new(desk), names)
}

/// What distributions are served with; it reads the region's buckets.
fn edge(desk: &Arc<Desk>, objects: &Arc<registry::Store>, heart: &Sender<Event>) -> Sites {
    let buckets = Buckets::new(Arc::clone(desk), Arc::clone(objects));
    Sites::new(Arc::new(buckets), heart.clone())
}

fn start_output(
    received: mpsc::Receiver<driver::Event>,
    logs: &Arc<telemetry::Store>,
    streams: &Streams,
    heart: Sender<Event>,
) -> Result<(), StartError> {
    let (logs, streams) = (Arc::clone(logs), Arc::clone(streams));
    ground::spawn("output", move || output::take(received, &logs, &streams, &heart))
}
