//! Starting containers, and what they are started from.

use super::environment::{Surroundings, compose};
use super::folder::{self, ContainerFolder, TaskFile};
use super::image::{ImageConfig, StoredImage};
use super::launch::{Launched, launch};
use super::spec::{Input, Program, Spec};
use super::{Process, blocking, signals};
use crate::{Binding, Container, Error, Image, PullError, Started, Wanted};
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::process::Child;
use std::time::Duration;

/// How often, and how far apart, to look for a container that a region which is gone was starting.
const LOOKS: u32 = 100;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

impl Process {
    pub(super) async fn find_image(&self, wanted: Wanted) -> Result<Image, PullError> {
        let reference = wanted.digest.clone().unwrap_or_else(|| wanted.image.clone());
        let images = self.images.clone();
        let found = blocking(move || images.find(&reference)).await;
        match found.map_err(|error| PullError::Other(error.to_string()))? {
            Some(image) => Ok(Image { digest: Some(image.digest) }),
            None if !wanted.words.is_empty() => Ok(Image { digest: None }),
            None => Err(PullError::Other(format!(
                "the process driver can't unpack images, and the container names no command to run \
                 on this machine instead of {}: name a command, build the image with `neargate`, \
                 or start the region with `--driver docker`",
                wanted.image
            ))),
        }
    }

    pub(super) async fn start_container(&self, container: Container) -> Result<Started, Error> {
        let key = container.key.clone();
        let volumes = container.mounts.iter().map(|mount| mount.volume.as_str());
        if let Some(name) = volumes.chain([key.name.as_str()]).find(|name| !folder::is_name(name)) {
            return Err(Error::Start(format!("{name:?} is no name")));
        }
        let _turn = self.turns.take(&key.task).await;
        let failed = |error: io::Error| Error::Start(error.to_string());
        let task = self.task_with(&key.task, &container.ports).await.map_err(failed)?;
        let task =
            task.ok_or_else(|| Error::Start(format!("the task {} is not open", key.task)))?;
        let started = Started { ports: bindings(&task, &container) };
        if self.held(&key).is_some_and(|held| held.run == container.run) {
            return Ok(started);
        }
        let folder = self.root.container(&key);
        let earlier = folder.started().map_err(failed)?.is_some_and(|it| it.run == container.run);
        if !earlier {
            if let Some(keeper) = self.launch(&container, &task, &folder).await? {
                self.attach(&key, container.run, None, Some(keeper)).await;
                return Ok(started);
            }
            self.await_start(&container, &folder).await?;
        }
        self.attach(&key, container.run, None, None).await;
        Ok(started)
    }

    /// Starts the container's processes; absent when a region that is gone was just doing it.
    async fn launch(
        &self,
        container: &Container,
        task: &TaskFile,
        folder: &ContainerFolder,
    ) -> Result<Option<Child>, Error> {
        let failed = |error: io::Error| Error::Start(error.to_string());
        folder::make(&folder.path).map_err(failed)?;
        if folder.started().map_err(failed)?.is_some() {
            self.end(&container.key).await.map_err(failed)?;
        }
        let spec = self.spec(container, task, folder)?;
        let (executable, folder) = (self.config.executable.clone(), folder.clone());
        let launched = blocking(move || {
            if !folder.is_alive()? {
                folder.clear()?;
            }
            Ok(launch(&executable, &folder, &spec))
        })
        .await
        .map_err(failed)?;
        match launched {
            Ok(Launched::Started(keeper)) => Ok(Some(keeper)),
            Ok(Launched::Busy) => Ok(None),
            Err(why) => Err(Error::runtime(&why)),
        }
    }

    /// Waits for the start that a region which is gone has begun.
    async fn await_start(
        &self,
        container: &Container,
        folder: &ContainerFolder,
    ) -> Result<(), Error> {
        for _ in 0..LOOKS {
            let started = folder.started().map_err(|error| Error::Start(error.to_string()))?;
            if started.is_some_and(|started| started.run == container.run) {
                return Ok(());
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        Err(Error::Start("another region's supervisor has the container".to_owned()))
    }

    fn spec(
        &self,
        container: &Container,
        task: &TaskFile,
        folder: &ContainerFolder,
    ) -> Result<Spec, Error> {
        let image = self.image(container)?;
        let default = ImageConfig::default();
        let config = image.as_ref().map_or(&default, |image| &image.config);
        let words = container.words(&config.entry_point, &config.command);
        if words.is_empty() {
            return Err(Error::Start("no command specified".to_owned()));
        }
        let home = folder.home();
        let (own, volumes) = (container.working_directory.as_deref(), self.volumes(container)?);
        let place = match (&image, own) {
            (Some(image), own) => image.folder(own).map_err(Error::Start)?,
            (None, Some(own)) => PathBuf::from(own),
            (None, None) => home.clone(),
        };
        let here = Surroundings {
            path: &self.config.path,
            home: &home,
            address: task.address,
            ports: &task.ports,
            volumes: &volumes,
        };
        let program = Program {
            words,
            environment: compose(container, &config.environment, here),
            folder: place,
            limits: container.ulimits.clone(),
            input: if container.stdin { Input::Silent } else { Input::Empty },
        };
        let (socket, linger) = (folder.socket.clone(), self.config.linger.as_millis());
        let stop_signal = stop_signal(config)?;
        Ok(Spec { run: container.run, program, stop_signal, socket, linger })
    }

    /// The image to run from; absent when the container's own command is run instead.
    fn image(&self, container: &Container) -> Result<Option<StoredImage>, Error> {
        let reference = container.digest.as_ref().unwrap_or(&container.image);
        let found = self.images.find(reference);
        match found.map_err(|error| Error::Start(error.to_string()))? {
            None if container.digest.is_some() => {
                Err(Error::Start(format!("the image {reference} was removed")))
            }
            found => Ok(found),
        }
    }

    /// The folders of the volumes that a container mounts, made where they are missing.
    fn volumes(&self, container: &Container) -> Result<BTreeMap<String, PathBuf>, Error> {
        let volume = |name: &String| {
            let folder = self.root.volume(&container.key.task, name);
            folder::make(&folder).map_err(|error| Error::Start(error.to_string()))?;
            Ok((name.clone(), folder))
        };
        container.mounts.iter().map(|mount| volume(&mount.volume)).collect()
    }
}

fn bindings(task: &TaskFile, container: &Container) -> Vec<Binding> {
    let of = |port| task.ports.iter().find(|binding| binding.port == port).copied();
    container.ports.iter().filter_map(|port| of(*port)).collect()
}

fn stop_signal(image: &ImageConfig) -> Result<i32, Error> {
    let Some(name) = &image.stop_signal else { return Ok(signals::DEFAULT) };
    signals::number(name).ok_or_else(|| {
        Error::Start(format!("the image's stop signal {name} is none of this system"))
    })
}
