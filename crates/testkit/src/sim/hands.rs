//! The scripted driver. Like a real one it outlives the region: after a crash its containers run on.

use super::behave::Behaviour;
use control::{Action, Launch};
use model::{ContainerName, Span, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use world::task::ContainerReport;
use world::{PortBinding, TaskKey, TaskReport};

/// A container, by task and name.
pub(super) type ContainerKey = (TaskKey, ContainerName);

/// How long a network takes to be made or removed, a probe to answer, a kill to work.
const NETWORK: Span = Span::millis(300);
const PROBE: Span = Span::millis(50);
const KILL: Span = Span::millis(100);

/// The containers and networks that exist.
#[derive(Debug, Default)]
pub(super) struct Hands {
    pub(super) behaviours: BTreeMap<String, Behaviour>,
    pub(super) processes: BTreeMap<ContainerKey, Process>,
    pub(super) networks: BTreeSet<TaskKey>,
}

/// A container that was started.
#[derive(Debug, Clone)]
pub(super) struct Process {
    /// Which start it is; each restart in place is one.
    pub(super) attempt: u32,
    pub(super) behaviour: Behaviour,
    pub(super) since: Timestamp,
    pub(super) exit_code: Option<i32>,
    /// What a script says of its answers, whatever its behaviour: it hangs, or answers a status.
    pub(super) answers: Option<Answer>,
    /// What a script says of its own health check, whatever its behaviour.
    pub(super) passes: Option<bool>,
}

/// What a request to a container comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A status.
    Status(u16),
    /// Nothing, until the client gives up.
    Nothing,
    /// The connection is refused.
    Refused,
}

/// What follows from an action, after a while.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// The driver tells something; lost when the region is not there.
    Report(TaskKey, TaskReport),
    /// The container starts.
    Starts(Box<Launch>),
    /// The container ends, whether the region is there or not.
    Ends(ContainerKey, u32, i32),
}

impl Hands {
    /// Carries an action out.
    pub(super) fn act(&mut self, action: Action, now: Timestamp) -> Vec<(Span, Outcome)> {
        match action {
            Action::OpenNetwork(network) => {
                self.networks.insert(network.task.clone());
                vec![told(NETWORK, &network.task, TaskReport::NetworkReady(network.address))]
            }
            Action::Pull { task, container, image, digest, .. } => {
                vec![self.pull(&(task, container), &image, digest)]
            }
            Action::Start(launch) => vec![self.start(launch)],
            Action::Signal { task, container } => self.signal(&(task, container)),
            Action::Kill { task, container } => self.end(&(task, container), KILL, 137),
            Action::Probe(probe) => {
                let key = (probe.task, probe.container);
                vec![self.probe(&key, probe.timeout, now)]
            }
            Action::Close { task } => {
                self.networks.remove(&task);
                self.processes.retain(|(owner, _), _| *owner != task);
                vec![told(NETWORK, &task, TaskReport::NetworkGone)]
            }
        }
    }

    /// What a container of an image does.
    pub(super) fn behaviour(&self, image: &str) -> Behaviour {
        self.behaviours.get(image).cloned().unwrap_or_default()
    }

    fn pull(&self, key: &ContainerKey, image: &str, digest: Option<String>) -> (Span, Outcome) {
        let behaviour = self.behaviour(image);
        let report = match behaviour.pull_fails {
            Some(why) => ContainerReport::PullFailed(why),
            None => ContainerReport::Pulled(digest.or_else(|| Some(format!("sha256:{image}")))),
        };
        told_of(behaviour.pull, key, report)
    }

    /// A start that was carried out already is told again, not done again.
    fn start(&self, launch: Box<Launch>) -> (Span, Outcome) {
        let key = (launch.task.clone(), launch.spec.name.clone());
        let before = self.processes.get(&key).filter(|held| held.attempt == launch.attempt);
        if let Some(process) = before {
            let report = match process.exit_code {
                Some(code) => ContainerReport::Exited { code, out_of_memory: false },
                None => ContainerReport::Started(ports(&launch)),
            };
            return told_of(Span::ZERO, &key, report);
        }
        let behaviour = self.behaviour(&launch.image);
        match behaviour.start_fails {
            Some(why) => told_of(behaviour.start, &key, ContainerReport::StartFailed(why)),
            None => (behaviour.start, Outcome::Starts(launch)),
        }
    }

