//! Facts from outside, and what they change. A fact that comes late or twice changes nothing.

use model::{ContainerName, DistributionId, ListenerArn, Timestamp};
use world::target::TargetHealth;
use world::task::{ContainerReport, TaskReport};
use world::{Distribution, Draft, Listener, TargetKey, TaskKey};

/// A fact from outside.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Report {
    /// Of a task.
    Task {
        /// The task.
        task: TaskKey,
        /// What happened.
        what: TaskReport,
        /// When.
        at: Timestamp,
    },
    /// A container ended.
    Exited {
        /// The task.
        task: TaskKey,
        /// The container.
        container: ContainerName,
        /// Which of its runs.
        run: u32,
        /// Its exit code.
        code: i32,
        /// Whether it was killed for its memory.
        out_of_memory: bool,
        /// When.
        at: Timestamp,
    },
    /// A target's health.
    Target {
        /// The target.
        target: TargetKey,
        /// Its health.
        health: TargetHealth,
        /// When.
        at: Timestamp,
    },
    /// A distribution listens.
    EdgeBound {
        /// The distribution.
        distribution: DistributionId,
        /// The port on loopback.
        port: u16,
    },
    /// A listener listens.
    Bound {
        /// The listener.
        listener: ListenerArn,
        /// The port on loopback.
        port: u16,
    },
}

/// Changes the draft as a report demands.
pub(crate) fn apply(draft: &mut Draft, report: &Report) {
    match report {
        Report::Task { task, what, at } => observe(draft, task, what, *at),
        Report::Exited { task, container, run, code, out_of_memory, at } => {
            // An earlier run's end says nothing of the one that goes on.
            let held = draft.tasks.get(task).and_then(|task| task.container(container.as_str()));
            if held.is_some_and(|held| held.restarts == *run) {
                let report = ContainerReport::Exited { code: *code, out_of_memory: *out_of_memory };
                observe(draft, task, &TaskReport::Container(container.clone(), report), *at);
            }
        }
        Report::Target { target, health, at } => {
            let observed = draft.targets.get(target).and_then(|held| held.observe(health, *at));
            if let Some(target) = observed {
                draft.put(target);
            }
        }
        Report::EdgeBound { distribution, port } => {
            let held = draft.distributions.get(distribution);
            if let Some(held) = held.filter(|held| held.local_port != Some(*port)) {
                let bound = Distribution { local_port: Some(*port), ..held.clone() };
                draft.put(bound);
            }
        }
        Report::Bound { listener, port } => {
            let held = draft.listeners.get(listener);
            if let Some(held) = held.filter(|held| held.local_port != Some(*port)) {
                let bound = Listener { local_port: Some(*port), ..held.clone() };
                draft.put(bound);
            }
        }
    }
}

fn observe(draft: &mut Draft, task: &TaskKey, what: &TaskReport, at: Timestamp) {
    if let Some(task) = draft.tasks.get(task).and_then(|task| task.observe(what, at)) {
        draft.put(task);
    }
}
