//! Whether a container's dependencies let it start (reference §1.6).
//!
//! The texts are those of the agent that runs on Fargate, with plain container names.

use model::Timestamp;
use world::definition::{Dependency, DependencyCondition};
use world::{Container, ContainerSpec, HealthStatus, Task, TaskDefinition};

/// What the dependencies of a container say, from the best to the worst: the worst decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Readiness {
    /// It may start.
    Ready,
    /// Not yet, and nobody says until when.
    Waiting,
    /// Not yet, and only until then: a dependency has a start timeout.
    WaitingUntil(Timestamp),
    /// It can never start: why.
    Never(String),
    /// A dependency took longer than its start timeout, which ends the task: what to say.
    TimedOut(String),
}

/// What the dependencies of a container say at a time.
pub(super) fn readiness(
    spec: &ContainerSpec,
    task: &Task,
    definition: &TaskDefinition,
    now: Timestamp,
) -> Readiness {
    let one = |dependency: &Dependency| {
        let name = dependency.container.as_str();
        let container = task.container(name)?;
        let timeout = definition.container(name)?.start_timeout;
        let until = container.state.started().zip(timeout).map(|(started, span)| started + span);
        let link = format!("container ordering dependency [{name}] for target [{}]", spec.name);
        Some(match check(dependency.condition, container) {
            Verdict::Met => Readiness::Ready,
            Verdict::Never(why) => {
                Readiness::Never(format!("dependency graph: failed to resolve {link} {why}"))
            }
            Verdict::NotYet => match until {
                None => Readiness::Waiting,
                Some(until) if now < until => Readiness::WaitingUntil(until),
                Some(_) => Readiness::TimedOut(format!("dependency graph: {link} has timed out.")),
            },
        })
    };
    spec.depends_on.iter().filter_map(one).max().unwrap_or(Readiness::Ready)
}

/// Whether a condition holds.
enum Verdict {
    Met,
    NotYet,
    Never(&'static str),
}

fn check(condition: DependencyCondition, container: &Container) -> Verdict {
    let state = &container.state;
    let met = match condition {
        DependencyCondition::Start => state.started().is_some(),
        DependencyCondition::Complete => state.exit_code().is_some(),
        DependencyCondition::Success => state.exit_code() == Some(0),
        DependencyCondition::Healthy => {
            state.is_running() && container.health.status == HealthStatus::Healthy
        }
    };
    match condition {
        _ if met => Verdict::Met,
        _ if !state.is_stopped() => Verdict::NotYet,
        _ if state.started().is_none() => Verdict::Never("because dependency will never start"),
        DependencyCondition::Success => Verdict::Never("as dependency did not exit successfully."),
        DependencyCondition::Start
        | DependencyCondition::Complete
        | DependencyCondition::Healthy => Verdict::Never("because dependency has stopped"),
    }
}

#[cfg(test)]
mod tests;
