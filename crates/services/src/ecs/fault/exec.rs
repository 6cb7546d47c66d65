//! Refusals of `ExecuteCommand`.

use super::invalid;
use api::Fault;

/// Observed.
pub(in crate::ecs) fn interactive_only() -> Fault {
    invalid("Interactive is the only mode supported currently.")
}

/// Observed. It says the same of a task without ECS Exec and of an agent that does not run.
pub(in crate::ecs) fn no_agent() -> Fault {
    invalid(
        "The execute command failed because execute command was not enabled when the task was run or the execute command agent isn’t running. Wait and try again or run a new task with execute command enabled and try again.",
    )
}

/// Unverified. AWS documents that a container has to be named where there are several.
pub(in crate::ecs) fn container_needed() -> Fault {
    invalid("A container name is required for tasks with multiple containers.")
}

/// Unverified, after the refusal of an override.
pub(in crate::ecs) fn no_container(name: &str) -> Fault {
    invalid(format!("A container named {name} is not a container in the task."))
}
