//! Refusals of task definitions.
//!
//! Most of these texts were observed in September 2026 by registering one wrong definition each;
//! AWS ends some with a full stop and some without, and so do we.

use super::{client, invalid};
use api::Fault;

// === References ===

/// Reference §2.5.
pub(in crate::ecs) fn unknown() -> Fault {
    client("Unable to describe task definition.")
}

/// Reference §2.5, for `RunTask` and services.
pub(in crate::ecs) fn not_found() -> Fault {
    client("TaskDefinition not found.")
}

/// Reference §2.5, from services.
pub(in crate::ecs) fn inactive() -> Fault {
    client("TaskDefinition is inactive")
}

/// Reference §2.5, from `RunTask`: the same words under another code.
pub(in crate::ecs) fn inactive_to_run() -> Fault {
    invalid("TaskDefinition is inactive")
}

/// Reference §2.5.
pub(in crate::ecs) fn revision_missing() -> Fault {
    client("Revision is missing.")
}

/// Reference §2.5.
pub(in crate::ecs) fn invalid_revision(text: &str) -> Fault {
    invalid(format!("Invalid revision number. Number: {text}"))
}

/// Observed second-hand.
pub(in crate::ecs) fn being_deleted() -> Fault {
    client(
        "The task definition could not be deregistered because it is in the process of being deleted.",
    )
}

/// Reference §2.5.
pub(in crate::ecs) fn no_references() -> Fault {
    invalid("size of TaskDefinition references list must be greater than 0")
}

/// Reference §2.5.
pub(in crate::ecs) fn many_references() -> Fault {
    invalid("Size of TaskDefinition references list cannot exceed 10")
}

// === The whole definition ===

/// Observed.
pub(in crate::ecs) fn family_blank() -> Fault {
    client("Family can not be blank.")
}

/// Observed.
pub(in crate::ecs) fn family_characters() -> Fault {
    client("Family contains invalid characters.")
}

/// Observed.
pub(in crate::ecs) fn no_tags() -> Fault {
    client("Tags can not be empty.")
}

/// Observed.
pub(in crate::ecs) fn no_containers() -> Fault {
    client("Container list cannot be empty.")
}

/// Observed.
pub(in crate::ecs) fn many_containers() -> Fault {
    client("Too many containers")
}

/// Observed.
pub(in crate::ecs) fn too_long(length: usize) -> Fault {
    client(format!("Actual length: '{length}'. Max allowed length is '65536' bytes."))
}

/// Observed.
pub(in crate::ecs) fn duplicate_container() -> Fault {
    client("Container names must be unique within a task definition.")
}

/// Observed.
pub(in crate::ecs) fn nothing_essential() -> Fault {
    client("Task definition doesn't have any essential container.")
}

/// Observed second-hand.
pub(in crate::ecs) fn invalid_role() -> Fault {
    client("Role is not valid")
}

/// Observed, for `cpu` and `memory` that are no numbers.
pub(in crate::ecs) fn invalid_size(member: &str) -> Fault {
    client(format!("Invalid '{member}' setting for task."))
}

/// A word outside its list; the form is reference §3.13's.
pub(in crate::ecs) fn not_one_of(what: &str, words: &[&str]) -> Fault {
    client(format!("{what} should be one of [{}]", words.join(",")))
}

/// Observed: a service that is gone for good.
pub(in crate::ecs) fn inference_accelerators() -> Fault {
    client("Unsupported field 'inferenceAccelerators'.")
}

// === Containers ===

/// Reference §2.5: `Container.image should not be null or empty.`
pub(in crate::ecs) fn blank(member: &str) -> Fault {
    client(format!("Container.{member} should not be null or empty."))
}

/// Observed for `image`; for `name` by analogy.
pub(in crate::ecs) fn characters(member: &str) -> Fault {
    client(format!("Container.{member} contains invalid characters."))
}

/// Reference §2.5.
pub(in crate::ecs) fn memory_missing(container: &str) -> Fault {
    setting(container, "At least one of 'memory' or 'memoryReservation' must be specified.")
}

/// Observed.
pub(in crate::ecs) fn memory_below_reservation(container: &str) -> Fault {
    setting(container, "'memory' must be greater than or equal to 'memoryReservation'.")
}

/// Unverified; the limit is the container engine's.
pub(in crate::ecs) fn memory_too_small(container: &str) -> Fault {
    setting(container, "'memory' must be greater than or equal to 6.")
}

/// Unverified.
pub(in crate::ecs) fn negative_cpu(container: &str) -> Fault {
    setting(container, "'cpu' must be greater than or equal to 0.")
}

fn setting(container: &str, rule: &str) -> Fault {
    client(format!("Invalid setting for container '{container}'. {rule}"))
}

/// Observed.
pub(in crate::ecs) fn memory_above_task(container: &str) -> Fault {
    client(format!(
        "The 'memory' setting for container '{container}' is greater than for the task."
    ))
}

