//! Refusals of Secrets Manager. A text that was seen in an answer of AWS says so; what is moto's is
//! second-hand; the others are ours.

use crate::page::InvalidToken;
use api::Fault;

/// A parameter that AWS doesn't take.
pub(super) fn parameter(message: impl Into<String>) -> Fault {
    Fault::refuse("InvalidParameterException", message)
}

/// A request that AWS doesn't take, or not in the secret's state.
pub(super) fn request(message: impl Into<String>) -> Fault {
    Fault::refuse("InvalidRequestException", message)
}

/// The secret is not there. Observed (reference §6.1).
pub(super) fn no_secret() -> Fault {
    missing("Secrets Manager can't find the specified secret.")
}

/// The secret has no such version. Observed in 2024, with `staging label` and with `VersionId`.
pub(super) fn no_value(kind: &str, which: &str) -> Fault {
    missing(format!("Secrets Manager can't find the specified secret value for {kind}: {which}"))
}

/// The secret is on its way out. Observed in 2026.
pub(super) fn deleted() -> Fault {
    request("You can't perform this operation on the secret because it was marked for deletion.")
}

/// A secret of this name is there. Observed in 2022.
pub(super) fn exists(name: &str) -> Fault {
    Fault::refuse(
        "ResourceExistsException",
        format!("The operation failed because the secret {name} already exists."),
    )
}

/// A version of this id is there, with another value. Second-hand: moto's.
pub(super) fn token_used(token: &str, arn: &str) -> Fault {
    Fault::refuse(
        "ResourceExistsException",
        format!(
            "You can't use ClientRequestToken {token} because that value is already in use for a \
             version of secret {arn}."
        ),
    )
}

/// A token that the listing didn't give. The text is unverified.
pub(super) fn token(_: InvalidToken) -> Fault {
    Fault::refuse("InvalidNextTokenException", "The NextToken value is invalid.")
}

fn missing(message: impl Into<String>) -> Fault {
    Fault::refuse("ResourceNotFoundException", message)
}
