//! Containers on trial: an image is run alone, looked at from outside, and nothing of it is left.
//!
//! Such a container is in a network of its own that leads nowhere, belongs to no region and to no
//! task, and is known by the process that tries it: what a process left behind that was killed is
//! removed by the next one. Facts only; what they mean is decided elsewhere.

mod files;
mod picture;
mod site;
mod sockets;

pub use files::{File, Wants};
pub use picture::Picture;
pub use site::{NOWHERE, Site};

use super::engine::{status, text};
use super::log::LogReader;
use super::{Reach, probe};
use crate::{Error, Mark, Probe, ProbeCommand, ProbeOutcome, Stream};
use bollard::Docker as Engine;
use bollard::container::LogOutput;
use bollard::models::{ContainerInspectResponse, EndpointSettings};
use bollard::query_parameters::{
    InspectContainerOptions, KillContainerOptions, LogsOptions, WaitContainerOptions,
};
use futures_util::StreamExt;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A container on trial.
#[derive(Debug)]
pub struct Trial {
    engine: Engine,
    name: String,
    network: String,
    reach: Reach,
}

/// What is seen of it at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// How it ended, if it has.
    pub exit: Option<Exit>,
    /// Where it listens; absent where nobody can tell.
    pub listening: Option<Vec<SocketAddr>>,
    /// The number of the user as whom its first process runs; absent where nobody can tell.
    pub user: Option<u32>,
}

/// How a container on trial ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    /// The exit code.
    pub code: i32,
    /// Whether it was killed for its memory.
    pub out_of_memory: bool,
}

/// How a container took its stop signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// How long it took to end.
    pub took: Duration,
    /// Its exit code; absent if it had to be killed.
    pub code: Option<i32>,
}

/// How many of the newest lines of output are read.
const LINES: usize = 400;

/// How long a look through a program of the container may take.
const GLANCE: Duration = Duration::from_secs(5);

/// `cat` of these says where the container listens.
const TABLES: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];

// === impl Trial ===

impl Trial {
    /// How it stands.
    ///
    /// # Errors
    /// When the engine does not tell.
    pub async fn look(&self) -> Result<Sight, Error> {
        let state = self.inspect().await?.state.unwrap_or_default();
        if state.running != Some(true) {
            let code = state.exit_code.and_then(|code| i32::try_from(code).ok()).unwrap_or(-1);
            let exit = Exit { code, out_of_memory: state.oom_killed == Some(true) };
            return Ok(Sight { exit: Some(exit), listening: None, user: None });
        }
        let folder = state.pid.filter(|_| self.reach == Reach::Addresses).and_then(processes);
        let user = folder.as_ref().and_then(|folder| {
            sockets::user(&std::fs::read_to_string(folder.join("status")).ok()?)
        });
        let tables = folder.as_ref().and_then(|folder| {
            let table = |name| std::fs::read_to_string(folder.join(name)).ok();
            // A system without IPv6 has no table of it.
            Some(table("net/tcp")? + &table("net/tcp6").unwrap_or_default())
        });
        let tables = match tables {
            Some(tables) => Some(tables),
            // It has ended meanwhile: a command that is started in it now can keep the engine from
            // seeing that.
            None if folder.is_some_and(|folder| !folder.exists()) => None,
            None => self.tables().await?,
        };
        let listening = tables.map(|tables| sockets::listening(&tables));
        Ok(Sight { exit: None, listening, user })
    }

    /// The tables of sockets as a program of the container's own shows them, if it has one.
    async fn tables(&self) -> Result<Option<String>, Error> {
        let words = ["cat"].into_iter().chain(TABLES).map(str::to_owned).collect();
        let shown = self.run(ProbeCommand::Exec(words), GLANCE).await?;
        Ok(Some(shown.output).filter(|output| output.contains("local_address")))
    }

    /// Its address in the network that it shares with the others of its site; absent before it is there.
    ///
    /// # Errors
    /// When the engine does not tell.
    pub async fn address(&self) -> Result<Option<IpAddr>, Error> {
        let networks = self.inspect().await?.network_settings.and_then(|it| it.networks);
        Ok(networks.and_then(|all| self.own(&all)))
    }

    fn own(&self, networks: &HashMap<String, EndpointSettings>) -> Option<IpAddr> {
        networks.get(&self.network)?.ip_address.as_ref()?.parse().ok()
    }

