//! What a client is told when a call can't be done.

use std::fmt;

/// An error that an AWS client must see: a code exactly as AWS spells it, and a message as AWS
/// words it where a source is known (reference/ecs.md §2.5, §3.13, §4.14).
///
/// One type serves every service: the code is what clients match on, and a test holds each code
/// that a handler can give against the errors that AWS's model declares for the operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// JSON's `__type` or Query's `Code`.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong; never a secret.
    pub message: String,
    /// Members beside the message that the error's shape has, such as `resourceIds`.
    pub details: Vec<(&'static str, Vec<String>)>,
}

impl Fault {
    /// A refusal: the client's request is at fault (status 400).
    #[must_use]
    pub fn refuse(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, status: 400, message: message.into(), details: Vec::new() }
    }

    /// A failure: the service is at fault (status 500). The message says nothing of the inside.
    #[must_use]
    pub fn internal() -> Self {
        Self {
            code: "InternalFailure",
            status: 500,
            message: "The request processing has failed because of an unknown error, exception or failure."
                .to_owned(),
            details: Vec::new(),
        }
    }

    /// The same fault with another HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same fault with one more member.
    #[must_use]
    pub fn with_detail(mut self, name: &'static str, values: Vec<String>) -> Self {
        self.details.push((name, values));
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Fault {}
