//! Refusals of CloudWatch. A text that was seen in an answer of AWS says so; the others are ours.

use crate::page::InvalidToken;
use crate::tags::TagMistake;
use api::Fault;

/// A request that AWS doesn't take.
pub(super) fn invalid(message: impl Into<String>) -> Fault {
    Fault::refuse("ValidationError", message)
}

/// Observed of `MetricName` and `Period`.
pub(super) fn null(member: &str) -> Fault {
    invalid(format!("{member} must not be null"))
}

/// Members that go without each other.
pub(super) fn together(message: impl Into<String>) -> Fault {
    Fault::refuse("InvalidParameterCombination", message)
}

/// A value that AWS doesn't take.
pub(super) fn value(message: impl Into<String>) -> Fault {
    Fault::refuse("InvalidParameterValue", message)
}

/// Observed: no message.
pub(super) fn missing() -> Fault {
    Fault::refuse("ResourceNotFound", "").with_status(404)
}

/// What is tagged is not there.
pub(super) fn untaggable() -> Fault {
    Fault::refuse("ResourceNotFoundException", "Unknown").with_status(404)
}

/// What should be JSON is none.
pub(super) fn no_json() -> Fault {
    Fault::refuse("InvalidFormat", "StateReasonData must be JSON")
}

pub(super) fn bad_token(_: InvalidToken) -> Fault {
    Fault::refuse("InvalidNextToken", "the token was not given by this listing")
}

/// Observed.
pub(super) fn no_dashboard(name: &str) -> Fault {
    Fault::refuse("ResourceNotFound", format!("Dashboard {name} does not exist")).with_status(404)
}

/// Observed.
pub(super) fn dashboard_name(name: &str) -> Fault {
    Fault::refuse(
        "InvalidParameterInput",
        format!(
            "The value {name} for field DashboardName contains invalid characters. It can only \
             contain alphanumerics, dash (-) and underscore (_)."
        ),
    )
}

/// Observed.
pub(super) fn dashboard_no_json() -> Fault {
    let message = "The field DashboardBody must be a valid JSON object";
    Fault::refuse("InvalidParameterInput", message)
}

/// AWS's frame; of the messages in it, the ones about what is required were observed.
pub(super) fn dashboard_invalid(path: &str, message: &str) -> Fault {
    let message = format!(
        "The dashboard body is invalid, there are 1 validation errors: [ {{ \"dataPath\": \
         \"{path}\", \"message\": \"{message}\" }} ]"
    );
    Fault::refuse("InvalidParameterInput", message)
}

pub(super) fn bad_dashboards_token(_: InvalidToken) -> Fault {
    value("the token was not given by this listing")
}

pub(super) fn bad_tags(mistake: &TagMistake) -> Fault {
    value(mistake.to_string())
}
