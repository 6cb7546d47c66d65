//! Names that the user chooses, and the names of AWS resources that are made of them.

use crate::kind::Format;
use crate::{Code, Diagnostic, TextSpan};

/// Names of target groups and load balancers end here (reference §4.1).
const AWS_LIMIT: usize = 32;

/// A blue/green deployment has a second target group, called as the first with `-2` behind it. Room
/// is kept for it in any case, so that a change of strategy renames nothing.
const TWIN_SUFFIX: &str = "-2";

/// What application, environment and service may have together, hyphens between them included.
const JOINED_LIMIT: usize = AWS_LIMIT - TWIN_SUFFIX.len();

/// The most that one of the three can have when the other two are a letter each.
const LONGEST: usize = JOINED_LIMIT - 4;

const RULE: &str =
    "be made of lower case letters, digits and hyphens, from a letter to a letter or digit";
const PATTERN: &str = "^[a-z]([a-z0-9-]*[a-z0-9])?$";

pub(crate) static APP: Format =
    Format::new("the application's name", RULE, PATTERN, LONGEST, "shop");
pub(crate) static SERVICE: Format =
    Format::new("the name of a service", RULE, PATTERN, LONGEST, "api");
pub(crate) static ENVIRONMENT: Format =
    Format::new("the name of an environment", RULE, PATTERN, LONGEST, "prod");

/// Containers are named as services are, since the service's own container bears its name.
pub(crate) static CONTAINER: Format =
    Format::new("the name of a container", RULE, PATTERN, LONGEST, "otel");

/// What a shell and every language can read.
pub(crate) static VARIABLE: Format = Format::new(
    "the name of a variable",
    "be made of letters, digits and `_`, and not begin with a digit",
    "^[A-Za-z_][A-Za-z0-9_]*$",
    255,
    "LOG_LEVEL",
);

/// A tag's key (reference §2.4).
pub(crate) static TAG: Format = Format::new(
    "a tag's key",
    "be made of letters, digits, spaces and `_.:/=+-@`",
    r"^[A-Za-z0-9 _.:/=+@-]+$",
    128,
    "cost-center",
);

/// The name of a service's target group, which is also the beginning of whatever else AWS names
/// after the service in one environment: `shop-prod-api`.
#[must_use]
pub fn resource_name(app: &str, environment: &str, service: &str) -> String {
    format!("{app}-{environment}-{service}")
}

/// Why no load balancer can bear the application's name in front of its own.
pub(crate) fn check_app(app: &str, span: TextSpan) -> Option<Diagnostic> {
    let message = "the application's name can't begin with `internal-`: AWS keeps that for \
                   itself in load balancers' names";
    app.starts_with("internal-").then(|| Diagnostic::new(Code::BadFormat, span, message))
}

/// Why a service's target group can't have its name.
pub(crate) fn check_joined(name: &str, span: TextSpan) -> Option<Diagnostic> {
    let over = name.len().checked_sub(JOINED_LIMIT).filter(|over| *over > 0)?;
    let message = format!(
        "the target group would be called `{name}`: with the `{TWIN_SUFFIX}` of its twin that is \
         {over} more than the {AWS_LIMIT} characters AWS allows"
    );
    let hint = format!(
        "application, environment and service have {JOINED_LIMIT} characters together, the two \
         hyphens included"
    );
    Some(Diagnostic::new(Code::NameTooLong, span, message).hint(hint))
}
