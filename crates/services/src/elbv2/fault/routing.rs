//! Refusals about actions and conditions.

use super::super::quota;
use crate::query::{declared, invalid};
use api::Fault;
use api::elbv2::errors::*;

fn bad_action(message: impl Into<String>) -> Fault {
    declared(&INVALID_LOAD_BALANCER_ACTION_EXCEPTION, message)
}

// === Actions ===

pub(crate) fn no_action() -> Fault {
    // Text unverified: worded as for conditions.
    invalid("An action must be specified")
}

pub(crate) fn https_only(kind: &str) -> Fault {
    bad_action(format!("Actions of type '{kind}' are supported only on HTTPS listeners"))
}

/// An action that AWS takes on HTTPS listeners, and the region can't do.
pub(crate) fn no_authentication(kind: &str) -> Fault {
    bad_action(format!("the local region does not implement actions of type '{kind}'"))
}

pub(crate) fn no_order() -> Fault {
    invalid("When you specify multiple actions, you must specify an order for each action")
}

pub(crate) fn several_actions(kinds: &[&str]) -> Fault {
    invalid(format!("Action types '{}' cannot be specified together", kinds.join(",")))
}

pub(crate) fn action_needs(kind: &str, fields: &str) -> Fault {
    invalid(format!(
        "For actions of type '{kind}', you must specify the following fields: '{fields}'"
    ))
}

pub(crate) fn foreign_config(kind: &str, field: &str) -> Fault {
    // Text unverified.
    invalid(format!("'{field}' cannot be specified for actions of type '{kind}'"))
}

// === Forward ===

pub(crate) fn no_group(arn: &str) -> Fault {
    // Text as moto has it.
    declared(&TARGET_GROUP_NOT_FOUND_EXCEPTION, format!("Target group '{arn}' not found"))
}

pub(crate) fn other_balancer(arn: &str) -> Fault {
    let message = format!(
        "The following target groups cannot be associated with more than one load balancer: {arn}"
    );
    declared(&TARGET_GROUP_ASSOCIATION_LIMIT_EXCEPTION, message)
}

pub(crate) fn needs_https(version: &str) -> Fault {
    bad_action(format!(
        "Listener protocol 'HTTP' is not supported with a target group with the protocol-version \
         '{version}'"
    ))
}

pub(crate) fn too_many_groups() -> Fault {
    let most = quota::GROUPS_PER_ACTION;
    invalid(format!("You cannot specify more than {most} target groups per action"))
}

pub(crate) fn other_group() -> Fault {
    invalid(
        "You can specify both a target group list and a top-level target group ARN only if the \
         ARNs match",
    )
}

pub(crate) fn group_twice(arn: &str) -> Fault {
    // Text unverified.
    invalid(format!("Target group '{arn}' is specified more than once"))
}

pub(crate) fn bad_weight() -> Fault {
    invalid("The weight for the target group must be between 1 and 999, inclusive")
}

pub(crate) fn bad_weights() -> Fault {
    invalid("The weight for each target group must be between 0 and 999, inclusive")
}

pub(crate) fn no_stickiness_duration() -> Fault {
    invalid("You must provide a duration when enabling target group stickiness")
}

pub(crate) fn bad_stickiness_duration() -> Fault {
    invalid("Target group stickiness duration must be between 1 and 604800 seconds")
}

// === Redirect and fixed response ===

pub(crate) fn redirect_path() -> Fault {
    bad_action(
        "The Path parameter must be a valid path, should start with a '/', and may contain up to \
         one of each of these placeholders: '#{path}', '#{host}', '#{port}'.",
    )
}

pub(crate) fn redirect_downgrade() -> Fault {
    // Text unverified.
    bad_action("HTTPS listeners do not support redirects to HTTP.")
}

pub(crate) fn redirect_port() -> Fault {
    bad_action("The Port parameter must be either an integer between 1 and 65535 or '#{port}'.")
}

