//! What an engine has of a region.

use super::Reach;
use super::engine::text;
use super::follow::exit_of;
use super::names::{Part, part};
use crate::{ContainerKey, Error, Found, FoundContainer, State, TaskKey};
use bollard::Docker as Engine;
use bollard::models::{ContainerSummary, ContainerSummaryStateEnum};
use bollard::query_parameters::{InspectContainerOptions, ListContainersOptions};
use std::collections::{BTreeMap, HashMap};
use std::net::Ipv4Addr;

/// The containers of an engine that a filter lets through.
pub(super) async fn list(
    engine: &Engine,
    filters: HashMap<String, Vec<String>>,
) -> Result<Vec<ContainerSummary>, Error> {
    let options = ListContainersOptions { all: true, filters: Some(filters), ..Default::default() };
    let listed = engine.list_containers(Some(options)).await;
    listed.map_err(|error| Error::refused("listing containers", text(&error)))
}

/// The tasks that these containers are of.
pub(super) async fn tasks(
    engine: &Engine,
    reach: Reach,
    containers: Vec<ContainerSummary>,
) -> Result<Vec<Found>, Error> {
    let mut tasks: BTreeMap<TaskKey, Found> = BTreeMap::new();
    for summary in containers {
        let Some(part) = summary.labels.as_ref().and_then(part) else { continue };
        let key = part.clone().into_task();
        let found = tasks.entry(key.clone()).or_insert_with(|| empty(key));
        match part {
            Part::Pause(_) if reach == Reach::Addresses => found.address = address(&summary),
            Part::Pause(_) => found.address = Some(Ipv4Addr::LOCALHOST),
            Part::Container(key, run) => {
                found.containers.extend(container(engine, &summary, key, run).await?);
            }
        }
    }
    let mut tasks: Vec<Found> = tasks.into_values().collect();
    for task in &mut tasks {
        task.containers.sort_by(|a, b| a.name.cmp(&b.name));
    }
    Ok(tasks)
}

fn empty(task: TaskKey) -> Found {
    Found { task, address: None, containers: Vec::new() }
}

/// A container that was made but never started is none yet.
async fn container(
    engine: &Engine,
    summary: &ContainerSummary,
    key: ContainerKey,
    run: u32,
) -> Result<Option<FoundContainer>, Error> {
    use ContainerSummaryStateEnum::{CREATED, RUNNING};
    let state = match summary.state {
        Some(CREATED) => return Ok(None),
        Some(RUNNING) => State::Running,
        _ => {
            let id = summary.id.as_deref().unwrap_or_default();
            let inspected = engine.inspect_container(id, None::<InspectContainerOptions>).await;
            let inspected = inspected
                .map_err(|error| Error::refused("looking at a container", text(&error)))?;
            exit_of(&inspected.state.unwrap_or_default()).map_or(State::Running, State::Exited)
        }
    };
    Ok(Some(FoundContainer { name: key.name, run, state }))
}

fn address(summary: &ContainerSummary) -> Option<Ipv4Addr> {
    let networks = summary.network_settings.as_ref()?.networks.as_ref()?;
    networks.values().find_map(|network| network.ip_address.as_ref()?.parse().ok())
}
