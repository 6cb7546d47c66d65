//! Refusals around tasks.

use super::{client, invalid};
use api::Fault;

/// Observed.
pub(in crate::ecs) fn id_length() -> Fault {
    invalid("taskId length should be one of [32,36]")
}

/// Reference §3.13.
pub(in crate::ecs) fn not_found() -> Fault {
    invalid("The referenced task was not found.")
}

/// Reference §3.13.
pub(in crate::ecs) fn none_given() -> Fault {
    invalid("Tasks cannot be empty.")
}

/// Observed: `cannot specify startedBy with other arguments`.
pub(in crate::ecs) fn exclusive(filter: &str) -> Fault {
    invalid(format!("cannot specify {filter} with other arguments"))
}

/// Unverified, after [`not_found`].
pub(in crate::ecs) fn no_container_instance() -> Fault {
    invalid("The referenced container instance was not found.")
}

/// Observed, for launch types that need container instances, of which there are none here.
pub(in crate::ecs) fn no_instances() -> Fault {
    invalid("No Container Instances were found in your cluster.")
}

/// Unverified; the limits are reference §3.1.
pub(in crate::ecs) fn count() -> Fault {
    invalid("Count must be between 1 and 10.")
}

/// Observed while the limit was 36; today's is reference §1.3.
pub(in crate::ecs) fn started_by() -> Fault {
    invalid("startedBy longer than 128.")
}

/// Observed.
pub(in crate::ecs) fn group_of_service() -> Fault {
    invalid("Invalid namespace for group")
}

/// Unverified; the limit is reference §3.1.
pub(in crate::ecs) fn long_token() -> Fault {
    invalid("clientToken can have at most 64 characters.")
}

/// Observed second-hand. `resourceIds` names the tasks that were started with the token.
pub(in crate::ecs) fn token_reused(tasks: Vec<String>) -> Fault {
    let message = "The RunTask request could not be processed due to conflicts. The provided clientToken is already in use with a different request.";
    Fault::refuse("ConflictException", message).with_detail("resourceIds", tasks)
}

/// Observed.
pub(in crate::ecs) fn unknown_override(container: &str) -> Fault {
    invalid(format!(
        "Override for container named {container} is not a container in the TaskDefinition."
    ))
}

/// Unverified; the limit is reference §2.4.
pub(in crate::ecs) fn long_overrides() -> Fault {
    invalid("overrides can have at most 8192 characters.")
}

/// Reference §2.5, as [`definition::fargate_size`](super::definition::fargate_size).
pub(in crate::ecs) fn override_size(cpu: u32, memory: u32) -> Fault {
    client(super::definition::fargate_size(cpu, memory).message)
}

/// The model says that an error is received, and not which.
pub(in crate::ecs) fn service_tags() -> Fault {
    invalid("Tags can only be propagated from the task definition when running a task.")
}
