//! A region from its start to its end.

use crate::config::Config;
use crate::door::{Door, credentials};
use crate::hands::{Hands, Streams, lock};
use crate::heart::{Chain, Event, Heart, Published, State};
use crate::issuer::KeyIssuer;
use crate::report::Report;
use crate::store::{Store, StoreError};
use crate::tailor::{self, Reach};
use crate::{adopt, clock, output};
use arc_swap::ArcSwap;
use driver::{Driver, Mark};
use gateway::Gateway;
use model::{Ids, ListenerArn, LogGroupName, Place, RegionName, TargetGroupArn};
use services::cx::LogsUnreadable;
use services::{LogReader, Table};
use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc, oneshot};
use world::target::{TargetHealth, Unhealthy};
use world::{Draft, LogAsk, LogPage, LogStreamKey, LogSummary, TargetKey, Vpc, World};

/// How long tasks get to end when the region stops. A user who stops a region waits for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often expired log events are forgotten and full segments packed.
const HOUSEKEEPING: Duration = Duration::from_secs(60);

/// How much output of containers may wait to be stored before they are held back.
const OUTPUT: usize = 1024;

/// The port on the link-local address that SDKs know by heart.
const WELL_KNOWN_PORT: u16 = 80;

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
    stop: Arc<Notify>,
}

impl Region {
    /// Starts a region: when this returns it answers calls, and has adopted the tasks that it had.
    ///
    /// # Errors
    /// Says what is in its way.
    pub async fn start(mut config: Config) -> Result<Self, StartError> {
        let listener = bind(config.port).await?;
        let address = listener.local_addr().map_err(StartError::System)?;
        make_folder(&config.data)?;
        let store = Store::open(&config.data)?;
        config.region = name(&store, &config.region)?;
        let (events, received) = mpsc::channel(OUTPUT);
        let driver = choose(&config, &store, events).await?;
        let world = restore(&config, &store, driver.network())?;
        let logs = Arc::new(telemetry::Store::open(config.data.join("logs")));
        let (heart, inbox) = std::sync::mpsc::channel();
        let gateway = Arc::new(start_gateway(heart.clone())?);
        let streams = streams(&world);
        start_output(received, &logs, &streams, heart.clone())?;
        let found = driver.adopt(marks(&logs, &streams)).await?;
        report_adopted(&driver, &world, &found, &heart);

        let published: Published = Arc::new(ArcSwap::from_pointee(world));
        let key = store.key();
        let (issuer, names) = (KeyIssuer::new(Arc::clone(&key)), credentials::Names::new(key));
        let table = Arc::new(Table::all());
        let reader: Arc<dyn LogReader + Send + Sync> = Arc::new(Reader(Arc::clone(&logs)));
        let stop = Arc::new(Notify::new());
        let seed = random()?;
        let door = Arc::new(Door {
            published: Arc::clone(&published),
            heart: heart.clone(),
            table: Arc::clone(&table),
            reader: Arc::clone(&reader),
            issuer: issuer.clone(),
            names: names.clone(),
            driver: Arc::clone(&driver),
            config: config.clone(),
            port: address.port(),
            started: clock::now(),
            stop: Arc::clone(&stop),
            request_seed: seed,
            requests: Default::default(),
        });
        let reach = open_for_tasks(&door).await?;
        let hands = Hands::new(Arc::clone(&driver), reach, streams, names, heart.clone());
        keep_house(Arc::clone(&logs), Arc::clone(&published));
        let beating = Heart {
            store,
            published,
            table,
            logs,
            reader,
            issuer,
            hands,
            gateway: Arc::clone(&gateway),
            ids: Ids::seeded(random()?),
            pace: config.pace,
            inbox,
            outbox: heart.clone(),
            state: State::default(),
        };
        spawn("heart", move || beating.run())?;
        tokio::spawn(door.serve(listener));
        Ok(Self { address, name: config.region, driver, heart, gateway, stop })
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
    }
}

async fn bind(port: u16) -> Result<TcpListener, StartError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address).await.map_err(|source| StartError::Port { port, source })
}

/// The data directory, for its owner only: it holds the key and the sockets of supervisors.
fn make_folder(path: &Path) -> Result<(), StartError> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|source| StartError::Data { path: path.display().to_string(), source })
}