/// Observed.
pub(in crate::ecs) fn cpu_sum() -> Fault {
    client(
        "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
    )
}

/// Unverified, after [`cpu_sum`].
pub(in crate::ecs) fn reservation_sum() -> Fault {
    client(
        "The sum of all container 'memoryReservation' values cannot be greater than the value of the task 'memory'.",
    )
}

/// Observed second-hand; `which` is `start` or `stop`.
pub(in crate::ecs) fn short_timeout(which: &str, container: &str) -> Fault {
    client(format!(
        "Granular {which} timeout on container '{container}' must be at least 2 seconds."
    ))
}

/// Observed second-hand for `stop`; 120 itself is allowed, whatever it says.
pub(in crate::ecs) fn long_timeout(which: &str) -> Fault {
    client(format!(
        "Tasks using the Fargate launch type must have a container {which} timeout of less than 120 seconds."
    ))
}

/// Observed.
pub(in crate::ecs) fn restart_period(container: &str) -> Fault {
    client(format!(
        "The 'restartAttemptPeriod' setting for container '{container}' must be between 60 and 1800."
    ))
}

/// Unverified; the limit is reference §1.6.
pub(in crate::ecs) fn restart_codes(container: &str) -> Fault {
    client(format!(
        "The 'ignoredExitCodes' setting for container '{container}' can have at most 50 items."
    ))
}

/// Observed.
pub(in crate::ecs) fn soft_above_hard(ulimit: &str) -> Fault {
    client(format!("Soft limit exceeds hard limit for ulimit {ulimit}"))
}

// === Dependencies ===

/// Observed, the stray plus included.
pub(in crate::ecs) fn dependency_missing(name: &str) -> Fault {
    client(format!("Cannot depend on container + '{name}' because it does not exist"))
}

/// Observed.
pub(in crate::ecs) fn dependency_essential() -> Fault {
    client(
        "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
    )
}

/// Observed.
pub(in crate::ecs) fn dependency_without_check() -> Fault {
    client("A dependency container with HEALTHY condition must have health check configured")
}

/// Unverified, after `Container links should not have a cycle`, which was observed.
pub(in crate::ecs) fn dependency_cycle() -> Fault {
    client("Container dependencies should not have a cycle")
}

// === Health checks ===

/// Observed.
pub(in crate::ecs) fn check_above(member: &str, most: i32, container: &str) -> Fault {
    client(format!(
        "Health check {member} must be less than or equal to the maximum allowed value {most} for container '{container}'"
    ))
}

/// Unverified, after [`check_above`].
pub(in crate::ecs) fn check_below(member: &str, least: i32, container: &str) -> Fault {
    client(format!(
        "Health check {member} must be greater than or equal to the minimum allowed value {least} for container '{container}'"
    ))
}

/// Unverified; the rule is reference §1.6.
pub(in crate::ecs) fn check_command(container: &str) -> Fault {
    client(format!(
        "Health check command must start with CMD or CMD-SHELL for container '{container}'"
    ))
}

// === Ports ===

/// Reference §2.5; the mode is `awsvpc` or `host`.
pub(in crate::ecs) fn host_port(mode: &str) -> Fault {
    client(format!(
        "When networkMode={mode}, the host ports and container ports in port mappings must match."
    ))
}

/// Observed.
pub(in crate::ecs) fn port_twice(protocol: &str, port: u16) -> Fault {
    client(format!(
        "{} container port '{port}' is used multiple times in task when networkMode=awsvpc.",
        protocol.to_uppercase()
    ))
}

/// Observed.
pub(in crate::ecs) fn port_name_twice() -> Fault {
    client("When networkMode=awsvpc, port mapping name is already used")
}

/// Unverified; the rule is reference §2.4.
pub(in crate::ecs) fn port_name(container: &str) -> Fault {
    client(format!("Invalid 'name' setting in port mapping for container '{container}'."))
}

/// Observed for `containerPortRange`; for `containerPort` and `hostPort` by analogy.
pub(in crate::ecs) fn port(member: &str, container: &str) -> Fault {
    client(format!("Invalid '{member}' setting for container '{container}'."))
}

/// Observed.
pub(in crate::ecs) fn port_and_range(container: &str) -> Fault {
    client(format!(
        "Invalid port mapping for container '{container}', cannot specify both single port and port range."
    ))
}

// === Volumes ===

/// Observed.
pub(in crate::ecs) fn unknown_volume(name: &str) -> Fault {
    client(format!("Unknown volume '{name}'."))
}

/// Observed.
pub(in crate::ecs) fn unknown_source(container: &str) -> Fault {
    client(format!("Invalid 'volumesFrom' setting. Unknown container: '{container}'."))
}

/// Unverified.
pub(in crate::ecs) fn mount_path(container: &str) -> Fault {
    client(format!("Invalid 'containerPath' setting for container '{container}'."))
}

/// Unverified.
pub(in crate::ecs) fn volume_name() -> Fault {
    client("Volume names must be unique and should not be null or empty.")
}