pub(crate) fn redirect_loop() -> Fault {
    bad_action("The redirect configuration is not valid because it creates a loop.")
}

pub(crate) fn bad_status(status: &str) -> Fault {
    invalid(format!(
        "1 validation error detected: Value '{status}' at \
         'actions.1.member.fixedResponseConfig.statusCode' failed to satisfy constraint: Member \
         must satisfy regular expression pattern: ^(2|4|5)\\d\\d$"
    ))
}

pub(crate) fn bad_content_type() -> Fault {
    bad_action(
        "The ContentType must be one of:'text/html', 'application/json', 'application/javascript', \
         'text/css', 'text/plain'.",
    )
}

// === Conditions ===

pub(crate) fn nothing_to_modify() -> Fault {
    // Text as moto has it.
    invalid("Either conditions or actions must be specified")
}

pub(crate) fn no_condition() -> Fault {
    invalid("A condition must be specified")
}

pub(crate) fn bad_field(field: &str) -> Fault {
    invalid(format!(
        "Condition field '{field}' must be one of 'http-header,http-request-method,host-header,\
         query-string,path-pattern,source-ip'"
    ))
}

pub(crate) fn field_twice(field: &str) -> Fault {
    invalid(format!("A rule can only have one '{field}' condition"))
}

pub(crate) fn condition_needs(field: &str, fields: &str) -> Fault {
    invalid(format!(
        "For conditions of type '{field}', you must specify the following fields: '{fields}'"
    ))
}

pub(crate) fn foreign_condition(field: &str, config: &str) -> Fault {
    // Text unverified.
    invalid(format!("'{config}' cannot be specified for conditions of type '{field}'"))
}

pub(crate) fn values_twice(field: &str, config: &str) -> Fault {
    // Text as moto has it.
    invalid(format!(
        "You cannot provide both Values and '{config}' for a condition of type '{field}'"
    ))
}

pub(crate) fn no_plain_values(field: &str) -> Fault {
    // Text as moto has it.
    invalid(format!("The 'Values' field is not compatible with '{field}'"))
}

pub(crate) fn one_plain_value(field: &str) -> Fault {
    // Text as moto has it.
    invalid(format!("The '{field}' field contains too many values; the limit is '1'"))
}

pub(crate) fn no_value(config: &str) -> Fault {
    invalid(format!(
        "You must provide exactly one of the following: ['Values' 'RegexValues'] for config of type \
         '{config}'"
    ))
}

pub(crate) fn no_regex(field: &str) -> Fault {
    let message = match field {
        "host-header" | "path-pattern" | "http-header" => {
            "the local region does not implement 'RegexValues'".to_owned()
        }
        _ => format!("'RegexValues' is not supported for a condition of type '{field}'"),
    };
    invalid(message)
}

pub(crate) fn too_many_values() -> Fault {
    let most = quota::VALUES_PER_RULE;
    invalid(format!("A rule can only have '{most}' condition values and regex values"))
}

pub(crate) fn too_many_wildcards() -> Fault {
    let most = quota::WILDCARDS_PER_RULE;
    // Text unverified.
    invalid(format!("A rule can only have '{most}' condition wildcards"))
}

pub(crate) fn long_value(field: &str, most: usize) -> Fault {
    invalid(format!("Condition value for '{field}' cannot contain more than {most} characters"))
}

pub(crate) fn bad_value(value: &str) -> Fault {
    invalid(format!("Condition value '{value}' contains a character that is not valid"))
}

pub(crate) fn host_by_header() -> Fault {
    invalid("You cannot specify 'host' as an HTTP header name")
}

pub(crate) fn no_query_value() -> Fault {
    // Text as moto has it.
    invalid("A 'Value' must be specified in 'QueryStringKeyValuePair'")
}

pub(crate) fn bad_cidr(value: &str) -> Fault {
    invalid(format!("The specified value '{value}' is not a valid CIDR block"))
}