/// The name that the data directory has; a new one gets the name that was asked for.
fn name(store: &Store, asked: &RegionName) -> Result<RegionName, StartError> {
    match store.about("region")? {
        Some(held) if held == asked.as_str() => Ok(asked.clone()),
        Some(held) => Err(StartError::OtherRegion { held, asked: asked.to_string() }),
        None => {
            store.note("region", asked.as_str())?;
            Ok(asked.clone())
        }
    }
}

async fn choose(
    config: &Config,
    store: &Store,
    events: driver::Events,
) -> Result<Arc<dyn Driver>, StartError> {
    let id = match store.about("id")? {
        Some(id) => id,
        None => {
            let id = Ids::seeded(random()?).hex(8);
            store.note("id", &id)?;
            id
        }
    };
    let docker = driver::docker::Config {
        region: id,
        hints: config.docker.clone(),
        reach: None,
        events: events.clone(),
    };
    let process = driver::process::Config {
        root: config.data.join("tasks"),
        executable: config.program.clone(),
        path: config.path.clone(),
        linger: driver::process::LINGER,
        events,
    };
    Ok(driver::choose(config.driver, docker, process).await?)
}

/// The World as it was saved.
fn restore(config: &Config, store: &Store, network: [u8; 2]) -> Result<World, StartError> {
    let place = Place { region: config.region.clone(), account: config.account.clone() };
    let vpc = Vpc::default_of(&place, network);
    let mut draft = Draft::of(&World::empty(place, vpc));
    for row in store.rows()? {
        draft.put(row);
    }
    Ok(draft.commit().world)
}

fn start_gateway(heart: Sender<Event>) -> Result<Gateway, StartError> {
    let heart = Mutex::new(heart);
    let report = move |report: gateway::Report| {
        if let Some(report) = translate(report) {
            let _gone = lock(&heart).send(Event::Report(report));
        }
    };
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    Ok(Gateway::start(gateway::Config {
        threads,
        connect_timeout: gateway::CONNECT_TIMEOUT,
        report: Arc::new(report),
    })?)
}

/// What the gateway tells, in the World's terms.
fn translate(report: gateway::Report) -> Option<Report> {
    Some(match report {
        gateway::Report::Bound { listener, address } => {
            Report::Bound { listener: ListenerArn::from(listener), port: address.port() }
        }
        gateway::Report::BindFailed { listener, tried, why } => {
            tracing::warn!(listener, ?tried, why, "a listener can't listen");
            return None;
        }
        gateway::Report::Health { group, target, health } => Report::Target {
            target: TargetKey {
                group: TargetGroupArn::from(group),
                id: target.ip.to_string(),
                port: target.port,
            },
            health: match health {
                gateway::Health::Healthy => TargetHealth::Healthy,
                gateway::Health::Unhealthy(why) => TargetHealth::Unhealthy(match why {
                    gateway::Unhealthy::Code(code) => Unhealthy::Codes(code.to_string()),
                    gateway::Unhealthy::TimedOut => Unhealthy::Timeout,
                    gateway::Unhealthy::Failed => Unhealthy::Failed,
                }),
            },
            at: clock::now(),
        },
    })
}

/// Where the output of the World's containers goes.
fn streams(world: &World) -> Streams {
    let containers = world.tasks.iter().flat_map(|task| {
        task.containers.iter().filter_map(|container| {
            let stream = control::log_stream(world, task, &container.name)?;
            Some((tailor::container(&task.key, &container.name), stream))
        })
    });
    Arc::new(Mutex::new(containers.collect()))
}

/// Where each container's output was last stored, so that it goes on from there.
fn marks(logs: &telemetry::Store, streams: &Streams) -> BTreeMap<driver::ContainerKey, Mark> {
    let streams = lock(streams);
    let last = |stream: &LogStreamKey| logs.summary(stream).ok()?.last_event;
    let marks = streams
        .iter()
        .filter_map(|(container, stream)| Some((container.clone(), Mark::last_of(last(stream)?))));
    marks.collect()
}

fn start_output(
    received: mpsc::Receiver<driver::Event>,
    logs: &Arc<telemetry::Store>,
    streams: &Streams,
    heart: Sender<Event>,
) -> Result<(), StartError> {
    let (logs, streams) = (Arc::clone(logs), Arc::clone(streams));
    spawn("output", move || output::take(received, &logs, &streams, &heart))
}

fn report_adopted(
    driver: &Arc<dyn Driver>,
    world: &World,
    found: &[driver::Found],
    heart: &Sender<Event>,
) {
    let adopted = adopt::compare(world, found, clock::now());
    for report in adopted.reports {
        let _gone = heart.send(Event::Report(report));
    }
    for stranger in adopted.strangers {
        let driver = Arc::clone(driver);
        tokio::spawn(async move {
            if let Err(why) = driver.close(stranger).await {
                tracing::error!(error = %why, "a task that nobody knows can't be removed");
            }
        });
    }
}

