//! How tasks reach the region.

use crate::door::Door;
use crate::region::StartError;
use crate::tailor::{self, Reach};
use std::sync::Arc;
use tokio::net::TcpListener;

/// The port on the link-local address that SDKs know by heart.
const WELL_KNOWN_PORT: u16 = 80;

/// Opens the door for tasks that can't reach loopback, and says how tasks reach the region.
///
/// The address is link-local on a bridge of the engine: containers and this machine reach it,
/// nobody else.
pub(crate) async fn open(door: &Arc<Door>) -> Result<Reach, StartError> {
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