// === Secrets and logs ===

/// Observed.
pub(in crate::ecs) fn secrets_without_role() -> Fault {
    client(
        "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    )
}

/// Observed.
pub(in crate::ecs) fn secret_name_shared(name: &str) -> Fault {
    client(format!(
        "The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '{name}'."
    ))
}

/// Observed.
pub(in crate::ecs) fn parameter_name(secret: &str) -> Fault {
    client(format!("The Systems Manager parameter name specified for secret {secret} is invalid."))
}

/// Observed.
pub(in crate::ecs) fn parameter_account(ours: &str, theirs: &str) -> Fault {
    client(format!(
        "The Systems Manager parameter ARN has a different account ID than the current account. The current account ID is {ours} and the ARN account ID is {theirs}. Cross-account access for ARNs is not currently supported."
    ))
}

/// Observed.
pub(in crate::ecs) fn log_driver(driver: &str, allowed: &[&str]) -> Fault {
    client(format!("{driver} is not a valid log driver. Must be one of [{}]", allowed.join(",")))
}

/// Observed.
pub(in crate::ecs) fn log_options_missing(driver: &str, options: &[&str]) -> Fault {
    client(format!("Log driver {driver} requires options: {}", options.join(", ")))
}

/// Observed.
pub(in crate::ecs) fn log_options_unknown(driver: &str, options: &[&str]) -> Fault {
    client(format!("Log driver {driver} disallows options: {}", options.join(", ")))
}

/// Observed.
pub(in crate::ecs) fn firelens_missing() -> Fault {
    client(
        "When awsfirelens log driver is specified in log configuration, a firelens configuration object must be configured in one of the containers.",
    )
}

// === Network mode awsvpc ===

/// `Links are not supported when networkMode=awsvpc.` (observed).
pub(in crate::ecs) fn links_on_awsvpc() -> Fault {
    client("Links are not supported when networkMode=awsvpc.")
}

/// `hostname is not supported on container when networkMode=awsvpc.` (observed for all but the DNS
/// search domains, which are by analogy).
pub(in crate::ecs) fn on_awsvpc(subject: &str) -> Fault {
    client(format!("{subject} not supported on container when networkMode=awsvpc."))
}

// === Fargate ===

/// Reference §2.5, typographic quotes included.
pub(in crate::ecs) fn fargate_network_mode() -> Fault {
    client("Fargate only supports network mode ‘awsvpc’.")
}

/// Reference §2.5.
pub(in crate::ecs) fn fargate_size_missing(member: &str) -> Fault {
    client(format!("Fargate requires that '{member}' be defined at the task level."))
}

/// Reference §2.5, the newer variant, which was observed whole.
pub(in crate::ecs) fn fargate_size(cpu: u32, memory: u32) -> Fault {
    client(format!(
        "No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. See the Amazon ECS documentation for the valid values."
    ))
}

/// Reference §2.5: `log driver awslogs`, `ECR images`.
pub(in crate::ecs) fn fargate_role(purpose: &str) -> Fault {
    client(format!(
        "Fargate requires task definition to have execution role ARN to support {purpose}."
    ))
}

/// Observed.
pub(in crate::ecs) fn fargate_stream_prefix() -> Fault {
    client(
        "Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.",
    )
}

/// `Fargate compatible task definitions do not support maxSwap` (observed for most members).
pub(in crate::ecs) fn fargate_without(member: &str) -> Fault {
    client(format!("Fargate compatible task definitions do not support {member}"))
}

/// Reference §2.5.
pub(in crate::ecs) fn fargate_pid_mode(mode: &str) -> Fault {
    client(format!(
        "Tasks using the Fargate launch type do not support pidMode '{mode}'. The supported value for pidMode is 'task'."
    ))
}

/// Observed.
pub(in crate::ecs) fn fargate_gpu() -> Fault {
    client("Tasks using the Fargate launch type do not support GPU resource requirements.")
}

/// Observed, typographic quotes included.
pub(in crate::ecs) fn fargate_privileged() -> Fault {
    client("Fargate requires that the ‘privileged’ setting be ‘false’ at the container level.")
}

/// Observed.
pub(in crate::ecs) fn fargate_capability(name: &str) -> Fault {
    client(format!("{name} is not allowed on Fargate."))
}

/// Unverified; the rule is reference §2.3.
pub(in crate::ecs) fn fargate_ulimit(name: &str) -> Fault {
    client(format!("Fargate compatible task definitions do not support ulimit {name}"))
}

/// Reference §2.5.
pub(in crate::ecs) fn storage_below() -> Fault {
    client("EphemeralStorage size should be at least 21")
}

/// Reference §2.5.
pub(in crate::ecs) fn storage_above() -> Fault {
    client("EphemeralStorage size should be at most 200")
}

/// Observed.
pub(in crate::ecs) fn storage_on_ec2() -> Fault {
    client("Tasks using the EC2 launch type do not support EphemeralStorage.")
}
