//! Refusals about target groups and targets.

use super::super::quota;
use crate::query::{declared, invalid};
use api::Fault;
use api::elbv2::errors::*;

// === What the local region does not do ===

pub(crate) fn no_target_type(kind: &str) -> Fault {
    let message = format!(
        "the local region has target groups of types 'ip' and 'instance': target type '{kind}' is \
         not implemented"
    );
    declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message)
}

pub(crate) fn no_instances(id: &str) -> Fault {
    // The second half is the region's own; AWS's text for an unknown instance is unverified.
    let message = format!(
        "The following targets are not in a running state and cannot be registered: '{id}' (the \
         local region has no instances)"
    );
    declared(&INVALID_TARGET_EXCEPTION, message)
}

// === What is not there, there already, or in use ===

pub(crate) fn missing(arn: &str) -> Fault {
    declared(&TARGET_GROUP_NOT_FOUND_EXCEPTION, format!("Target groups '{arn}' not found"))
}

pub(crate) fn some_missing() -> Fault {
    // Text as moto has it.
    declared(&TARGET_GROUP_NOT_FOUND_EXCEPTION, "One or more target groups not found")
}

pub(crate) fn differs(name: &str) -> Fault {
    let message =
        format!("A target group with the same name '{name}' exists, but with different settings");
    declared(&DUPLICATE_TARGET_GROUP_NAME_EXCEPTION, message)
}

pub(crate) fn in_use(arn: &str) -> Fault {
    let message = format!("Target group '{arn}' is currently in use by a listener or a rule");
    declared(&RESOURCE_IN_USE_EXCEPTION, message)
}

pub(crate) fn too_many() -> Fault {
    // Text unverified: the model's.
    declared(
        &TOO_MANY_TARGET_GROUPS_EXCEPTION,
        "You've reached the limit on the number of target groups for your AWS account",
    )
}

pub(crate) fn too_many_targets() -> Fault {
    let most = quota::TARGETS_PER_GROUP;
    // Text unverified: the model's, with the quota.
    declared(
        &TOO_MANY_TARGETS_EXCEPTION,
        format!("You've reached the limit on the number of targets: [{most}]"),
    )
}

// === What is wrong with a group ===

pub(crate) fn long_name(name: &str) -> Fault {
    invalid(format!("Target group name '{name}' cannot be longer than '32' characters"))
}

pub(crate) fn bad_name(name: &str) -> Fault {
    invalid(format!(
        "1 validation error detected: Value '{name}' at 'targetGroupName' failed to satisfy \
         constraint: Member must satisfy regular expression pattern: (?!^-)(?!.*-$)^[A-Za-z0-9-]+$"
    ))
}

/// `what` is `protocol`, `port` or `VPC ID`.
pub(crate) fn needs(what: &str) -> Fault {
    invalid(format!("A {what} must be specified"))
}

pub(crate) fn no_vpc(id: &str) -> Fault {
    invalid(format!("The VPC ID '{id}' is not found"))
}

pub(crate) fn bad_protocol(protocol: &str) -> Fault {
    let message = format!(
        "the local region has target groups with protocols 'HTTP' and 'HTTPS': protocol '{protocol}' \
         is not implemented"
    );
    declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message)
}

pub(crate) fn bad_protocol_version(version: &str) -> Fault {
    invalid(format!(
        "Target group protocol version '{version}' must be one of '[HTTP2, HTTP1, GRPC]'"
    ))
}

pub(crate) fn no_ipv6() -> Fault {
    // Text unverified. It is true: the local VPC has none.
    let message = "You must specify a VPC with an associated IPv6 CIDR block";
    declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message)
}

pub(crate) fn no_control_port() -> Fault {
    declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, "Target control port is not supported")
}

// === What is wrong with a health check ===

pub(crate) fn check_disabled(kind: &str) -> Fault {
    invalid(format!(
        "Health check enabled must be true for target groups with target type '{kind}'"
    ))
}

pub(crate) fn check_protocol(protocol: &str) -> Fault {
    invalid(format!("Health check protocol '{protocol}' must be one of 'HTTP, HTTPS'"))
}

pub(crate) fn check_port(port: &str) -> Fault {
    invalid(format!("Health check port '{port}' must be within '1-65535' or 'traffic-port'"))
}

pub(crate) fn check_path(path: &str) -> Fault {
    invalid(format!("Health check path '{path}' must begin with '/'"))
}

pub(crate) fn check_timing(timeout: u64, interval: u64) -> Fault {
    invalid(format!(
        "Health check timeout '{timeout}' must be smaller than the interval '{interval}'"
    ))
}

pub(crate) fn no_code(kind: &str) -> Fault {
    invalid(format!("Health check matcher {kind} code cannot be empty"))
}

pub(crate) fn bad_code(kind: &str, code: &str, range: &str) -> Fault {
    invalid(format!("Health check matcher {kind} code '{code}' must be within '{range}' inclusive"))
}

// === What is wrong with a target ===

pub(crate) fn no_targets() -> Fault {
    // Text unverified.
    invalid("A target must be specified")
}

pub(crate) fn no_address(id: &str) -> Fault {
    // Text unverified.
    invalid(format!("The IP address '{id}' is not a valid IPv4 address"))
}

pub(crate) fn public_address(id: &str) -> Fault {
    invalid(format!(
        "The IP address '{id}' is not allowed, as it must be an address from a VPC subnet, RFC1918, \
         or RFC6598"
    ))
}

pub(crate) fn needs_zone(id: &str) -> Fault {
    // Text unverified.
    invalid(format!(
        "You must specify an Availability Zone or 'all' for the IP address '{id}', because it is \
         outside the VPC"
    ))
}

pub(crate) fn no_zone(zone: &str) -> Fault {
    // Text unverified.
    invalid(format!("Availability Zone '{zone}' is not valid"))
}

pub(crate) fn no_quic() -> Fault {
    // Text unverified.
    invalid("A QUIC server ID cannot be specified for target groups with protocol 'HTTP'")
}
