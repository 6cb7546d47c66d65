//! What a driver tells of a task, and what that changes in it.
//!
//! A report states a fact; it never decides. Whether a container's end is the task's end, and when
//! a failed start is tried again, is `control::task`'s to say. A report that does not fit the state
//! is a late or a repeated one and changes nothing, so every report may come twice.

use crate::task::{Attachment, Phase, Task};
use crate::{Container, ContainerState, PortBinding};
use model::{ContainerName, Timestamp};
use std::net::Ipv4Addr;

/// What a driver tells of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskReport {
    /// Its network is there, at this address.
    NetworkReady(Ipv4Addr),
    /// Its network can't be made: why.
    NetworkFailed(String),
    /// Its network and everything in it is gone.
    NetworkGone,
    /// A container.
    Container(ContainerName, ContainerReport),
}

/// What a driver tells of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContainerReport {
    /// Its image is here, with this digest. Absent when the driver runs the command on this machine
    /// as it is, without an image.
    Pulled(Option<String>),
    /// Its image can't be had: why, in AWS's words.
    PullFailed(String),
    /// It runs, and its ports can be reached there.
    Started(Vec<PortBinding>),
    /// It can't be started: why, in AWS's words.
    StartFailed(String),
    /// It ended.
    Exited {
        /// The exit code; 128 and the signal's number when a signal ended it.
        code: i32,
        /// Whether it was killed for its memory.
        out_of_memory: bool,
    },
    /// A health probe ended.
    Probed {
        /// The probe's exit code; absent when it timed out or could not be run.
        code: Option<i32>,
        /// The end of what it printed.
        output: String,
    },
}

/// What Fargate says of a container killed for its memory (reference §1.5, observed in 2026).
const OUT_OF_MEMORY: &str = "OutOfMemoryError: container killed due to memory usage";

/// The exit code of a container that was killed: 128 and SIGKILL's number.
const KILLED: i32 = 137;

// === impl Task ===

impl Task {
    /// The task as it is after a report; absent when the report changes nothing.
    #[must_use]
    pub fn observe(&self, report: &TaskReport, at: Timestamp) -> Option<Self> {
        let mut task = self.clone();
        match report {
            TaskReport::NetworkReady(address) => task.network_ready(*address, at),
            TaskReport::NetworkFailed(reason) => task.fail_to_start(reason, at),
            TaskReport::NetworkGone => task.network_gone(at),
            TaskReport::Container(name, report) => {
                let container = task.containers.iter_mut().find(|held| held.name == *name)?;
                if container.observe(report, at) {
                    task.version += 1;
                    task.note_pull(report, at);
                }
            }
        }
        (task != *self).then_some(task)
    }

    fn network_ready(&mut self, address: Ipv4Addr, at: Timestamp) {
        if matches!(self.attachment, Attachment::Precreated | Attachment::Attaching) {
            self.attachment = Attachment::Attached;
            self.eni.address = address;
            self.times.connected = Some(at);
        }
    }

    /// A network that goes takes every process with it. When it goes before it was asked to, the
    /// task can't go on.
    fn network_gone(&mut self, at: Timestamp) {
        for container in &mut self.containers {
            container.observe(&ContainerReport::Exited { code: KILLED, out_of_memory: false }, at);
        }
        match self.phase {
            Phase::Deprovisioning | Phase::Stopped => self.attachment = Attachment::Deleted,
            Phase::Provisioning | Phase::Pending | Phase::Activating => {
                self.fail_to_start(NETWORK_LOST, at);
            }
            Phase::Running | Phase::Deactivating | Phase::Stopping => {}
        }
    }

    fn note_pull(&mut self, report: &ContainerReport, at: Timestamp) {
        if matches!(report, ContainerReport::Pulled(_) | ContainerReport::PullFailed(_)) {
            self.times.pull_stopped = Some(at);
        }
    }
}

/// Said of a task whose network was removed behind the region's back; AWS has no such case.
const NETWORK_LOST: &str = "ResourceInitializationError: the task's network is gone";

// === impl Container ===

impl Container {
    /// Takes a report in; answers whether it moved the container on.
    fn observe(&mut self, report: &ContainerReport, at: Timestamp) -> bool {
        use ContainerState::{Pending, Pulled, Pulling, Running, Starting, Stopped, Stopping};
        let next = match (&self.state, report) {
            (Pending | Pulling, ContainerReport::Pulled(digest)) => {
                self.image_digest.clone_from(digest);
                Pulled
            }
            (Pending | Pulling, ContainerReport::PullFailed(reason))
            | (
                Pending | Pulling | Pulled | Starting { .. },
                ContainerReport::StartFailed(reason),
            ) => Stopped { started: None, at, exit_code: None, reason: Some(reason.clone()) },
            (Starting { .. }, ContainerReport::Started(ports)) => {
                self.ports.clone_from(ports);
                Running { since: at }
            }
            (
                state @ (Starting { .. } | Running { .. } | Stopping { .. }),
                ContainerReport::Exited { code, out_of_memory },
            ) => {
                let started = state.started().or(Some(at));
                let reason = out_of_memory.then(|| OUT_OF_MEMORY.to_owned());
                Stopped { started, at, exit_code: Some(*code), reason }
            }
            (Running { .. }, ContainerReport::Probed { code, output }) => {
                self.health.probed(*code, output, at);
                return false;
            }
            _ => return false,
        };
        self.state = next;
        true
    }
}
