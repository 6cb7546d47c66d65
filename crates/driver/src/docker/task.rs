//! Making and removing tasks.

use super::engine::{status, text, unless};
use super::names::{LINK, Part, filter_of_all, part};
use super::{Docker, Reach, create, find, lock, network, pause};
use crate::{Error, Sandbox, TaskKey};
use bollard::models::{ContainerInspectResponse, ContainerSummary};
use bollard::query_parameters::{
    CreateContainerOptions, InspectContainerOptions, ListNetworksOptions, ListVolumesOptions,
    RemoveContainerOptions, RemoveVolumeOptions, StartContainerOptions,
};
use futures_util::future::join_all;
use std::collections::{BTreeSet, HashMap};
use std::net::Ipv4Addr;

impl Docker {
    pub(super) async fn open_task(&self, sandbox: Sandbox) -> Result<Ipv4Addr, Error> {
        let _turn = self.turns.take(&sandbox.task).await;
        self.ensure_networks().await?;
        let reach = self.reach();
        self.create_pause(&sandbox, reach).await?;
        let name = self.names.pause(&sandbox.task);
        if let Err(error) = self.engine.start_container(&name, None::<StartContainerOptions>).await
        {
            // One that can't be started, for its address is taken, would be in the way next time.
            self.remove(&name).await?;
            return Err(Error::Network(text(&error)));
        }
        match reach {
            Reach::PublishedPorts => Ok(Ipv4Addr::LOCALHOST),
            Reach::Addresses => {
                let address = self.inspect_pause(&sandbox.task).await?;
                let address =
                    address.as_ref().and_then(|pause| own_address(pause, &self.names.network()));
                address.ok_or_else(|| Error::Network("the engine gave no address".to_owned()))
            }
        }
    }

    pub(super) async fn close_task(&self, task: TaskKey) -> Result<(), Error> {
        let _turn = self.turns.take(&task).await;
        let containers = find::list(&self.engine, self.names.filter_of(&task)).await?;
        // The one that holds the network goes last.
        let (pauses, others): (Vec<_>, Vec<_>) = containers.iter().partition(|it| is_pause(it));
        for group in [others, pauses] {
            let ids = group.iter().filter_map(|container| container.id.as_deref());
            let removed = join_all(ids.map(|id| self.remove(id))).await;
            removed.into_iter().collect::<Result<(), Error>>()?;
        }
        self.remove_volumes(self.names.filter_of(&task)).await?;
        lock(&self.followed).retain(|key, _| key.task != task);
        self.turns.forget(&task);
        Ok(())
    }

    pub(super) async fn remove_everything(&self) -> Result<(), Error> {
        let containers = find::list(&self.engine, self.names.filter()).await?;
        let parts = containers.iter().filter_map(|container| part(container.labels.as_ref()?));
        let tasks: BTreeSet<TaskKey> = parts.map(Part::into_task).collect();
        let closed = join_all(tasks.into_iter().map(|task| self.close_task(task))).await;
        closed.into_iter().collect::<Result<(), Error>>()?;
        self.remove_network(&self.names.network()).await?;
        // The link is everybody's, so the last one removes it.
        let options = ListNetworksOptions { filters: Some(filter_of_all()) };
        let others = self.engine.list_networks(Some(options)).await;
        match others.map_err(|error| Error::refused("listing networks", text(&error)))?.is_empty() {
            true => self.remove_network(LINK).await,
            false => Ok(()),
        }
    }

    /// Makes sure that the region's networks are there. Somebody may have pruned them.
    pub(super) async fn ensure_networks(&self) -> Result<(), Error> {
        let _turn = self.networks.lock().await;
        network::ensure(&self.engine, &self.names, self.range).await?;
        network::ensure_link(&self.engine).await
    }

    /// What the engine knows of the container that holds a task's network; absent when there is
    /// none.
    pub(super) async fn inspect_pause(
        &self,
        task: &TaskKey,
    ) -> Result<Option<ContainerInspectResponse>, Error> {
        let name = self.names.pause(task);
        match self.engine.inspect_container(&name, None::<InspectContainerOptions>).await {
            Ok(container) => Ok(Some(container)),
            Err(error) if status(&error) == Some(404) => Ok(None),
            Err(error) => Err(Error::Network(text(&error))),
        }
    }

    /// Removes a container, whatever it does, and the volumes that only it has.
    pub(super) async fn remove(&self, name: &str) -> Result<(), Error> {
        let options = RemoveContainerOptions { force: true, v: true, link: false };
        let removed = self.engine.remove_container(name, Some(options)).await;
        // Gone, or being removed by another call.
        unless(&[404, 409], removed)
            .map_err(|error| Error::refused(format!("removing {name}"), text(&error)))
    }

    /// Makes the container that holds a task's network, and, where it is missing, its image.
    async fn create_pause(&self, sandbox: &Sandbox, reach: Reach) -> Result<(), Error> {
        let published = match reach {
            Reach::Addresses => &[][..],
            Reach::PublishedPorts => &sandbox.ports,
        };
        let name = self.names.pause(&sandbox.task);
        let body = create::pause(&self.names, &sandbox.task, sandbox.address, published);
        for is_last in [false, true] {
            let options = CreateContainerOptions { name: Some(name.clone()), ..Default::default() };
            match self.engine.create_container(Some(options), body.clone()).await {
                Ok(_) => return Ok(()),
                Err(error) if status(&error) == Some(409) => return Ok(()),
                Err(error) if status(&error) == Some(404) && !is_last => {
                    pause::install(&self.engine).await.map_err(Error::Network)?;
                }
                Err(error) => return Err(Error::Network(text(&error))),
            }
        }
        Ok(())
    }

    async fn remove_volumes(&self, filters: HashMap<String, Vec<String>>) -> Result<(), Error> {
        let refused = |error| Error::refused("removing volumes", text(&error));
        let options = ListVolumesOptions { filters: Some(filters) };
        let volumes = self.engine.list_volumes(Some(options)).await.map_err(refused)?.volumes;
        for volume in volumes.unwrap_or_default() {
            let removed =
                self.engine.remove_volume(&volume.name, None::<RemoveVolumeOptions>).await;
            unless(&[404], removed).map_err(refused)?;
        }
        Ok(())
    }

    async fn remove_network(&self, name: &str) -> Result<(), Error> {
        unless(&[404], self.engine.remove_network(name).await)
            .map_err(|error| Error::refused(format!("removing the network {name}"), text(&error)))
    }
}

fn is_pause(container: &ContainerSummary) -> bool {
    matches!(container.labels.as_ref().and_then(part), Some(Part::Pause(_)))
}

fn own_address(pause: &ContainerInspectResponse, network: &str) -> Option<Ipv4Addr> {
    let networks = pause.network_settings.as_ref()?.networks.as_ref()?;
    networks.get(network)?.ip_address.as_ref()?.parse().ok()
}
