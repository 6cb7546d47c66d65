//! AWS's words for violations, and which service uses which.

use super::{Constraint, Shown, Violation};
use api::Service;

/// How a service answers a violation.
struct Manner {
    /// The error's code.
    code: &'static str,
    /// How much it shows of the value.
    echo: Echo,
}

/// What a service shows of a value. AWS has been taking the values out of these messages, service
/// by service; words that are not of an enumeration are still shown everywhere.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Echo {
    /// `Value 'x' at`, `Value null at`.
    All,
    /// `Value at`, `Value null at`.
    Null,
    /// `Value at`, for a missing value too.
    Nothing,
}

/// The table. What was not seen of the service itself is marked with *likely*.
fn manner(service: Service) -> Manner {
    let (code, echo) = match service {
        // Likely: ECS words nearly all of its checks itself, under this code (reference §3.13).
        Service::Ecs => ("InvalidParameterException", Echo::All),
        Service::Logs => ("InvalidParameterException", Echo::Null),
        // The values of Systems Manager that were seen missing were sensitive; the rest is likely.
        Service::Ssm => ("ValidationException", Echo::All),
        Service::SecretsManager => ("ValidationException", Echo::Null),
        // Reference §4.14.
        Service::Elbv2 => ("ValidationError", Echo::All),
        Service::Sts => ("ValidationError", Echo::All),
        Service::Iam => ("ValidationError", Echo::Nothing),
        // EC2 has words of its own, below.
        Service::Ec2 => ("InvalidParameterValue", Echo::All),
        Service::Acm => ("ValidationException", Echo::All),
        // Seen of `stateValue` and, with the value, of `period`.
        Service::CloudWatch => ("ValidationError", Echo::All),
        // Likely: its code is the one that its own checks have.
        Service::Ecr => ("InvalidParameterException", Echo::All),
        // Seen of `topicName`.
        Service::Sns => ("ValidationError", Echo::All),
        Service::CloudFormation => ("ValidationError", Echo::All),
        // Reference §5.1.
        Service::AutoScaling => ("ValidationException", Echo::All),
        // Of headers and parameters; documents are told of below. The text is likely.
        Service::S3 => ("InvalidArgument", Echo::All),
        // Likely: its code is the one that its own checks have.
        Service::Budgets => ("InvalidParameterException", Echo::All),
        Service::ServiceQuotas => ("IllegalArgumentException", Echo::All),
        // As seen in public reports, of documents too.
        Service::CloudFront => ("MalformedXML", Echo::All),
    };
    Manner { code, echo }
}

/// The code and message of a refusal for these violations.
pub(crate) fn refusal(service: Service, violations: &[Violation]) -> (&'static str, String) {
    if service == Service::Ec2 {
        return ec2_refusal(violations);
    }
    // What lies in a document has a path of several parts.
    let in_document = |violation: &Violation| violation.path.contains('.');
    if service == Service::S3 && violations.iter().any(in_document) {
        let text = "The XML you provided was not well-formed or did not validate against our published schema";
        return ("MalformedXML", text.to_owned());
    }
    let Manner { code, echo } = manner(service);
    let count = violations.len();
    let plural = if count == 1 { "" } else { "s" };
    let sentences: Vec<String> =
        violations.iter().map(|violation| sentence(violation, echo)).collect();
    (code, format!("{count} validation error{plural} detected: {}", sentences.join("; ")))
}

fn sentence(violation: &Violation, echo: Echo) -> String {
    let Violation { path, shown, constraint } = violation;
    let is_word = words(constraint);
    let value = match shown {
        Shown::Null if echo != Echo::Nothing => "Value null".to_owned(),
        Shown::Text(text) if echo == Echo::All || is_word => format!("Value '{text}'"),
        Shown::Null | Shown::Text(_) | Shown::Hidden => "Value".to_owned(),
    };
    let demand = demand(constraint);
    format!("{value} at '{path}' failed to satisfy constraint: {demand}")
}

/// Whether the constraint is an enumeration, of the value or of its elements.
fn words(constraint: &Constraint) -> bool {
    match constraint {
        Constraint::Words(_) => true,
        Constraint::Elements(inner) => inner.iter().any(words),
        _ => false,
    }
}

fn demand(constraint: &Constraint) -> String {
    match constraint {
        Constraint::NotNull => "Member must not be null".to_owned(),
        Constraint::Words(words) => {
            format!("Member must satisfy enum value set: [{}]", words.join(", "))
        }
        Constraint::Pattern(source) => {
            format!("Member must satisfy regular expression pattern: {source}")
        }
        Constraint::MinLength(least) => {
            format!("Member must have length greater than or equal to {least}")
        }
        Constraint::MaxLength(most) => {
            format!("Member must have length less than or equal to {most}")
        }
        Constraint::MinValue(least) => {
            format!("Member must have value greater than or equal to {least}")
        }
        Constraint::MaxValue(most) => {
            format!("Member must have value less than or equal to {most}")
        }
        Constraint::Elements(inner) => format!("Member must satisfy constraint: [{}]", all(inner)),
        Constraint::Keys(inner) => format!("Map keys must satisfy constraint: [{}]", all(inner)),
        Constraint::Values(inner) => format!("Map value must satisfy constraint: [{}]", all(inner)),
    }
}

fn all(constraints: &[Constraint]) -> String {
    constraints.iter().map(demand).collect::<Vec<_>>().join(", ")
}

/// EC2 tells of the first violation only, in words of its own: those for a missing parameter and
/// for numbers were seen in public reports, the rest is likely.
fn ec2_refusal(violations: &[Violation]) -> (&'static str, String) {
    let code = manner(Service::Ec2).code;
    let Some(Violation { path, shown, constraint }) = violations.first() else {
        return (code, String::new());
    };
    let value = match shown {
        Shown::Text(text) => text.as_str(),
        Shown::Null | Shown::Hidden => "",
    };
    match constraint {
        Constraint::NotNull => {
            ("MissingParameter", format!("The request must contain the parameter {path}"))
        }
        Constraint::MinValue(least) => (
            code,
            format!(
                "Value ( {value} ) for parameter {path} is invalid. Expecting a value greater than {least}."
            ),
        ),
        Constraint::MaxValue(most) => (
            code,
            format!(
                "Value ( {value} ) for parameter {path} is invalid. Expecting a value less than {most}."
            ),
        ),
        _ => (code, format!("Value ({value}) for parameter {path} is invalid.")),
    }
}
