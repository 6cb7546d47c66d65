//! Refusals of Parameter Store. A text that was seen in an answer of AWS, or in its documentation,
//! says so; what is moto's is second-hand; the others are ours.

use crate::page::InvalidToken;
use api::Fault;

/// A request that AWS doesn't take.
pub(super) fn invalid(message: impl Into<String>) -> Fault {
    Fault::refuse("ValidationException", message)
}

/// The parameter is not there. AWS's message is empty; moto's is of use to people.
pub(super) fn not_found(name: &str) -> Fault {
    Fault::refuse("ParameterNotFound", format!("Parameter {name} not found."))
}

/// The parameter is there, but not with this version or label. The text is moto's.
pub(super) fn no_version(name: &str, selector: &str) -> Fault {
    Fault::refuse(
        "ParameterVersionNotFound",
        format!(
            "Systems Manager could not find version {selector} of {name}. Verify the version and \
             try again."
        ),
    )
}

/// The parameter is there already. Observed.
pub(super) fn exists() -> Fault {
    Fault::refuse(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the \
         request to true.",
    )
}

/// A token that the listing didn't give. The text is the model's documentation.
pub(super) fn token(_: InvalidToken) -> Fault {
    Fault::refuse("InvalidNextToken", "The specified token isn't valid.")
}

/// What is tagged is not there. The text is the model's documentation.
pub(super) fn no_resource() -> Fault {
    Fault::refuse(
        "InvalidResourceId",
        "The resource ID isn't valid. Verify that you entered the correct ID and try again.",
    )
}
