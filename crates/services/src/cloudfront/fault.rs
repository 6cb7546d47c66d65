//! CloudFront's refusals. Texts are those of its model's documentation, or as seen in public
//! reports; those that name what is not here are ours.

use crate::tags::TagMistake;
use api::cloudfront::errors;
use api::{ErrorShape, Fault};
use std::fmt::Display;

/// A refusal of one of the model's kinds.
pub(super) fn of(shape: &'static ErrorShape, message: impl Into<String>) -> Fault {
    Fault::refuse(shape.code, message).with_status(shape.status)
}

pub(super) fn invalid(message: impl Into<String>) -> Fault {
    of(&errors::INVALID_ARGUMENT, message)
}

/// What the region does not do.
pub(super) fn not_here(what: impl Display) -> Fault {
    invalid(format!("the local region does not have this of CloudFront: {what}"))
}

pub(super) fn no_revision() -> Fault {
    let text = "The If-Match version is missing or not valid for the resource.";
    of(&errors::INVALID_IF_MATCH_VERSION, text)
}

pub(super) fn other_revision() -> Fault {
    let text = "The request failed because it didn't meet the preconditions in one or more request-header fields.";
    of(&errors::PRECONDITION_FAILED, text)
}

pub(super) fn no_distribution() -> Fault {
    of(&errors::NO_SUCH_DISTRIBUTION, "The specified distribution does not exist.")
}

pub(super) fn reference_taken(id: &impl Display) -> Fault {
    let text = format!(
        "The caller reference that you are using to create a distribution is associated with another distribution. Already exists: {id}"
    );
    of(&errors::DISTRIBUTION_ALREADY_EXISTS, text)
}

pub(super) fn not_disabled() -> Fault {
    let text = "The distribution you are trying to delete has not been disabled.";
    of(&errors::DISTRIBUTION_NOT_DISABLED, text)
}

pub(super) fn alias_taken(alias: &str) -> Fault {
    let text = format!(
        "One or more of the CNAMEs you provided are already associated with a different resource: {alias}"
    );
    of(&errors::CNAME_ALREADY_EXISTS, text)
}

pub(super) fn no_certificate() -> Fault {
    let text = "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate that validates your authorization to use the domain name.";
    of(&errors::INVALID_VIEWER_CERTIFICATE, text)
}

pub(super) fn bad_certificate() -> Fault {
    let text = "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.";
    of(&errors::INVALID_VIEWER_CERTIFICATE, text)
}

pub(super) fn no_origin() -> Fault {
    of(&errors::NO_SUCH_ORIGIN, "One or more of your origins or origin groups do not exist.")
}

pub(super) fn uneven() -> Fault {
    let text = "The value of Quantity and the size of Items don't match.";
    of(&errors::INCONSISTENT_QUANTITIES, text)
}

pub(super) fn bad_function(message: impl Into<String>) -> Fault {
    of(&errors::INVALID_FUNCTION_ASSOCIATION, message)
}

pub(super) fn no_function() -> Fault {
    of(&errors::NO_SUCH_FUNCTION_EXISTS, "The specified function does not exist.")
}

pub(super) fn no_resource() -> Fault {
    of(&errors::NO_SUCH_RESOURCE, "The specified resource does not exist.")
}

pub(super) fn bad_tags(mistake: &TagMistake) -> Fault {
    of(&errors::INVALID_TAGGING, mistake.to_string())
}

pub(super) fn managed_update() -> Fault {
    of(&errors::ILLEGAL_UPDATE, "You cannot update an AWS managed policy.")
}

pub(super) fn managed_delete() -> Fault {
    of(&errors::ILLEGAL_DELETE, "You cannot delete an AWS managed policy.")
}
