//! Why a request is refused before any handler sees it.
//!
//! The reasons are finer than what AWS tells its callers: [`Refusal`] is for the log and for
//! tests, [`Refusal::fault`] groups it into AWS's codes and words, in one place.

pub(crate) mod cbor;
mod fault;
pub(crate) mod json;

use crate::sigv4;
use crate::validate::Violation;
use api::Service;
use std::fmt;

pub use cbor::CborTrouble;
pub use json::{Found, JsonTrouble, Place, Wanted};

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A request signed for a JSON service lacks `X-Amz-Target`.
    NoTarget,
    /// `X-Amz-Target`, or a path of CBOR's, names no service that is here.
    UnknownTarget {
        /// The header's value, or the path.
        target: String,
    },
    /// A request whose body is said to be of another media type than its protocol has.
    MediaType {
        /// What it is said to be.
        given: Option<String>,
    },
    /// A form lacks `Action`.
    NoAction,
    /// AWS's service has no such operation, or not in that version.
    UnknownAction {
        /// What was asked for.
        action: String,
        /// The version that a form named.
        version: Option<String>,
    },
    /// A form signed for a service that is not here.
    UnknownService {
        /// The service's signing name.
        name: String,
    },
    /// AWS has the operation, the local region does not.
    Unimplemented {
        /// The service.
        service: Service,
        /// The operation.
        operation: &'static str,
    },
    /// The body is longer than [`MAX_BODY`](crate::MAX_BODY).
    TooLarge,
    /// A JSON body can't be read.
    Json(JsonTrouble),
    /// A form can't be read.
    Form(FormTrouble),
    /// A CBOR body can't be read.
    Cbor(CborTrouble),
    /// No operation of a REST service is asked for with this method and path.
    NoRoute,
    /// A request of REST-XML can't be read.
    Rest(RestTrouble),
    /// A value does not meet its shape's constraints.
    Invalid {
        /// The service, which decides the words.
        service: Service,
        /// What is wrong, in the order of the shape's members.
        violations: Vec<Violation>,
    },
    /// The signature is missing, malformed or wrong.
    Signature(sigv4::Trouble),
}

/// Why a request of REST-XML can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RestTrouble {
    /// A header, a parameter or a part of the path is not of its kind.
    Kind {
        /// Its name.
        name: String,
        /// Its text.
        text: String,
    },
    /// The body is no XML, or none of the operation's.
    Document(String),
}

/// Why a form can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormTrouble {
    /// It is not UTF-8, or has a `%` without two hexadecimal digits.
    Encoding,
    /// It has more than [`MAX_PARAMETERS`](crate::limits::MAX_PARAMETERS) parameters, or a name of
    /// more than [`MAX_NAME_PARTS`](crate::limits::MAX_NAME_PARTS) parts.
    TooMuch,
    /// A parameter is not of its kind.
    Kind {
        /// The parameter's name.
        name: String,
        /// Its text; none where it must not be shown.
        text: Option<String>,
        /// What it should be.
        wanted: Wanted,
    },
    /// A list or map is addressed by something that is no index.
    Index {
        /// What stands in the index's place.
        token: String,
    },
    /// A list or map lacks the word that stands before its indexes (`member`, `entry`).
    Flat {
        /// The parameter's name.
        name: String,
    },
}

impl From<JsonTrouble> for Refusal {
    fn from(trouble: JsonTrouble) -> Self {
        Self::Json(trouble)
    }
}

impl From<FormTrouble> for Refusal {
    fn from(trouble: FormTrouble) -> Self {
        Self::Form(trouble)
    }
}

impl From<RestTrouble> for Refusal {
    fn from(trouble: RestTrouble) -> Self {
        Self::Rest(trouble)
    }
}

impl From<CborTrouble> for Refusal {
    fn from(trouble: CborTrouble) -> Self {
        Self::Cbor(trouble)
    }
}

impl From<sigv4::Trouble> for Refusal {
    fn from(trouble: sigv4::Trouble) -> Self {
        Self::Signature(trouble)
    }
}

/// For the log, in our words.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTarget => f.write_str("no operation: X-Amz-Target is missing"),
            Self::UnknownTarget { target } => write!(f, "unknown target `{target}`"),
            Self::MediaType { given } => {
                write!(
                    f,
                    "not a JSON request: content type is `{}`",
                    given.as_deref().unwrap_or("")
                )
            }
            Self::NoAction => f.write_str("no operation: the form has no Action"),
            Self::UnknownAction { action, version } => {
                write!(f, "unknown operation `{action}` of version {version:?}")
            }
            Self::UnknownService { name } => write!(f, "unknown service `{name}`"),
            Self::Unimplemented { service, operation } => {
                write!(f, "not implemented: {} {operation}", service.model().id)
            }
            Self::TooLarge => write!(f, "body too large: more than {} bytes", crate::MAX_BODY),
            Self::Json(trouble) => write!(f, "unreadable JSON: {trouble:?}"),
            Self::Form(trouble) => write!(f, "unreadable form: {trouble:?}"),
            Self::Cbor(trouble) => write!(f, "unreadable CBOR: {trouble:?}"),
            Self::NoRoute => f.write_str("no operation has this method and path"),
            Self::Rest(trouble) => write!(f, "unreadable request: {trouble:?}"),
            Self::Invalid { violations, .. } => {
                write!(f, "invalid input: {} violations", violations.len())
            }
            Self::Signature(trouble) => write!(f, "bad signature: {trouble:?}"),
        }
    }
}

impl std::error::Error for Refusal {}
