//! Refusals of Application Auto Scaling. Texts are AWS's (reference §5.1), unless a comment says
//! otherwise.

use crate::page::InvalidToken;
use crate::tags::TagMistake;
use api::Fault;
use std::fmt::Display;

pub(super) fn invalid(message: impl Into<String>) -> Fault {
    Fault::refuse("ValidationException", message)
}

pub(super) fn unsupported() -> Fault {
    invalid("Unsupported service namespace, resource type or scalable dimension")
}

/// Text unverified.
pub(super) fn dimension_alone() -> Fault {
    invalid("ScalableDimension goes with ResourceId")
}

pub(super) fn no_service(id: &str) -> Fault {
    invalid(format!("ECS service doesn't exist: {id}"))
}

pub(super) fn no_target(id: &str) -> Fault {
    absent(&format!("scalable target found for {}", place(id)))
}

pub(super) fn no_policy(id: &str, name: &str) -> Fault {
    absent(&format!("scaling policy found for {}, policy name: {name}", place(id)))
}

/// Its words follow those for a policy.
pub(super) fn no_action(id: &str, name: &str) -> Fault {
    absent(&format!("scheduled action found for {}, scheduled action name: {name}", place(id)))
}

pub(super) fn no_resource(arn: &str) -> Fault {
    // Text unverified.
    let message = format!("No scalable target found for resource ARN: {arn}");
    Fault::refuse("ResourceNotFoundException", message)
}

/// Texts unverified.
pub(super) fn no_bounds() -> Fault {
    invalid("MinCapacity and MaxCapacity are required for a new scalable target")
}

/// moto's text.
pub(super) fn bounds_cross() -> Fault {
    invalid("Maximum capacity cannot be less than minimum capacity")
}

/// Text unverified.
pub(super) fn below_zero(what: &str) -> Fault {
    invalid(format!("{what} must be greater than or equal to 0"))
}

/// Text unverified (reference §5.1).
pub(super) fn same_metric() -> Fault {
    invalid("Only one TargetTrackingScaling policy for a given metric specification is allowed.")
}

pub(super) fn too_many(what: &str, most: usize) -> Fault {
    // Text unverified.
    Fault::refuse("LimitExceededException", format!("a scalable target has at most {most} {what}"))
}

/// Our own words: AWS takes it.
pub(super) fn not_implemented(what: impl Display) -> Fault {
    invalid(format!("{what} is not implemented by the local region"))
}

/// What CloudWatch says of an alarm that a policy needs.
pub(super) fn no_access(why: &Fault) -> Fault {
    let message = format!("failed to access Amazon CloudWatch: {why}");
    Fault::refuse("FailedResourceAccessException", message)
}

pub(super) fn bad_token(_: InvalidToken) -> Fault {
    Fault::refuse("InvalidNextTokenException", "the token was not given by this listing")
}

pub(super) fn bad_tags(mistake: &TagMistake) -> Fault {
    match mistake {
        TagMistake::TooMany { .. } => Fault::refuse("TooManyTagsException", mistake.to_string()),
        TagMistake::Duplicate(_) | TagMistake::Reserved(_) => invalid(mistake.to_string()),
    }
}

fn absent(what: &str) -> Fault {
    Fault::refuse("ObjectNotFoundException", format!("No {what}"))
}

fn place(id: &str) -> String {
    let dimension = super::DIMENSION;
    format!("service namespace: ecs, resource ID: {id}, scalable dimension: {dimension}")
}
