//! ELBv2's refusals: what is not there, what is there already, and what there is too much of. What
//! is wrong with a listener's actions and conditions is in [`routing`], with its certificates in
//! [`secure`], with a target group and its targets in [`group`], with attributes beside their tables.
//!
//! Texts are AWS's as observed, unless a comment says otherwise.

pub(super) mod group;
pub(super) mod routing;
pub(super) mod secure;

use super::quota;
use crate::page::InvalidToken;
use crate::query::{declared, invalid};
use crate::tags::TagMistake;
use api::Fault;
use api::elbv2::errors::*;

// === What the local region does not do ===

pub(super) fn application_only(kind: &str) -> Fault {
    let message = format!(
        "the local region has Application Load Balancers: load balancers of type '{kind}' are not \
         implemented"
    );
    declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message)
}

/// A member that AWS takes and the region can't do.
pub(super) fn not_implemented(member: &str) -> Fault {
    invalid(format!("the local region does not implement '{member}'"))
}

// === What is not there ===

pub(super) fn no_balancer(arn: &str) -> Fault {
    declared(&LOAD_BALANCER_NOT_FOUND_EXCEPTION, format!("Load balancer '{arn}' not found"))
}

pub(super) fn no_balancers() -> Fault {
    // Text as moto has it.
    declared(&LOAD_BALANCER_NOT_FOUND_EXCEPTION, "One or more load balancers not found")
}

pub(super) fn no_balancers_named(names: &[&str]) -> Fault {
    let message = format!("Load balancers '[{}]' not found", names.join(", "));
    declared(&LOAD_BALANCER_NOT_FOUND_EXCEPTION, message)
}

pub(super) fn no_listener(arn: &str) -> Fault {
    declared(&LISTENER_NOT_FOUND_EXCEPTION, format!("Listener '{arn}' not found"))
}

pub(super) fn no_listeners() -> Fault {
    declared(&LISTENER_NOT_FOUND_EXCEPTION, "One or more listeners not found")
}

pub(super) fn no_rule(arn: &str) -> Fault {
    // Text unverified: worded as for listeners.
    declared(&RULE_NOT_FOUND_EXCEPTION, format!("Rule '{arn}' not found"))
}

pub(super) fn no_rules() -> Fault {
    // Text as moto has it.
    declared(&RULE_NOT_FOUND_EXCEPTION, "One or more rules not found")
}

pub(super) fn no_subnet(id: &str) -> Fault {
    declared(&SUBNET_NOT_FOUND_EXCEPTION, format!("The subnet ID '{id}' does not exist"))
}

/// Text unverified.
pub(super) fn vpcs_apart() -> Fault {
    let message = "All subnets must belong to the same VPC";
    declared(&INVALID_SUBNET_EXCEPTION, message)
}

pub(super) fn no_security_group() -> Fault {
    let message = "One or more security groups are invalid";
    declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message)
}

// === What is there already, or in use ===

pub(super) fn balancer_differs(name: &str) -> Fault {
    let message =
        format!("A load balancer with the same name '{name}' exists, but with different settings");
    declared(&DUPLICATE_LOAD_BALANCER_NAME_EXCEPTION, message)
}

pub(super) fn port_taken(balancer: &str) -> Fault {
    let message =
        format!("A listener already exists on this port for this load balancer '{balancer}'");
    declared(&DUPLICATE_LISTENER_EXCEPTION, message)
}

pub(super) fn priority_taken(priority: u32) -> Fault {
    let message = format!("Priority '{priority}' is currently in use");
    declared(&PRIORITY_IN_USE_EXCEPTION, message)
}

pub(super) fn priority_twice(priority: u32) -> Fault {
    // Text as moto has it.
    invalid(format!("Priority '{priority}' was provided multiple times"))
}

pub(super) fn rule_twice(arn: &str) -> Fault {
    // Text unverified: worded as for priorities.
    invalid(format!("Rule '{arn}' was provided multiple times"))
}

pub(super) fn protected(balancer: &str) -> Fault {
    let message = format!(
        "Load balancer '{balancer}' cannot be deleted because deletion protection is enabled"
    );
    declared(&OPERATION_NOT_PERMITTED_EXCEPTION, message)
}

/// `verb` is `modified` or `deleted`.
pub(super) fn default_rule(arn: &str, verb: &str) -> Fault {
    let message = format!("Default rule '{arn}' cannot be {verb}");
    declared(&OPERATION_NOT_PERMITTED_EXCEPTION, message)
}

// === What there is too much of ===

pub(super) fn too_many_balancers() -> Fault {
    // Text unverified: the model's.
    declared(
        &TOO_MANY_LOAD_BALANCERS_EXCEPTION,
        "You've reached the limit on the number of load balancers for your AWS account",
    )
}