/// Opens the door for tasks that can't reach loopback, and says how tasks reach the region.
///
/// The address is link-local on a bridge of the engine: containers and this machine reach it,
/// nobody else.
async fn open_for_tasks(door: &Arc<Door>) -> Result<Reach, StartError> {
    let here = tailor::on_loopback(&door.config, door.port);
    if door.driver.kind() == driver::Kind::Process {
        return Ok(here);
    }
    let Some(address) = door.driver.host_address().await? else {
        let there = format!("http://host.docker.internal:{}", door.port);
        return Ok(Reach { endpoint: there.clone(), metadata: there, ..here });
    };
    let known = TcpListener::bind((address, WELL_KNOWN_PORT)).await;
    let well_known = known.is_ok();
    if let Ok(listener) = known {
        tokio::spawn(Arc::clone(door).serve(listener));
    }
    let listener = TcpListener::bind((address, door.port)).await;
    let listener = listener.map_err(|source| StartError::Port { port: door.port, source })?;
    tokio::spawn(Arc::clone(door).serve(listener));
    let endpoint = format!("http://{address}:{}", door.port);
    let metadata = if well_known { format!("http://{address}") } else { endpoint.clone() };
    Ok(Reach { endpoint, metadata, well_known, region: here.region })
}

/// Forgets expired log events and packs full segments, now and then.
fn keep_house(logs: Arc<telemetry::Store>, published: Published) {
    tokio::spawn(async move {
        let mut times = tokio::time::interval(HOUSEKEEPING);
        loop {
            times.tick().await;
            let (logs, world) = (Arc::clone(&logs), published.load_full());
            let done = tokio::task::spawn_blocking(move || tidy(&logs, &world)).await;
            if let Ok(Err(why)) = done {
                tracing::error!(error = %Chain(&why), "log events can't be tidied");
            }
        }
    });
}

fn tidy(logs: &telemetry::Store, world: &World) -> Result<(), telemetry::StoreError> {
    for group in world.log_groups.iter() {
        if let Some(before) = group.expired_before(clock::now()) {
            logs.forget(&group.name, before)?;
        }
    }
    logs.tidy().map(|_| ())
}

/// Ends all tasks: the stop signal, some time, then removal.
async fn end_tasks(driver: &Arc<dyn Driver>) {
    let Ok(found) = driver.inventory().await else { return };
    for task in &found {
        for container in &task.containers {
            let key =
                driver::ContainerKey { task: task.task.clone(), name: container.name.clone() };
            // What can't be signalled is removed below.
            let _signalled = driver.signal(key).await;
        }
    }
    let ended = async {
        while driver.inventory().await.is_ok_and(|found| found.iter().any(runs)) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let _in_time = tokio::time::timeout(PATIENCE, ended).await;
    for task in found {
        if let Err(why) = driver.close(task.task).await {
            tracing::error!(error = %why, "a task can't be removed");
        }
    }
}

fn runs(found: &driver::Found) -> bool {
    found.containers.iter().any(|container| container.state == driver::State::Running)
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), StartError> {
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run);
    thread.map(drop).map_err(StartError::System)
}

fn random() -> Result<u64, StartError> {
    let mut bytes = [0; 8];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_| StartError::System(io::Error::other("no random bytes")))?;
    Ok(u64::from_ne_bytes(bytes))
}

/// Log events, for handlers.
struct Reader(Arc<telemetry::Store>);

impl Reader {
    fn read<T>(read: Result<T, telemetry::StoreError>) -> Result<T, LogsUnreadable> {
        read.map_err(|why| {
            tracing::error!(error = %Chain(&why), "log events can't be read");
            LogsUnreadable
        })
    }
}

impl LogReader for Reader {
    fn page(&self, stream: &LogStreamKey, ask: &LogAsk) -> Result<LogPage, LogsUnreadable> {
        Self::read(self.0.page(stream, ask))
    }

    fn summary(&self, stream: &LogStreamKey) -> Result<LogSummary, LogsUnreadable> {
        Self::read(self.0.summary(stream))
    }

    fn stored_bytes(&self, group: &LogGroupName) -> Result<u64, LogsUnreadable> {
        Self::read(self.0.stored_bytes(group))
    }
}
