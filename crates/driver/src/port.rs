//! The port: what every driver can do.

use crate::{
    Binding, Container, ContainerKey, Error, Exec, Found, Image, Mark, PullError, Sandbox, TaskKey,
    Terminal, Wanted,
};
use model::Span;
use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::net::Ipv4Addr;
use std::pin::Pin;

/// Work under way.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Runs containers. Each call may be repeated, also by another process after a crash, and then
/// finds done what is done. Calls for different tasks run side by side.
pub trait Driver: fmt::Debug + Send + Sync {
    /// Which driver it is.
    fn kind(&self) -> Kind;

    /// The first two numbers of the /16 that task addresses come from; AWS's VPC has this range.
    fn network(&self) -> [u8; 2];

    /// The address of this machine that containers reach the region at. Absent where containers
    /// have no such address: then the name `host.docker.internal` leads there.
    fn host_address(&self) -> Doing<'_, Result<Option<Ipv4Addr>, Error>>;

    /// What of a container has no effect here. Nothing is ignored that is not listed.
    fn unsupported(&self, container: &Container) -> Vec<Unsupported>;

    /// Makes a task's network, and answers the address that it really has.
    fn open(&self, sandbox: Sandbox) -> Doing<'_, Result<Ipv4Addr, Error>>;

    /// Gets an image here, unless it is here.
    fn pull(&self, wanted: Wanted) -> Doing<'_, Result<Image, PullError>>;

    /// Starts a container in its task's network. It runs when this answers, and its command was
    /// found; an [`Event::Exited`](crate::Event::Exited) follows when it ends.
    fn start(&self, container: Container) -> Doing<'_, Result<Started, Error>>;

    /// Sends a container the stop signal that its image names, SIGTERM if none. A container that
    /// has ended is no error.
    fn signal(&self, container: ContainerKey) -> Doing<'_, Result<(), Error>>;

    /// Kills a container. A container that has ended is no error.
    fn kill(&self, container: ContainerKey) -> Doing<'_, Result<(), Error>>;

    /// Runs a command inside a container, once.
    fn probe(&self, probe: Probe) -> Doing<'_, Result<ProbeOutcome, Error>>;

    /// Runs a command inside a container, at a terminal. It ends with its container, and with the
    /// driver or, where an engine holds it, when the next driver adopts the container.
    fn exec(&self, order: Exec) -> Doing<'_, Result<Terminal, Error>>;

    /// Ends and removes a task's containers, volumes, ports and network. A task that is not there
    /// is no error. The exits of containers that this ends may be told or not.
    fn close(&self, task: TaskKey) -> Doing<'_, Result<(), Error>>;

    /// What is there of this region's tasks.
    fn inventory(&self) -> Doing<'_, Result<Vec<Found>, Error>>;

    /// Attaches to what is there after a restart of the region: output goes on after the marks
    /// given (where none is given: after what the last region took), and exits that happened
    /// meanwhile are told. Answers what was found.
    ///
    /// With a container's mark, no line is lost and none comes twice, as long as the driver still
    /// holds them: see each driver. Without one, lines that the last region received and did not
    /// store may be missing (process) or all lines come again (docker).
    fn adopt(&self, marks: BTreeMap<ContainerKey, Mark>) -> Doing<'_, Result<Vec<Found>, Error>>;

    /// What a running container uses; absent when it does not run or the machine can't tell.
    fn stats(&self, container: ContainerKey) -> Doing<'_, Result<Option<Stats>, Error>>;

    /// Closes every task and removes what the region has beside its tasks. For a region that will
    /// not come back.
    fn withdraw(&self) -> Doing<'_, Result<(), Error>>;
}

/// The drivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Containers of a Docker engine.
    Docker,
    /// Processes of this machine.
    Process,
}

/// A container that was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// Its ports, where they can be reached on the task's address.
    pub ports: Vec<Binding>,
}

/// A command to be run inside a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The container.
    pub container: ContainerKey,
    /// The command.
    pub command: ProbeCommand,
    /// How long it may take.
    pub timeout: Span,
}

/// How a probe's command is written (reference §1.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProbeCommand {
    /// `CMD`: a program and its arguments.
    Exec(Vec<String>),
    /// `CMD-SHELL`: a line for the container's shell.
    Shell(String),
}

/// How a probe ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeOutcome {
    /// The exit code; absent when it took too long, or the container does not run.
    pub code: Option<i32>,
    /// The end of what it printed, at most 4 KiB; or why it could not run.
    pub output: String,
}

/// What a container uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// CPU time since it started, in nanoseconds.
    pub cpu_nanos: u64,
    /// Memory in use, in bytes, without what the system would drop at need.
    pub memory: u64,
    /// Network traffic; absent where the task has no interface of its own.
    pub traffic: Option<Traffic>,
}

/// Network traffic of a whole task since its network was made, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Received.
    pub received: u64,
    /// Sent.
    pub sent: u64,
}

/// A field of a container that has no effect with this driver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported {
    /// AWS's name of the field in a container definition.
    pub field: &'static str,
    /// What happens instead, as a sentence without a full stop.
    pub why: String,
}

// === impl Kind ===

impl Kind {
    /// The word that people choose it by.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Process => "process",
        }
    }
}

// === impl ProbeCommand ===

impl ProbeCommand {
    /// The words to run.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::Exec(words) => words.clone(),
            Self::Shell(line) => ["/bin/sh", "-c", line].map(str::to_owned).to_vec(),
        }
    }
}
