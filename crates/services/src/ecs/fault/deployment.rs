//! Refusals of service deployments and revisions.

use super::invalid;
use api::Fault;

/// Unverified, after `Service not found.`
pub(in crate::ecs) fn not_found() -> Fault {
    Fault::refuse("ServiceDeploymentNotFoundException", "Service deployment not found.")
}

/// Unverified; that it is a conflict is reference §3.7.
pub(in crate::ecs) fn ended(status: &str) -> Fault {
    Fault::refuse(
        "ConflictException",
        format!("The service deployment can't be stopped because its status is {status}."),
    )
}

/// Unverified.
pub(in crate::ecs) fn not_paused(hook: &str) -> Fault {
    invalid(format!("The lifecycle hook {hook} is not awaiting an action."))
}

/// Unverified, after `Services cannot be empty.`
pub(in crate::ecs) fn none_given(member: &str) -> Fault {
    invalid(format!("{member} cannot be empty."))
}

/// Unverified, after [`separators`](super::separators).
pub(in crate::ecs) fn no_arn(given: &str) -> Fault {
    invalid(format!("Invalid identifier: Expected an ARN, but got {given}"))
}