    /// Where this machine reaches a port of it; absent before it is there.
    ///
    /// # Errors
    /// When the engine does not tell.
    pub async fn door(&self, port: u16) -> Result<Option<SocketAddr>, Error> {
        let Some(settings) = self.inspect().await?.network_settings else { return Ok(None) };
        Ok(match self.reach {
            Reach::Addresses => {
                let networks = settings.networks.unwrap_or_default();
                self.own(&networks).map(|address| SocketAddr::new(address, port))
            }
            Reach::PublishedPorts => {
                let bound = super::create::bindings(&settings.ports.unwrap_or_default());
                let bound = bound.into_iter().find(|it| it.port == crate::Port::tcp(port));
                bound.map(|it| SocketAddr::new(Ipv4Addr::LOCALHOST.into(), it.host_port))
            }
        })
    }

    /// Runs a command in it.
    ///
    /// # Errors
    /// When the engine refuses; a command that can't be run is an outcome.
    pub async fn run(
        &self,
        command: ProbeCommand,
        within: Duration,
    ) -> Result<ProbeOutcome, Error> {
        let timeout = model::Span::millis(u64::try_from(within.as_millis()).unwrap_or(u64::MAX));
        let container = crate::ContainerKey::default();
        probe::probe(&self.engine, &self.name, &Probe { container, command, timeout }).await
    }

    /// The newest lines of what it wrote.
    ///
    /// # Errors
    /// When the engine does not tell.
    pub async fn lines(&self) -> Result<Vec<String>, Error> {
        let options = LogsOptions {
            stdout: true,
            stderr: true,
            timestamps: true,
            tail: LINES.to_string(),
            ..LogsOptions::default()
        };
        let mut output = self.engine.logs(&self.name, Some(options));
        let mut reader = LogReader::new(Mark::default());
        let mut lines = Vec::new();
        while let Some(message) = output.next().await {
            let message =
                message.map_err(|error| Error::refused("reading the output", text(&error)))?;
            let stream = match &message {
                LogOutput::StdErr { .. } => Stream::Stderr,
                _ => Stream::Stdout,
            };
            lines.extend(reader.push(stream, &message.into_bytes()));
        }
        lines.extend(reader.finish());
        // Programs tell the address; the name is what somebody can make something of.
        let address = site::UNROUTED.to_string();
        Ok(lines.into_iter().map(|line| line.text.replace(&address, NOWHERE)).collect())
    }

    /// Sends it its stop signal, and kills it when the time is over.
    ///
    /// # Errors
    /// When the engine does not do it.
    pub async fn stop(&self, within: Duration) -> Result<Stop, Error> {
        let config = self.inspect().await?.config;
        let signal = config.and_then(|it| it.stop_signal).filter(|it| !it.is_empty());
        let begun = Instant::now();
        self.signal(signal.as_deref().unwrap_or("SIGTERM")).await?;
        let mut end = self.engine.wait_container(&self.name, None::<WaitContainerOptions>).boxed();
        let ended = tokio::time::timeout(within, end.next()).await.is_ok();
        if !ended {
            self.signal("SIGKILL").await?;
            end.next().await;
        }
        let took = begun.elapsed();
        let code = self.look().await?.exit.map(|exit| exit.code);
        Ok(Stop { took, code: code.filter(|_| ended) })
    }

    /// Its files, as they are now. Of those that are wanted also the content.
    ///
    /// # Errors
    /// When the engine does not give them.
    pub async fn files(&self, wants: Wants) -> Result<Vec<File>, Error> {
        files::read(&self.engine, &self.name, wants).await
    }

    async fn signal(&self, signal: &str) -> Result<(), Error> {
        let options = KillContainerOptions { signal: signal.to_owned() };
        let sent = self.engine.kill_container(&self.name, Some(options)).await;
        // It has ended meanwhile.
        super::engine::unless(&[404, 409], sent)
            .map_err(|error| Error::refused("sending a signal", text(&error)))
    }

    async fn inspect(&self) -> Result<ContainerInspectResponse, Error> {
        let seen = self.engine.inspect_container(&self.name, None::<InspectContainerOptions>).await;
        seen.map_err(|error| {
            let what = match status(&error) {
                Some(404) => "somebody removed it".to_owned(),
                _ => text(&error),
            };
            Error::refused(format!("looking at {}", self.name), what)
        })
    }
}

/// Where this machine tells of a process; absent where it does not.
fn processes(pid: i64) -> Option<PathBuf> {
    let folder = PathBuf::from(format!("/proc/{pid}"));
    (pid > 0 && folder.exists()).then_some(folder)
}