pub(super) fn too_many_listeners() -> Fault {
    // Text unverified: the model's.
    declared(
        &TOO_MANY_LISTENERS_EXCEPTION,
        "You've reached the limit on the number of listeners per load balancer",
    )
}

pub(super) fn too_many_rules() -> Fault {
    // Text unverified: the model's.
    declared(
        &TOO_MANY_RULES_EXCEPTION,
        "You've reached the limit on the number of rules per load balancer",
    )
}

pub(super) fn too_many_groups_behind() -> Fault {
    let message = format!(
        "You have reached the maximum number of unique target groups that you can associate with a \
         load balancer of type 'application': [{}]",
        quota::GROUPS_PER_BALANCER
    );
    declared(&TOO_MANY_UNIQUE_TARGET_GROUPS_PER_LOAD_BALANCER_EXCEPTION, message)
}

pub(super) fn too_many_resources() -> Fault {
    let most = quota::RESOURCES_PER_TAG_CALL;
    // Text unverified.
    invalid(format!("Up to '{most}' resources can be specified"))
}

// === What is wrong with a load balancer or a listener ===

pub(super) fn bad_balancer_name(name: &str, mistake: &str) -> Fault {
    invalid(format!("The load balancer name '{name}' {mistake}"))
}

pub(super) fn too_few_zones() -> Fault {
    invalid("At least two subnets in two different Availability Zones must be specified")
}

pub(super) fn zone_twice() -> Fault {
    let message =
        "A load balancer cannot be attached to multiple subnets in the same Availability Zone";
    declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message)
}

pub(super) fn subnets_twice() -> Fault {
    // Text unverified.
    invalid("You must specify either subnets or subnet mappings, but not both")
}

pub(super) fn no_elastic_ips() -> Fault {
    let message = "Elastic IPs are not supported for load balancers with type 'application'";
    declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message)
}

pub(super) fn no_private_addresses() -> Fault {
    let message = "You can only specify private IPv4 addresses for Network Load Balancers with \
                   scheme 'internal'.";
    declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message)
}

pub(super) fn no_source_nat() -> Fault {
    let message =
        "'EnablePrefixForIpv6SourceNat' can only be specified for LoadBalancer type 'network'.";
    declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message)
}

pub(super) fn no_ipv6() -> Fault {
    // Text unverified. It is true: the local VPC has none.
    let message = "You must specify subnets with an associated IPv6 CIDR block.";
    declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message)
}

pub(super) fn no_private_link() -> Fault {
    let message = "This security group setting for PrivateLink traffic is only available for \
                   Network Load Balancers with security groups";
    declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message)
}

pub(super) fn no_groups_left() -> Fault {
    // Text unverified.
    invalid("At least one security group must be specified")
}

/// `what` is `port` or `protocol`.
pub(super) fn listener_needs(what: &str) -> Fault {
    invalid(format!("A listener {what} must be specified"))
}

pub(super) fn bad_protocol(protocol: &str) -> Fault {
    invalid(format!("Listener protocol '{protocol}' must be one of 'HTTP, HTTPS'"))
}

pub(super) fn no_certificate() -> Fault {
    invalid("A certificate cannot be specified for HTTP listeners")
}

pub(super) fn no_ssl_policy() -> Fault {
    // The misspelling is AWS's.
    invalid("An SSL policy cannot be specifed for HTTP listeners")
}

pub(super) fn no_alpn() -> Fault {
    let message = "You cannot set ALPN policy on load balancers of type 'application'";
    declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message)
}

pub(super) fn no_client_certificates() -> Fault {
    let message = "Mutual Authentication cannot be set for non secure listeners";
    declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message)
}

/// Texts as moto has them; `what` is what has to be chosen between.
pub(super) fn one_of(what: &str) -> Fault {
    invalid(format!("You must specify either {what}"))
}

/// Text as moto has it.
pub(super) fn together(what: &str) -> Fault {
    invalid(format!("{what} cannot be specified at the same time"))
}

pub(super) fn bad_marker(_: InvalidToken) -> Fault {
    // Text unverified.
    invalid("The specified marker is not valid")
}

pub(super) fn bad_tags(mistake: TagMistake) -> Fault {
    match mistake {
        // Text as moto has it.
        TagMistake::Duplicate(key) => declared(
            &DUPLICATE_TAG_KEYS_EXCEPTION,
            format!("Tag key was specified more than once: {key}"),
        ),
        // Texts unverified.
        TagMistake::Reserved(_) => invalid(mistake.to_string()),
        TagMistake::TooMany { .. } => declared(
            &TOO_MANY_TAGS_EXCEPTION,
            "You've reached the limit on the number of tags for this resource",
        ),
    }
}