    /// The container runs now.
    pub(super) fn started(&mut self, launch: &Launch, now: Timestamp) -> Vec<(Span, Outcome)> {
        let key = (launch.task.clone(), launch.spec.name.clone());
        if !self.networks.contains(&launch.task) {
            let why = "CannotStartContainerError: the network is gone".to_owned();
            return vec![told_of(Span::ZERO, &key, ContainerReport::StartFailed(why))];
        }
        let behaviour = self.behaviour(&launch.image);
        let exits = behaviour.exits;
        let attempt = launch.attempt;
        self.processes.insert(
            key.clone(),
            Process {
                attempt,
                behaviour,
                since: now,
                exit_code: None,
                answers: None,
                passes: None,
            },
        );
        let mut outcomes = vec![told_of(Span::ZERO, &key, ContainerReport::Started(ports(launch)))];
        outcomes.extend(exits.map(|(after, code)| (after, Outcome::Ends(key, attempt, code))));
        outcomes
    }

    fn signal(&self, key: &ContainerKey) -> Vec<(Span, Outcome)> {
        let stops = self.processes.get(key).map(|process| process.behaviour.stops);
        match stops {
            Some(Some(takes)) => self.end(key, takes, 143),
            Some(None) => Vec::new(),
            None => self.end(key, Span::ZERO, 137),
        }
    }

    /// What ends a container; one that has ended, or is not there, is told of again.
    fn end(&self, key: &ContainerKey, takes: Span, code: i32) -> Vec<(Span, Outcome)> {
        let told = |code| {
            let report = ContainerReport::Exited { code, out_of_memory: false };
            vec![told_of(Span::ZERO, key, report)]
        };
        match self.processes.get(key) {
            Some(process) => match process.exit_code {
                Some(code) => told(code),
                None => vec![(takes, Outcome::Ends(key.clone(), process.attempt, code))],
            },
            None => told(137),
        }
    }

    /// The container ends, unless it has ended before; answers the report of it.
    pub(super) fn ended(
        &mut self,
        key: &ContainerKey,
        attempt: u32,
        code: i32,
    ) -> Option<(TaskKey, TaskReport)> {
        let process = self.processes.get_mut(key)?;
        if process.attempt != attempt || process.exit_code.is_some() {
            return None;
        }
        process.exit_code = Some(code);
        let report = ContainerReport::Exited { code, out_of_memory: false };
        Some((key.0.clone(), TaskReport::Container(key.1.clone(), report)))
    }

    fn probe(&self, key: &ContainerKey, timeout: Span, now: Timestamp) -> (Span, Outcome) {
        let passes = self.processes.get(key).is_some_and(|process| {
            process.passes.unwrap_or_else(|| process.is_past(process.behaviour.passes, now))
        });
        let code = Some(i32::from(!passes));
        let report = ContainerReport::Probed { code, output: String::new() };
        told_of(PROBE.min(timeout), key, report)
    }
}

impl Process {
    /// What a request to it comes to.
    pub(super) fn answer(&self, now: Timestamp) -> Answer {
        if self.exit_code.is_some() {
            return Answer::Refused;
        }
        self.answers.unwrap_or_else(|| {
            let listens = self.is_past(self.behaviour.listens, now);
            if listens { Answer::Status(200) } else { Answer::Refused }
        })
    }

    fn is_past(&self, after: Option<Span>, now: Timestamp) -> bool {
        after.is_some_and(|after| now >= self.since + after)
    }
}

fn ports(launch: &Launch) -> Vec<PortBinding> {
    let binding = |port: &world::definition::PortSpec| PortBinding {
        container_port: port.container_port,
        host_port: port.container_port,
        protocol: port.protocol.clone(),
    };
    launch.spec.ports.iter().map(binding).collect()
}

fn told(after: Span, task: &TaskKey, report: TaskReport) -> (Span, Outcome) {
    (after, Outcome::Report(task.clone(), report))
}

fn told_of(after: Span, key: &ContainerKey, report: ContainerReport) -> (Span, Outcome) {
    told(after, &key.0, TaskReport::Container(key.1.clone(), report))
}
