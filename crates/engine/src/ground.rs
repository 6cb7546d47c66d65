//! What a region stands on: its port, its folder, its store, its driver.

use crate::config::Config;
use crate::region::StartError;
use crate::store::Store;
use driver::Driver;
use model::{Ids, Place};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use world::{Draft, Vpc, World};

pub(crate) async fn bind(port: u16) -> Result<TcpListener, StartError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address).await.map_err(|source| StartError::Port { port, source })
}

/// The data directory, for its owner only: it holds the key and the sockets of supervisors.
pub(crate) fn make_folder(path: &Path) -> Result<(), StartError> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|source| StartError::Data { path: path.display().to_string(), source })
}

/// The store of a data directory, and its id: a new one gets both the name that was asked for and an
/// id of its own.
pub(crate) fn store(config: &Config) -> Result<(Store, String), StartError> {
    let (asked, id) = (config.region.as_str(), Ids::seeded(random()?).hex(8));
    let (store, [held, id]) = Store::open(&config.data, [("region", asked), ("id", &id)])?;
    if held == asked {
        return Ok((store, id));
    }
    Err(StartError::OtherRegion { held, asked: asked.to_owned() })
}

pub(crate) async fn choose(
    config: &Config,
    id: String,
    events: driver::Events,
) -> Result<Arc<dyn Driver>, StartError> {
    let docker = driver::docker::Config {
        region: id,
        hints: config.docker.clone(),
        reach: None,
        events: events.clone(),
    };
    let process = driver::process::Config {
        root: config.tasks(),
        executable: config.program.clone(),
        path: config.path.clone(),
        linger: driver::process::LINGER,
        events,
    };
    Ok(driver::choose(config.driver, docker, process).await?)
}

/// The World as it was saved.
pub(crate) fn restore(
    config: &Config,
    store: &Store,
    network: [u8; 2],
) -> Result<World, StartError> {
    let place = Place { region: config.region.clone(), account: config.account.clone() };
    let vpc = Vpc::default_of(&place, network);
    let mut draft = Draft::of(&World::empty(place, vpc));
    for row in store.rows()? {
        draft.put(row);
    }
    Ok(draft.commit().world)
}

pub(crate) fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), StartError> {
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run);
    thread.map(drop).map_err(StartError::System)
}

pub(crate) fn random() -> Result<u64, StartError> {
    getrandom::u64().map_err(|why| StartError::System(why.into()))
}
