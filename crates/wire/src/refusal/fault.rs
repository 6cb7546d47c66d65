//! What AWS says to each reason for a refusal: the one place that knows.
//!
//! Sources: STS and Kinesis were measured against AWS by others and their findings published; the
//! rest is AWS's list of common errors. What is only likely is marked.

use super::{FormTrouble, JsonTrouble, Refusal, RestTrouble, Wanted};
use crate::target::Dialect;
use crate::validate::{self, Violation};
use api::{Fault, Protocol, Service};

/// Where a caller learns what the local region has.
const HINT: &str = "`neargate region operations` lists what is there";

impl Refusal {
    /// The refusal as the request's protocol and service word it. An empty message means that AWS
    /// gives none.
    #[must_use]
    pub fn fault(&self, dialect: Dialect) -> Fault {
        match self {
            Self::NoTarget => Fault::refuse("UnknownOperationException", ""),
            Self::UnknownTarget { target } => unknown_target(dialect, target),
            Self::MediaType { given } => media_type(dialect, given.as_deref()),
            Self::NoAction => no_action(),
            Self::UnknownAction { action, version } => {
                unknown_action(dialect, action, version.as_deref())
            }
            Self::UnknownService { name } => unknown_service(dialect, name),
            Self::Unimplemented { service, operation } => {
                unimplemented(dialect, *service, operation)
            }
            Self::TooLarge => too_large(),
            Self::Json(trouble) => json(*trouble, dialect),
            Self::Form(trouble) => form(trouble, dialect),
            Self::Cbor(trouble) => Fault::refuse("SerializationException", trouble.to_string()),
            // S3's words.
            Self::NoRoute => Fault::refuse(
                "MethodNotAllowed",
                "The specified method is not allowed against this resource.",
            )
            .with_status(405),
            Self::Rest(trouble) => rest(trouble),
            Self::Invalid { service, violations } => invalid(*service, violations),
            Self::Signature(trouble) => trouble.fault(dialect),
        }
    }
}

/// Refuses an operation with the code that each protocol has for one it does not know. Both are
/// client errors, which no SDK tries again.
fn no_operation(protocol: Protocol, message: impl Into<String>) -> Fault {
    let code = match protocol {
        Protocol::Json11 | Protocol::Json10 | Protocol::Cbor => "UnknownOperationException",
        Protocol::Query | Protocol::Ec2 => "InvalidAction",
        // S3's code and status.
        Protocol::RestXml => return Fault::refuse("NotImplemented", message).with_status(501),
    };
    Fault::refuse(code, message)
}

fn unknown_target(dialect: Dialect, target: &str) -> Fault {
    let message =
        format!("no service of the local region answers to the target `{target}`; {HINT}");
    no_operation(dialect.protocol, message)
}

/// AWS answers 404 and one XML element, `<UnknownOperationException/>`; ours adds the reason.
fn media_type(dialect: Dialect, given: Option<&str>) -> Fault {
    let given = given.unwrap_or("missing");
    let expected = match dialect.protocol {
        Protocol::Cbor => "application/cbor",
        Protocol::Json10 => "application/x-amz-json-1.0",
        _ => "application/x-amz-json-1.1",
    };
    let message = format!("the content type is `{given}`, not `{expected}`");
    no_operation(dialect.protocol, message).with_status(404)
}

/// STS redirects such callers to AWS's web site; a local region has none, so it answers what AWS's
/// list of common errors says.
fn no_action() -> Fault {
    let message = "The request is missing an action or a required parameter.";
    Fault::refuse("MissingAction", message)
}

fn unknown_action(dialect: Dialect, action: &str, version: Option<&str>) -> Fault {
    let message = match dialect.protocol {
        // Kinesis gives no message.
        Protocol::Json11 | Protocol::Json10 | Protocol::Cbor | Protocol::RestXml => String::new(),
        Protocol::Query => {
            let version = version.unwrap_or("NO_VERSION_SPECIFIED");
            format!("Could not find operation {action} for version {version}")
        }
        Protocol::Ec2 => format!("The action {action} is not valid for this web service."),
    };
    no_operation(dialect.protocol, message)
}

