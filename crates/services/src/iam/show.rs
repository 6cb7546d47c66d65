//! What IAM answers: roles as AWS shows them, and documents as AWS writes them.

use super::amazon::AmazonPolicy;
use super::{tagging, usage};
use api::iam::{AttachedPermissionsBoundary, Policy, Role};
use model::Place;
use std::fmt::Write;
use world::{ManagedPolicy, Role as Row, World};

/// A role in full. Listings leave some of it out.
pub(super) fn role(role: &Row, place: &Place) -> Role {
    let boundary = |arn: String| AttachedPermissionsBoundary {
        // The enumeration's one word is `PermissionsBoundaryPolicy`, AWS answers `Policy`.
        permissions_boundary_type: Some("Policy".to_owned()),
        permissions_boundary_arn: Some(arn),
    };
    Role {
        path: role.path.clone(),
        role_name: role.name.to_string(),
        role_id: role.id.clone(),
        arn: place.role_arn(&role.path, &role.name),
        create_date: role.created_at,
        assume_role_policy_document: Some(document(&role.trust_policy)),
        description: role.description.clone(),
        max_session_duration: i32::try_from(role.max_session).ok(),
        permissions_boundary: role.boundary.clone().map(boundary),
        tags: Some(tagging::show(&role.tags)).filter(|tags| !tags.is_empty()),
        ..Role::default()
    }
}

/// A managed policy of the account, in full. Listings leave some of it out.
pub(super) fn policy(policy: &ManagedPolicy, world: &World) -> Policy {
    let (attached, bound) = usage::count(world, policy.arn.as_str());
    Policy {
        policy_name: Some(policy.name.clone()),
        policy_id: Some(policy.id.clone()),
        arn: Some(policy.arn.to_string()),
        path: Some(policy.path.clone()),
        default_version_id: Some(format!("v{}", policy.default_version)),
        attachment_count: Some(attached),
        permissions_boundary_usage_count: Some(bound),
        is_attachable: Some(true),
        description: policy.description.clone(),
        create_date: Some(policy.created_at),
        update_date: Some(policy.updated_at),
        tags: Some(tagging::show(&policy.tags)).filter(|tags| !tags.is_empty()),
    }
}

/// A managed policy of AWS's. Its id is not known here.
pub(super) fn amazon(policy: &AmazonPolicy, world: &World) -> Policy {
    let arn = policy.arn();
    let (attached, bound) = usage::count(world, &arn);
    Policy {
        policy_name: Some(policy.name.to_owned()),
        arn: Some(arn),
        path: Some(policy.path.to_owned()),
        default_version_id: Some(format!("v{}", policy.version)),
        attachment_count: Some(attached),
        permissions_boundary_usage_count: Some(bound),
        is_attachable: Some(true),
        create_date: Some(policy.created_at),
        update_date: Some(policy.updated_at),
        ..Policy::default()
    }
}

/// A policy document as IAM answers it: percent-encoded as RFC 3986 says.
pub(super) fn document(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("a String takes every write");
        }
    }
    encoded
}
