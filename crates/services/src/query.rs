//! Refusals of the services that speak Query: ELBv2, IAM, STS, SNS.
//!
//! Their models give each error a code and an HTTP status of its own; what a model can't say, such
//! as a value out of range, is `ValidationError` in all of them.

use api::{ErrorShape, Fault};

/// An error that the service's model declares.
pub(crate) fn declared(error: &'static ErrorShape, message: impl Into<String>) -> Fault {
    Fault::refuse(error.code, message).with_status(error.status)
}

/// A value that AWS doesn't take.
pub(crate) fn invalid(message: impl Into<String>) -> Fault {
    Fault::refuse("ValidationError", message)
}
