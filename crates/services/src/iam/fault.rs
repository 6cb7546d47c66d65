//! IAM's refusals. Texts are AWS's as observed, unless a comment says otherwise.

use crate::page::InvalidToken;
use crate::query::{declared, invalid};
use crate::tags::TagMistake;
use api::Fault;
use api::iam::errors::*;

pub(super) fn no_role(name: &str) -> Fault {
    declared(&NO_SUCH_ENTITY_EXCEPTION, format!("The role with name {name} cannot be found."))
}

pub(super) fn no_inline_policy(name: &str) -> Fault {
    let message = format!("The role policy with name {name} cannot be found.");
    declared(&NO_SUCH_ENTITY_EXCEPTION, message)
}

pub(super) fn not_attachable(arn: &str) -> Fault {
    let message = format!("Policy {arn} does not exist or is not attachable.");
    declared(&NO_SUCH_ENTITY_EXCEPTION, message)
}

pub(super) fn not_attached(arn: &str) -> Fault {
    declared(&NO_SUCH_ENTITY_EXCEPTION, format!("Policy {arn} was not found."))
}

pub(super) fn no_policy(arn: &str) -> Fault {
    declared(&NO_SUCH_ENTITY_EXCEPTION, format!("Policy {arn} was not found."))
}

pub(super) fn no_version(arn: &str, version: &str) -> Fault {
    let message = format!("Policy {arn} version {version} does not exist or is not attachable.");
    declared(&NO_SUCH_ENTITY_EXCEPTION, message)
}

pub(super) fn no_user(name: &str) -> Fault {
    declared(&NO_SUCH_ENTITY_EXCEPTION, format!("The user with name {name} cannot be found."))
}

pub(super) fn no_such_group(name: &str) -> Fault {
    declared(&NO_SUCH_ENTITY_EXCEPTION, format!("The group with name {name} cannot be found."))
}

pub(super) fn policy_exists(name: &str) -> Fault {
    let message =
        format!("A policy called {name} already exists. Duplicate names are not allowed.");
    declared(&ENTITY_ALREADY_EXISTS_EXCEPTION, message)
}

pub(super) fn policy_attached() -> Fault {
    let message = "Cannot delete a policy attached to entities.";
    declared(&DELETE_CONFLICT_EXCEPTION, message)
}

pub(super) fn policy_has_versions() -> Fault {
    let message = "This policy has more than one version. Before you delete a policy, you must \
                   delete the policy's versions. The default version is deleted with the policy.";
    declared(&DELETE_CONFLICT_EXCEPTION, message)
}

pub(super) fn default_version() -> Fault {
    let message = "Cannot delete the default version of a policy.";
    declared(&DELETE_CONFLICT_EXCEPTION, message)
}

pub(super) fn too_many_versions(most: usize) -> Fault {
    let message = format!(
        "A managed policy can have up to {most} versions. Before you create a new version, you \
         must delete an existing version."
    );
    declared(&LIMIT_EXCEEDED_EXCEPTION, message)
}

pub(super) fn invalid_input(message: String) -> Fault {
    declared(&INVALID_INPUT_EXCEPTION, message)
}

pub(super) fn no_entity(arn: &str) -> Fault {
    let message =
        format!("Invalid Entity Arn: {arn} does not clearly define entity type and name.");
    declared(&INVALID_INPUT_EXCEPTION, message)
}

pub(super) fn bad_action(action: &str) -> Fault {
    // Text unverified.
    declared(&INVALID_INPUT_EXCEPTION, format!("Invalid Action Name: {action}"))
}

pub(super) fn not_simulated(member: &str) -> Fault {
    // Our own words: AWS takes it.
    let message = format!("{member} is not implemented by the local region's simulator");
    declared(&INVALID_INPUT_EXCEPTION, message)
}

pub(super) fn unknown_document(arn: &str) -> Fault {
    // Our own words: AWS knows what its policies say. 400, so that no SDK tries again.
    let message = format!(
        "the local region does not know what {arn} says: it can't say what follows from it"
    );
    declared(&POLICY_EVALUATION_EXCEPTION, message).with_status(400)
}

pub(super) fn role_exists(name: &str) -> Fault {
    declared(&ENTITY_ALREADY_EXISTS_EXCEPTION, format!("Role with name {name} already exists."))
}

pub(super) fn reserved_path() -> Fault {
    let message =
        "Paths beginning with '/aws-service-role' are reserved for AWS Service Linked Roles";
    declared(&INVALID_INPUT_EXCEPTION, message)
}

pub(super) fn no_policy_arn(arn: &str) -> Fault {
    declared(&INVALID_INPUT_EXCEPTION, format!("ARN {arn} is not valid."))
}

pub(super) fn malformed(mistake: String) -> Fault {
    declared(&MALFORMED_POLICY_DOCUMENT_EXCEPTION, mistake)
}

pub(super) fn has_inline_policies() -> Fault {
    let message = "Cannot delete entity, must delete policies first.";
    declared(&DELETE_CONFLICT_EXCEPTION, message)
}

pub(super) fn has_attached_policies() -> Fault {
    let message = "Cannot delete entity, must detach all policies first.";
    declared(&DELETE_CONFLICT_EXCEPTION, message)
}

pub(super) fn too_many(quota: &str, most: usize) -> Fault {
    let message = format!("Cannot exceed quota for {quota}: {most}");
    declared(&LIMIT_EXCEEDED_EXCEPTION, message)
}

pub(super) fn inline_policies_too_long(role: &str, most: usize) -> Fault {
    let message = format!("Maximum policy size of {most} bytes exceeded for role {role}");
    declared(&LIMIT_EXCEEDED_EXCEPTION, message)
}

pub(super) fn bad_marker(_: InvalidToken) -> Fault {
    // Text as moto has it.
    invalid("Invalid Marker.")
}

pub(super) fn bad_tags(mistake: TagMistake) -> Fault {
    match mistake {
        // Text as moto has it.
        TagMistake::Duplicate(_) => declared(
            &INVALID_INPUT_EXCEPTION,
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ),
        // Texts unverified.
        TagMistake::Reserved(_) => declared(&INVALID_INPUT_EXCEPTION, mistake.to_string()),
        TagMistake::TooMany { most, .. } => too_many("TagsPerRole", most),
    }
}
