//! Refusals of Certificate Manager. A text that was seen in an answer of AWS says so; the others
//! are ours.

use crate::page::InvalidToken;
use crate::tags::TagMistake;
use api::Fault;

/// A value that AWS doesn't take.
pub(super) fn invalid(message: impl Into<String>) -> Fault {
    Fault::refuse("ValidationException", message)
}

/// A parameter that AWS doesn't take.
pub(super) fn parameter(message: impl Into<String>) -> Fault {
    Fault::refuse("InvalidParameterException", message)
}

pub(super) fn bad_arn(arn: &str, prefix: &str) -> Fault {
    let message = format!("the ARN `{arn}` is no certificate's: it must begin with `{prefix}`");
    Fault::refuse("InvalidArnException", message)
}

/// Observed.
pub(super) fn missing(arn: &str) -> Fault {
    Fault::refuse("ResourceNotFoundException", format!("Could not find certificate {arn}."))
}

/// Observed.
pub(super) fn in_use(arn: &str, account: &str) -> Fault {
    let message = format!("Certificate {arn} in account {account} is in use.");
    Fault::refuse("ResourceInUseException", message)
}

/// The model's words.
pub(super) fn in_progress() -> Fault {
    let message = "The certificate request is in process and the certificate in your account has \
                   not yet been issued.";
    Fault::refuse("RequestInProgressException", message)
}

pub(super) fn too_many_names(most: usize) -> Fault {
    let message = format!("a certificate has at most {most} names");
    Fault::refuse("LimitExceededException", message)
}

pub(super) fn bad_validation(message: impl Into<String>) -> Fault {
    Fault::refuse("InvalidDomainValidationOptionsException", message)
}

pub(super) fn bad_token(_: InvalidToken) -> Fault {
    Fault::refuse("InvalidArgsException", "the token was not given by this listing")
}

pub(super) fn bad_tags(mistake: &TagMistake) -> Fault {
    let code = match mistake {
        TagMistake::TooMany { .. } => "TooManyTagsException",
        TagMistake::Duplicate(_) | TagMistake::Reserved(_) => "InvalidTagException",
    };
    Fault::refuse(code, mistake.to_string())
}
