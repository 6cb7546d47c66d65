//! Making and removing tasks.

use super::folder::{self, Root, TaskFile};
use super::supervised::connect;
use super::{Process, blocking, lock, ports};
use crate::{Binding, ContainerKey, Error, Port, Sandbox, TaskKey};
use futures_util::future::join_all;
use std::collections::BTreeSet;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

impl Process {
    pub(super) async fn open_task(&self, sandbox: Sandbox) -> Result<Ipv4Addr, Error> {
        if !folder::is_name(sandbox.task.id.as_str()) {
            return Err(Error::Network(format!("{:?} is no task id", sandbox.task.id)));
        }
        let _turn = self.ports.lock().await;
        let root = self.root.clone();
        let opened = blocking(move || open(&root, sandbox)).await;
        opened.map_err(|error| Error::Network(error.to_string()))
    }

    /// The task, with ports for everything that is wanted.
    pub(super) async fn task_with(
        &self,
        task: &TaskKey,
        wanted: &[Port],
    ) -> io::Result<Option<TaskFile>> {
        let _turn = self.ports.lock().await;
        let (root, key, wanted) = (self.root.clone(), task.clone(), wanted.to_vec());
        blocking(move || {
            let Some(mut task) = root.read_task(&key)? else { return Ok(None) };
            let known: BTreeSet<Port> = task.ports.iter().map(|binding| binding.port).collect();
            let missing: Vec<Port> =
                wanted.into_iter().filter(|port| !known.contains(port)).collect();
            if !missing.is_empty() {
                task.ports.extend(assign(&root, &key, &missing)?);
                root.write_task(&task)?;
            }
            Ok(Some(task))
        })
        .await
    }

    pub(super) async fn close_task(&self, task: TaskKey) -> Result<(), Error> {
        let _turn = self.turns.take(&task).await;
        let closed = self.end_all(&task).await;
        lock(&self.containers).retain(|key, _| key.task != task);
        self.turns.forget(&task);
        closed.map_err(|error| Error::refused(format!("closing {task}"), error))
    }

    pub(super) async fn close_all(&self) -> Result<(), Error> {
        let root = self.root.clone();
        let tasks = blocking(move || root.read_tasks())
            .await
            .map_err(|error| Error::refused("listing tasks", error))?;
        let closed = join_all(tasks.into_iter().map(|task| self.close_task(task.key))).await;
        closed.into_iter().collect()
    }

    async fn end_all(&self, task: &TaskKey) -> io::Result<()> {
        let (root, key) = (self.root.clone(), task.clone());
        let containers = blocking(move || root.containers(&key)).await?;
        let ended = join_all(containers.iter().map(|container| self.end(container))).await;
        ended.into_iter().collect::<io::Result<()>>()?;
        let (root, key) = (self.root.clone(), task.clone());
        blocking(move || root.remove_task(&key)).await
    }

    /// Kills whatever there is of a container and waits until nothing is left of it.
    pub(super) async fn end(&self, key: &ContainerKey) -> io::Result<()> {
        let held = match self.held(key) {
            Some(held) => Some(held),
            // One that an earlier region started and this one has not adopted.
            None => connect(self.place(key, 0), None, None).await.ok().map(Arc::new),
        };
        if let Some(held) = held {
            held.kill().await;
            held.ended().await;
            held.dismiss();
        }
        let folder = self.root.container(key);
        blocking(move || folder.wait_until_gone()).await
    }
}

fn open(root: &Root, sandbox: Sandbox) -> io::Result<Ipv4Addr> {
    if let Some(task) = root.read_task(&sandbox.task)? {
        return Ok(task.address);
    }
    let own = ports::is_ours(sandbox.address);
    let address = if own { sandbox.address } else { Ipv4Addr::LOCALHOST };
    let ports = assign(root, &sandbox.task, &sandbox.ports)?;
    root.write_task(&TaskFile { key: sandbox.task, address, ports })?;
    Ok(address)
}

/// Ports that no task of this region has.
fn assign(root: &Root, task: &TaskKey, wanted: &[Port]) -> io::Result<Vec<Binding>> {
    let tasks = root.read_tasks()?;
    let taken = tasks.iter().flat_map(|task| &task.ports).map(|binding| binding.host_port);
    ports::assign(wanted, &taken.collect(), task.id.as_str())
}
