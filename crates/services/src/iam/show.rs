//! What IAM answers: roles as AWS shows them, and documents as AWS writes them.

use super::tagging;
use api::iam::{AttachedPermissionsBoundary, Role};
use model::Place;
use std::fmt::Write;
use world::Role as Row;

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
