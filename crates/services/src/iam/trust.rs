//! Who may assume a role.

use super::{fault, find};
use crate::{Cx, policy};
use api::Fault;
use api::iam::UpdateAssumeRolePolicyRequest;
use api::value::Nothing;
use model::Ids;
use world::Draft;

/// The most characters of a trust policy, white space excepted: AWS's quota as it is by default.
const MOST: usize = 2048;

/// `UpdateAssumeRolePolicy`.
pub(super) fn update(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: UpdateAssumeRolePolicyRequest,
) -> Result<Nothing, Fault> {
    let mut role = find(draft, &input.role_name)?.clone();
    check(&input.policy_document)?;
    role.trust_policy = input.policy_document;
    draft.put(role);
    Ok(Nothing)
}

/// Whether AWS would take a document as a trust policy.
pub(super) fn check(document: &str) -> Result<(), Fault> {
    policy::check_trust(document).map_err(fault::malformed)?;
    match size(document) {
        size if size > MOST => Err(fault::too_many("ACLSizePerRole", MOST)),
        _ => Ok(()),
    }
}

/// A document's size as IAM's quotas count it.
pub(super) fn size(document: &str) -> usize {
    document.chars().filter(|c| !c.is_whitespace()).count()
}
