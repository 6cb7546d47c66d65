//! Finding what is there, and attaching to it after a restart of the region.

use super::folder::{ContainerFolder, Root, TaskFile};
use super::supervised::{conclude, connect, settle};
use super::{Process, blocking};
use crate::{ContainerKey, Error, Found, FoundContainer, Mark, State};
use std::collections::BTreeMap;
use std::io;
use std::process::Child;

impl Process {
    pub(super) async fn take_inventory(&self) -> Result<Vec<Found>, Error> {
        let root = self.root.clone();
        let found = blocking(move || {
            let tasks = root.read_tasks()?;
            tasks.into_iter().map(|task| find(&root, task)).collect::<io::Result<Vec<Found>>>()
        });
        found.await.map_err(|error| Error::refused("taking the inventory", error))
    }

    pub(super) async fn adopt_all(
        &self,
        marks: BTreeMap<ContainerKey, Mark>,
    ) -> Result<Vec<Found>, Error> {
        self.sweep().await?;
        let found = self.take_inventory().await?;
        for Found { task, containers, .. } in &found {
            for container in containers {
                let key = ContainerKey { task: task.clone(), name: container.name.clone() };
                if self.held(&key).is_none() {
                    let after = marks.get(&key).copied();
                    self.attach(&key, container.run, after, None).await;
                }
            }
        }
        Ok(found)
    }

    async fn sweep(&self) -> Result<(), Error> {
        // A task that is being opened has no file yet.
        let _turn = self.ports.lock().await;
        let root = self.root.clone();
        let swept = blocking(move || root.sweep()).await;
        swept.map_err(|error| Error::refused("removing what was left behind", error))
    }

    /// Attaches to a container that was started. One that is over, with its supervisors, is told
    /// to be so.
    pub(super) async fn attach(
        &self,
        key: &ContainerKey,
        run: u32,
        after: Option<Mark>,
        keeper: Option<Child>,
    ) {
        let place = self.place(key, run);
        match connect(place.clone(), after, keeper).await {
            Ok(supervised) => self.hold(key.clone(), supervised),
            // In a task of its own: it may wait for room in the channel of events.
            Err(_) => drop(tokio::spawn(conclude(place))),
        }
    }
}

fn find(root: &Root, task: TaskFile) -> io::Result<Found> {
    let mut containers = Vec::new();
    for key in root.containers(&task.key)? {
        let folder = root.container(&key);
        if let Some(started) = folder.started()? {
            let state = state(&folder)?;
            containers.push(FoundContainer { name: key.name, run: started.run, state });
        }
    }
    Ok(Found { task: task.key, address: Some(task.address), containers })
}

fn state(folder: &ContainerFolder) -> io::Result<State> {
    match folder.exit()? {
        Some(exit) => Ok(State::Exited(exit)),
        None if folder.is_alive()? => Ok(State::Running),
        None => Ok(State::Exited(settle(folder))),
    }
}
