//! Starting containers, and sending them signals.

use super::engine::{status, text, unless};
use super::names::{Part, part};
use super::{Docker, Reach, create, pull};
use crate::{Binding, Container, ContainerKey, Error, Mark, Started};
use bollard::models::{ContainerInspectResponse, ContainerStateStatusEnum};
use bollard::query_parameters::{
    CreateContainerOptions, InspectContainerOptions, KillContainerOptions, StartContainerOptions,
};
use std::sync::atomic::Ordering;

/// What the engine has under a container's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    /// Nothing.
    Nothing,
    /// This run, made but not started.
    Made,
    /// This run, which runs or has ended.
    Started,
    /// Another run.
    Another,
}

impl Docker {
    pub(super) async fn start_container(&self, container: Container) -> Result<Started, Error> {
        let key = &container.key;
        let _turn = self.turns.take(&key.task).await;
        let started = Started { ports: self.bindings(&container).await? };
        let name = self.names.container(key);
        let mut held = self.held(&container, &name).await?;
        if held == Held::Another {
            self.remove(&name).await?;
            held = Held::Nothing;
        }
        if held != Held::Started {
            let mut ran = self.create_and_run(&container, &name, held).await;
            if ran.as_ref().is_err_and(|error| is_about_limits(error, &container)) {
                // An engine without the right to raise limits gives what it has itself.
                self.few_files.store(true, Ordering::Relaxed);
                ran = self.create_and_run(&container, &name, Held::Nothing).await;
            }
            ran?;
        }
        self.follow(key, container.run, Mark::default());
        Ok(started)
    }

    pub(super) async fn send_stop_signal(&self, key: ContainerKey) -> Result<(), Error> {
        let signal = match self.inspect(&self.names.container(&key)).await? {
            Some(container) => container.config.and_then(|config| config.stop_signal),
            None => return Ok(()),
        };
        self.send_signal(key, signal.unwrap_or_else(|| "SIGTERM".to_owned())).await
    }

    pub(super) async fn send_signal(&self, key: ContainerKey, signal: String) -> Result<(), Error> {
        let sent = self
            .engine
            .kill_container(&self.names.container(&key), Some(KillContainerOptions { signal }))
            .await;
        // It is not there, or it does not run.
        unless(&[404, 409], sent)
            .map_err(|error| Error::refused(format!("sending a signal to {key}"), text(&error)))
    }

    async fn held(&self, container: &Container, name: &str) -> Result<Held, Error> {
        let Some(inspected) = self.inspect(name).await? else { return Ok(Held::Nothing) };
        let labels = inspected.config.and_then(|config| config.labels).unwrap_or_default();
        let this = part(&labels) == Some(Part::Container(container.key.clone(), container.run));
        let state = inspected.state.and_then(|state| state.status);
        Ok(match (this, state) {
            (true, Some(ContainerStateStatusEnum::CREATED)) => Held::Made,
            (true, _) => Held::Started,
            (false, _) => Held::Another,
        })
    }

    async fn inspect(&self, name: &str) -> Result<Option<ContainerInspectResponse>, Error> {
        match self.engine.inspect_container(name, None::<InspectContainerOptions>).await {
            Ok(container) => Ok(Some(container)),
            Err(error) if status(&error) == Some(404) => Ok(None),
            Err(error) => Err(Error::refused(format!("looking at {name}"), text(&error))),
        }
    }

    /// Starts a container and, where it is missing, makes it. One that can't be started is removed.
    async fn create_and_run(
        &self,
        container: &Container,
        name: &str,
        held: Held,
    ) -> Result<(), Error> {
        if held == Held::Nothing {
            self.create(container, name).await?;
        }
        match self.engine.start_container(name, None::<StartContainerOptions>).await {
            Ok(()) => Ok(()),
            Err(error) => {
                self.remove(name).await?;
                Err(Error::runtime(&text(&error)))
            }
        }
    }

    /// Makes a container from the first name that the engine knows its image by.
    async fn create(&self, container: &Container, name: &str) -> Result<(), Error> {
        let mut last = "no image".to_owned();
        let abilities = self.abilities().await?;
        for image in pull::candidates(&container.image, container.digest.as_deref()) {
            let body = create::container(&self.names, container, image, abilities);
            let options =
                CreateContainerOptions { name: Some(name.to_owned()), ..Default::default() };
            match self.engine.create_container(Some(options), body).await {
                Ok(_) => return Ok(()),
                Err(error) if status(&error) == Some(404) => last = text(&error),
                Err(error) => return Err(Error::Start(text(&error))),
            }
        }
        Err(Error::Start(last))
    }

    async fn abilities(&self) -> Result<create::Abilities, Error> {
        let ask = async || {
            let info = self.engine.info().await;
            let cpus = info.map_err(|error| Error::Start(text(&error)))?.ncpu;
            Ok(cpus.and_then(|cpus| u32::try_from(cpus).ok()).unwrap_or(u32::MAX))
        };
        let cpus = *self.cpus.get_or_try_init(ask).await?;
        let open_files = match self.few_files.load(Ordering::Relaxed) {
            true => create::OpenFiles::AsTheEngine,
            false => create::OpenFiles::AsFargate,
        };
        Ok(create::Abilities { cpus, open_files })
    }

    /// Where the container's ports can be reached.
    async fn bindings(&self, container: &Container) -> Result<Vec<Binding>, Error> {
        if self.reach() == Reach::Addresses {
            let same = |port: &crate::Port| Binding { port: *port, host_port: port.number };
            return Ok(container.ports.iter().map(same).collect());
        }
        let pause = self.inspect_pause(&container.key.task).await?;
        let published = pause.and_then(|pause| pause.network_settings?.ports).unwrap_or_default();
        let published = create::bindings(&published);
        let of = |port: &crate::Port| {
            let binding = published.iter().find(|binding| binding.port == *port).copied();
            binding.ok_or_else(|| {
                Error::Start(format!("the port {port} was not opened with its task"))
            })
        };
        container.ports.iter().map(of).collect()
    }
}

/// Whether a start failed for a limit that the container does not name: that of open files.
fn is_about_limits(error: &Error, container: &Container) -> bool {
    container.ulimits.is_empty() && error.to_string().contains("rlimit")
}
