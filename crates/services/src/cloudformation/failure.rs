//! Why a resource can't be made, changed or removed, as a stack's events tell it.

use api::{Fault, Operation};
use model::Ids;
use template::{Mistake, Trouble};

/// Why a resource's operation did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// An operation of the region refused it.
    Refused {
        /// What it said, with the service and the status.
        message: String,
        /// CloudFormation's code for it.
        code: &'static str,
    },
    /// The resource's type refuses it, in a whole sentence.
    Said(String),
}

/// Parts of the codes with which services say that something is not there.
const MISSING: [&str; 5] = ["NotFound", "NoSuch", "NotActive", "DoesNotExist", "ParameterNotFound"];
/// Parts of those with which they say that something else still needs it.
const BUSY: [&str; 6] =
    ["InUse", "Contains", "DependencyViolation", "DeleteConflict", "Conflict", "OperationAborted"];

// === impl Failure ===

impl Failure {
    /// A refusal of an operation.
    pub(crate) fn refused(operation: &Operation, fault: &Fault, ids: &mut Ids) -> Self {
        let Fault { status, message, code, .. } = fault;
        let service = operation.service.model().id;
        let request = ids.uuid();
        let message =
            format!("{message} (Service: {service}, Status Code: {status}, Request ID: {request})");
        Self::Refused { message, code: code_of(code, *status) }
    }

    /// A failure that the type's own handler tells.
    pub(crate) fn handler(code: &'static str, message: impl Into<String>) -> Self {
        Self::Refused { message: message.into(), code }
    }

    /// Properties that are not the type's.
    pub(crate) fn properties(logical: &str, what: &str) -> Self {
        Self::Said(format!(
            "Properties validation failed for resource {logical} with message:\n{what}"
        ))
    }

    /// Whether what was asked for is not there.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Refused { code: "NotFound", .. })
    }

    /// Whether something else still needs it, so that it may work later.
    pub(crate) fn is_busy(&self) -> bool {
        matches!(self, Self::Refused { code: "ResourceConflict", .. })
    }

    /// The reason as an event tells it.
    pub(crate) fn reason(&self, ids: &mut Ids) -> String {
        match self {
            Self::Refused { message, code } => format!(
                "Resource handler returned message: \"{message}\" (RequestToken: {}, HandlerErrorCode: {code})",
                ids.uuid()
            ),
            Self::Said(text) => text.clone(),
        }
    }
}

/// CloudFormation's code for a service's.
fn code_of(code: &str, status: u16) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| code.contains(word));
    match status {
        500.. => "ServiceInternalError",
        _ if has(&MISSING) => "NotFound",
        _ if has(&["AlreadyExists", "Duplicate", "EntityAlreadyExists"]) => "AlreadyExists",
        _ if has(&BUSY) => "ResourceConflict",
        _ if has(&["LimitExceeded", "TooMany"]) => "ServiceLimitExceeded",
        _ => "InvalidRequest",
    }
}

impl From<Mistake> for Failure {
    fn from(mistake: Mistake) -> Self {
        Self::Said(mistake.to_string())
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Mistake(mistake) => mistake.into(),
            Trouble::Later => Self::Said("A resource that it refers to is not there.".to_owned()),
        }
    }
}
