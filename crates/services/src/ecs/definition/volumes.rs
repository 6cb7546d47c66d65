//! Volumes and who sees them.
//!
//! The region has the volumes that live as long as their task (a name and nothing else). File
//! systems that outlive it are refused in [`absent`](super::absent).

use crate::ecs::fault::definition as refuse;
use api::Fault;
use api::ecs::{
    ContainerDefinition, MountPoint, RegisterTaskDefinitionRequest, Volume, VolumeFrom,
};
use std::collections::BTreeSet;
use world::ContainerSpec;
use world::definition::Mount;

/// The names of a definition's volumes.
pub(super) fn names(given: &RegisterTaskDefinitionRequest) -> Vec<String> {
    given.volumes.iter().flatten().filter_map(|volume| volume.name.clone()).collect()
}

/// Parses a container's own mounts.
pub(super) fn mounts(given: &ContainerDefinition, container: &str) -> Result<Vec<Mount>, Fault> {
    let mount = |point: &MountPoint| {
        let path = point.container_path.clone().filter(|path| !path.is_empty());
        Ok(Mount {
            volume: point.source_volume.clone().unwrap_or_default(),
            path: path.ok_or_else(|| refuse::mount_path(container))?,
            read_only: point.read_only.unwrap_or(false),
        })
    };
    given.mount_points.iter().flatten().map(mount).collect()
}

/// Checks the mounts against the volumes, and gives each container the mounts that it takes from
/// others.
pub(super) fn share(
    given: &RegisterTaskDefinitionRequest,
    containers: &mut [ContainerSpec],
) -> Result<(), Fault> {
    check_names(given.volumes.as_deref().unwrap_or_default())?;
    let volumes = names(given);
    let mut mounts = containers.iter().flat_map(|container| &container.mounts);
    if let Some(stray) = mounts.find(|mount| !volumes.contains(&mount.volume)) {
        return Err(refuse::unknown_volume(&stray.volume));
    }
    let own: Vec<ContainerSpec> = containers.to_vec();
    for (container, definition) in containers.iter_mut().zip(&given.container_definitions) {
        for from in definition.volumes_from.iter().flatten() {
            let taken = taken(from, &own)?;
            container.mounts.extend(taken);
        }
    }
    Ok(())
}

fn taken(from: &VolumeFrom, containers: &[ContainerSpec]) -> Result<Vec<Mount>, Fault> {
    let name = from.source_container.as_deref().unwrap_or_default();
    let source = containers.iter().find(|container| container.name.as_str() == name);
    let source = source.ok_or_else(|| refuse::unknown_source(name))?;
    let read_only = from.read_only.unwrap_or(false);
    let mount = |mount: &Mount| Mount { read_only: mount.read_only || read_only, ..mount.clone() };
    Ok(source.mounts.iter().map(mount).collect())
}

fn check_names(volumes: &[Volume]) -> Result<(), Fault> {
    let mut names = BTreeSet::new();
    let fresh = |volume: &Volume| {
        let name = volume.name.clone().filter(|name| !name.is_empty());
        name.is_some_and(|name| names.insert(name))
    };
    if volumes.iter().all(fresh) { Ok(()) } else { Err(refuse::volume_name()) }
}
