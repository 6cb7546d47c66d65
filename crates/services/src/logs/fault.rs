//! Refusals of CloudWatch Logs. Where a text was seen in an answer of AWS, it says so; the others
//! are ours.

use crate::page::InvalidToken;
use crate::{LogsUnreadable, tags::TagMistake};
use api::Fault;

/// A parameter that AWS doesn't take.
pub(super) fn invalid(message: impl Into<String>) -> Fault {
    Fault::refuse("InvalidParameterException", message)
}

/// The group is not there. Observed (reference §6.3).
pub(super) fn no_group() -> Fault {
    Fault::refuse("ResourceNotFoundException", "The specified log group does not exist.")
}

/// The stream is not there. Observed in 2026.
pub(super) fn no_stream() -> Fault {
    Fault::refuse("ResourceNotFoundException", "The specified log stream does not exist.")
}

/// The group is there already. Observed in 2026.
pub(super) fn group_exists() -> Fault {
    exists("The specified log group already exists")
}

/// The stream is there already. Observed in 2026.
pub(super) fn stream_exists() -> Fault {
    exists("The specified log stream already exists")
}

/// A token that no page gave. Observed in 2026.
pub(super) fn invalid_token() -> Fault {
    invalid("The specified nextToken is invalid.")
}

/// The store of events is out of order. The text is unverified.
pub(super) fn unavailable() -> Fault {
    Fault::refuse("ServiceUnavailableException", "The service cannot complete the request.")
        .with_status(500)
}

/// The group may not be deleted. The text is unverified.
pub(super) fn protected() -> Fault {
    Fault::refuse(
        "ValidationException",
        "The log group cannot be deleted because deletion protection is enabled.",
    )
}

/// Both a group's name and its identifier are given. Observed in 2026.
pub(super) fn name_and_identifier() -> Fault {
    Fault::refuse(
        "ValidationException",
        "LogGroup name and LogGroup ARN are mutually exclusive parameters.",
    )
}

fn exists(message: &str) -> Fault {
    Fault::refuse("ResourceAlreadyExistsException", message)
}

impl From<LogsUnreadable> for Fault {
    fn from(_: LogsUnreadable) -> Self {
        unavailable()
    }
}

/// Whatever listing of this service got a token of another one.
pub(super) fn token(_: InvalidToken) -> Fault {
    invalid_token()
}

/// Tags that AWS doesn't take, where there is no code of their own. The texts are ours.
pub(super) fn tags(mistake: TagMistake) -> Fault {
    invalid(mistake.to_string())
}
