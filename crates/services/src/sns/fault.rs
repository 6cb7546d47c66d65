//! SNS's refusals. Texts are AWS's as observed or as moto has them, unless a comment says otherwise.

use crate::query::declared;
use crate::tags::TagMistake;
use api::Fault;
use api::sns::errors::*;

pub(super) fn no_topic() -> Fault {
    declared(&NOT_FOUND_EXCEPTION, "Topic does not exist")
}

pub(super) fn no_subscription() -> Fault {
    declared(&NOT_FOUND_EXCEPTION, "Subscription does not exist")
}

pub(super) fn no_resource() -> Fault {
    declared(&RESOURCE_NOT_FOUND_EXCEPTION, "Resource does not exist")
}

pub(super) fn invalid(parameter: &str) -> Fault {
    declared(&INVALID_PARAMETER_EXCEPTION, format!("Invalid parameter: {parameter}"))
}

pub(super) fn no_arn(parameter: &str, parts: usize) -> Fault {
    because(parameter, &format!("An ARN must have at least 6 elements, not {parts}"))
}

pub(super) fn topic_differs(parameter: &str, what: &str) -> Fault {
    because(parameter, &format!("Topic already exists with different {what}"))
}

pub(super) fn bad_value(attribute: &str) -> Fault {
    // Text unverified.
    because(attribute, "the value is not one that this attribute can have")
}

pub(super) fn bad_protocol(protocol: &str) -> Fault {
    because("Protocol", &format!("Amazon SNS does not support this protocol string: {protocol}"))
}

pub(super) fn bad_endpoint(protocol: &str) -> Fault {
    match protocol {
        "email" | "email-json" => because("Email address", ""),
        _ => because("Endpoint", "must match the specified protocol"),
    }
}

pub(super) fn no_target() -> Fault {
    because("TopicArn or TargetArn", "no value for required parameter")
}

pub(super) fn empty_message() -> Fault {
    invalid("Empty message")
}

pub(super) fn long_message() -> Fault {
    invalid("Message too long")
}

pub(super) fn no_default() -> Fault {
    because("Message Structure", "No default entry in JSON message body")
}

pub(super) fn bad_token() -> Fault {
    // Text unverified.
    invalid("NextToken")
}

/// Our own words: AWS takes it.
pub(super) fn not_implemented(what: &str) -> Fault {
    let message = format!("{what} is not implemented by the local region");
    declared(&INVALID_PARAMETER_EXCEPTION, message)
}

pub(super) fn bad_tags(mistake: &TagMistake) -> Fault {
    match mistake {
        TagMistake::TooMany { .. } => declared(
            &TAG_LIMIT_EXCEEDED_EXCEPTION,
            "Could not complete request: tag quota of per resource exceeded",
        ),
        // Text unverified.
        TagMistake::Duplicate(_) | TagMistake::Reserved(_) => because("Tags", &mistake.to_string()),
    }
}

fn because(parameter: &str, reason: &str) -> Fault {
    if reason.is_empty() {
        return invalid(parameter);
    }
    let message = format!("Invalid parameter: {parameter} Reason: {reason}");
    declared(&INVALID_PARAMETER_EXCEPTION, message)
}
