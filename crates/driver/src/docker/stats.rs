//! What a container uses, as the engine tells.

use super::engine::{status, text};
use crate::{Error, Stats, Traffic};
use bollard::Docker as Engine;
use bollard::models::{ContainerMemoryStats, ContainerStatsResponse};
use bollard::query_parameters::StatsOptions;
use futures_util::StreamExt;

/// The use of a container, and the traffic of the one that holds its network. Absent when it does
/// not run.
pub(super) async fn read(
    engine: &Engine,
    container: &str,
    pause: &str,
) -> Result<Option<Stats>, Error> {
    let (own, network) = tokio::join!(ask(engine, container), ask(engine, pause));
    let (Some(own), network) = (own?, network?) else { return Ok(None) };
    let cpu = own.cpu_stats.and_then(|cpu| cpu.cpu_usage).and_then(|usage| usage.total_usage);
    // An engine answers with zeros for a container that does not run.
    let Some(cpu_nanos) = cpu.filter(|nanos| *nanos > 0) else { return Ok(None) };
    let memory = own.memory_stats.map_or(0, |memory| in_use(&memory));
    Ok(Some(Stats { cpu_nanos, memory, traffic: network.and_then(traffic) }))
}

async fn ask(engine: &Engine, name: &str) -> Result<Option<ContainerStatsResponse>, Error> {
    let options = StatsOptions { stream: false, one_shot: true };
    match engine.stats(name, Some(options)).boxed().next().await {
        Some(Ok(stats)) => Ok(Some(stats)),
        Some(Err(error)) if status(&error) != Some(404) => {
            Err(Error::refused("reading usage", text(&error)))
        }
        Some(Err(_)) | None => Ok(None),
    }
}

/// Without the pages of files that the kernel would drop at need; cgroups of version 1 and 2 name
/// them differently.
fn in_use(memory: &ContainerMemoryStats) -> u64 {
    let stats = memory.stats.as_ref();
    let named = |name: &str| stats.and_then(|stats| stats.get(name)).copied();
    let droppable = named("total_inactive_file").or_else(|| named("inactive_file")).unwrap_or(0);
    memory.usage.unwrap_or(0).saturating_sub(droppable)
}

fn traffic(stats: ContainerStatsResponse) -> Option<Traffic> {
    let interfaces = stats.networks?;
    let mut traffic = Traffic::default();
    for interface in interfaces.values() {
        traffic.received += interface.rx_bytes.unwrap_or(0);
        traffic.sent += interface.tx_bytes.unwrap_or(0);
    }
    Some(traffic)
}