fn unknown_service(dialect: Dialect, name: &str) -> Fault {
    let message = format!("the local region has no service `{name}`; {HINT}");
    no_operation(dialect.protocol, message)
}

fn unimplemented(dialect: Dialect, service: Service, operation: &str) -> Fault {
    let model = service.model();
    let message = format!(
        "{} {operation} exists at AWS, but the local region does not implement it; {HINT}",
        model.id
    );
    no_operation(dialect.protocol, message)
}

/// The code is likely, not verified; the status is what Kinesis was seen to answer.
fn too_large() -> Fault {
    let message = format!("the request body is longer than {} bytes", crate::MAX_BODY);
    Fault::refuse("RequestEntityTooLarge", message).with_status(413)
}

fn json(trouble: JsonTrouble, dialect: Dialect) -> Fault {
    let message = trouble.text(dialect.service).unwrap_or_default();
    Fault::refuse("SerializationException", message)
}

/// S3's codes; its words for a document, the text of the other is likely.
fn rest(trouble: &RestTrouble) -> Fault {
    match trouble {
        RestTrouble::Document(_) => Fault::refuse(
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema",
        ),
        RestTrouble::Kind { name, text } => {
            let fault = Fault::refuse("InvalidArgument", format!("Invalid value for {name}"));
            let detail = |text: &str| vec![text.to_owned()];
            fault
                .with_detail("ArgumentName", detail(name))
                .with_detail("ArgumentValue", detail(text))
        }
    }
}

fn form(trouble: &FormTrouble, dialect: Dialect) -> Fault {
    let ec2 = dialect.protocol == Protocol::Ec2;
    match trouble {
        FormTrouble::Encoding => {
            let message = "The query string contains a syntax error.";
            Fault::refuse("MalformedQueryString", message).with_status(404)
        }
        FormTrouble::TooMuch => Fault::refuse(
            "MalformedQueryString",
            "The query string has too many parameters, or a parameter name of too many parts.",
        ),
        // EC2's words are likely, not verified.
        FormTrouble::Kind { name, text, .. } if ec2 => {
            let text = text.as_deref().unwrap_or_default();
            let name = with_small_letter(name);
            let message = format!("Value ({text}) for parameter {name} is invalid.");
            Fault::refuse("InvalidParameterValue", message)
        }
        FormTrouble::Kind { text, wanted, .. } => {
            Fault::refuse("MalformedInput", scalar_text(text.as_deref(), *wanted))
        }
        FormTrouble::Index { token } => Fault::refuse("MalformedInput", index_text(token)),
        FormTrouble::Flat { .. } => {
            Fault::refuse("MalformedInput", "Top level element may not be treated as a list")
        }
    }
}

/// EC2 writes parameters with a small first letter in its messages.
fn with_small_letter(name: &str) -> String {
    let mut name = name.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    name
}

/// What Query services say of a scalar, as seen of STS and SES. Of a number that is none they say
/// nothing at all.
fn scalar_text(text: Option<&str>, wanted: Wanted) -> String {
    let empty = text == Some("");
    match wanted {
        Wanted::Integer | Wanted::Long | Wanted::Double if empty => {
            "missing value for decimal type".to_owned()
        }
        Wanted::Boolean if empty => "missing value for boolean type".to_owned(),
        Wanted::Boolean => "boolean must follow xsd1.1 definition".to_owned(),
        Wanted::Timestamp => "timestamp must follow ISO8601".to_owned(),
        _ => String::new(),
    }
}

/// As SES was seen to answer.
fn index_text(token: &str) -> String {
    if token == "0" {
        return "0 is not a valid index".to_owned();
    }
    "Start of list found where not expected".to_owned()
}

fn invalid(service: Service, violations: &[Violation]) -> Fault {
    let (code, message) = validate::words::refusal(service, violations);
    Fault::refuse(code, message)
}
