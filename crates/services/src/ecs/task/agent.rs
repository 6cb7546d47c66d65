//! The agent in a container that ECS Exec talks to: what AWS shows of it as a managed agent.
//!
//! Nothing runs for it here, so that its state follows from its container's, and is stored nowhere.

use crate::Cx;
use api::ecs::ManagedAgent;
use model::{Span, Timestamp};
use world::{Container, ContainerSpec, ContainerState, Task};

/// How long after its container the agent runs, on AWS. Unverified: AWS says that it starts when the
/// container has started.
const START: Span = Span::seconds(5);

/// Observed second-hand, in the events of tasks that have stopped.
const CONTAINER_EXIT: &str = "Received Container Exit";

/// Unverified. AWS documents that the agent needs to write to the root file system, not what is shown.
const READ_ONLY: &str = "The agent can't write to the container's root file system";

/// An agent, as its container's state has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Agent {
    /// It will run.
    Pending,
    /// It runs since then.
    Running(Timestamp),
    /// It does not run any more, or never will; since when it ran, and why not.
    Stopped(Option<Timestamp>, &'static str),
}

/// The agent of a container; absent where the task was made without ECS Exec.
pub(super) fn of(
    task: &Task,
    row: &Container,
    spec: Option<&ContainerSpec>,
    cx: &Cx<'_>,
) -> Option<Agent> {
    if !task.exec {
        return None;
    }
    if spec.is_some_and(|spec| spec.read_only_root) {
        return Some(Agent::Stopped(None, READ_ONLY));
    }
    let ready = |since: Timestamp| since + cx.pace.wait(START);
    Some(match &row.state {
        ContainerState::Pending
        | ContainerState::Pulling
        | ContainerState::Pulled
        | ContainerState::Starting { .. } => Agent::Pending,
        ContainerState::Running { since } | ContainerState::Stopping { started: since, .. } => {
            match ready(*since) {
                at if at <= cx.now => Agent::Running(at),
                _ => Agent::Pending,
            }
        }
        ContainerState::Stopped { started, at: ended, .. } => {
            let started = started.map(ready).filter(|started| started <= ended);
            Agent::Stopped(started, CONTAINER_EXIT)
        }
    })
}

impl Agent {
    /// As AWS shows it.
    pub(super) fn show(self) -> ManagedAgent {
        let (status, started, reason) = match self {
            Self::Pending => ("PENDING", None, None),
            Self::Running(since) => ("RUNNING", Some(since), None),
            Self::Stopped(since, why) => ("STOPPED", since, Some(why)),
        };
        ManagedAgent {
            last_started_at: started,
            name: Some("ExecuteCommandAgent".to_owned()),
            reason: reason.map(str::to_owned),
            last_status: Some(status.to_owned()),
        }
    }
}
