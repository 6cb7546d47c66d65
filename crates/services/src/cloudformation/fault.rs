//! CloudFormation's refusals. Texts are AWS's as observed, unless a comment says otherwise.

use crate::query::{declared, invalid};
use api::Fault;
use api::cloudformation::errors::*;
use template::{Mistake, Trouble};

/// What is wrong with a template or its parameters.
pub(super) fn mistake(mistake: &Mistake) -> Fault {
    invalid(mistake.to_string())
}

/// A value of a template that can't be evaluated when it is given.
pub(super) fn trouble(trouble: Trouble) -> Fault {
    match trouble {
        Trouble::Mistake(mistake) => invalid(mistake.to_string()),
        Trouble::Later => {
            invalid("Template error: a value depends on a resource that is not there")
        }
    }
}

pub(super) fn no_stack(name: &str) -> Fault {
    invalid(format!("Stack with id {name} does not exist"))
}

/// The operations that change a stack tell it so.
pub(super) fn no_such_stack(name: &str) -> Fault {
    invalid(format!("Stack [{name}] does not exist"))
}

pub(super) fn exists(name: &str) -> Fault {
    declared(&ALREADY_EXISTS_EXCEPTION, format!("Stack [{name}] already exists"))
}

pub(super) fn bad_name(name: &str) -> Fault {
    invalid(format!(
        "1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
    ))
}

pub(super) fn wrong_state(arn: &str, status: &str) -> Fault {
    invalid(format!("Stack:{arn} is in {status} state and can not be updated."))
}

pub(super) fn not_for_drift(arn: &str, status: &str) -> Fault {
    // Text likely.
    invalid(format!("Drift detection cannot be performed on stack [{arn}] in {status} state"))
}

pub(super) fn no_detection(id: &str) -> Fault {
    // Text likely.
    invalid(format!("Stack drift detection {id} does not exist"))
}

pub(super) fn no_updates() -> Fault {
    invalid("No updates are to be performed.")
}

pub(super) fn protected(name: &str) -> Fault {
    invalid(format!("Stack [{name}] cannot be deleted while TerminationProtection is enabled"))
}

pub(super) fn no_capability(missing: &[&str]) -> Fault {
    let message = format!("Requires capabilities : [{}]", missing.join(", "));
    declared(&INSUFFICIENT_CAPABILITIES_EXCEPTION, message)
}

pub(super) fn no_template() -> Fault {
    invalid("Either Template URL or Template Body must be specified.")
}

pub(super) fn template_twice() -> Fault {
    invalid("Both Template URL and Template Body are specified. Only one is allowed.")
}

pub(super) fn long_template(text: &str) -> Fault {
    let start: String = text.chars().take(40).collect();
    invalid(format!(
        "1 validation error detected: Value '{start}...' at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200"
    ))
}

pub(super) fn no_url(url: &str) -> Fault {
    invalid(format!(
        "TemplateURL must reference a valid S3 object to which you have access. ({url})"
    ))
}

/// What AWS has and the region has not. Our own words.
pub(super) fn not_implemented(what: &str) -> Fault {
    invalid(format!("the local region does not implement {what}"))
}

pub(super) fn no_previous(key: &str) -> Fault {
    invalid(format!(
        "Invalid input for parameter key {key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template"
    ))
}

pub(super) fn unknown_types(names: &[&str]) -> Fault {
    invalid(format!("Template format error: Unrecognized resource types: [{}]", names.join(", ")))
}

pub(super) fn no_attribute(resource: &str, attribute: &str) -> Fault {
    invalid(format!(
        "Template error: resource {resource} does not support attribute type {attribute} in Fn::GetAtt"
    ))
}

pub(super) fn other_type(names: &[&str]) -> Fault {
    invalid(format!(
        "Update of resource type is not permitted. The new template modifies resource type of the following resources: [{}]",
        names.join(", ")
    ))
}

pub(super) fn no_change_set(name: &str) -> Fault {
    let message = format!("ChangeSet [{name}] does not exist");
    declared(&CHANGE_SET_NOT_FOUND_EXCEPTION, message)
}

pub(super) fn change_set_exists(name: &str) -> Fault {
    declared(&ALREADY_EXISTS_EXCEPTION, format!("ChangeSet [{name}] already exists"))
}

pub(super) fn not_executable(arn: &str, status: &str) -> Fault {
    let message =
        format!("ChangeSet [{arn}] cannot be executed in its current status of [{status}]");
    declared(&INVALID_CHANGE_SET_STATUS_EXCEPTION, message)
}

pub(super) fn stack_needed() -> Fault {
    invalid("StackName must be specified if ChangeSetName is not specified as an ARN.")
}

pub(super) fn no_resource(logical: &str, stack: &str) -> Fault {
    invalid(format!("Resource {logical} does not exist for stack {stack}"))
}

pub(super) fn bad_token() -> Fault {
    // Text unverified.
    invalid("Invalid pagination token")
}

pub(super) fn bad_tags(why: impl std::fmt::Display) -> Fault {
    invalid(why.to_string())
}

pub(super) fn retained_too_early() -> Fault {
    invalid(
        "Invalid operation on stack. Only stacks in the DELETE_FAILED state can specify the RetainResources option.",
    )
}

pub(super) fn export_in_use(name: &str, stack: &str) -> Fault {
    invalid(format!("Export {name} cannot be deleted as it is in use by {stack}"))
}

pub(super) fn can_not(what: &str, arn: &str, status: &str) -> Fault {
    invalid(format!("{what} cannot be called from current stack status: {status} of {arn}"))
}

pub(super) fn no_export(name: &str) -> Fault {
    invalid(format!("Export '{name}' is not imported by any stack."))
}

pub(super) fn no_events(name: &str) -> Fault {
    invalid(format!("Stack [{name}] does not exist"))
}

pub(super) fn no_such_named_stack(name: &str) -> Fault {
    invalid(format!("Stack '{name}' does not exist"))
}

pub(super) fn no_stack_of(physical: &str) -> Fault {
    invalid(format!("Stack for {physical} does not exist"))
}

pub(super) fn no_name() -> Fault {
    invalid("At least one of StackName and PhysicalResourceId must be specified.")
}

pub(super) fn exists_for_creation(name: &str) -> Fault {
    invalid(format!(
        "Stack [{name}] already exists and cannot be created again with the changeSet [CREATE]"
    ))
}
