//! Managed policies: those of the account, and those of AWS's that are known here.

use super::amazon::{self, AmazonPolicy};
use super::{ask, fault, show, tagging, trust};
use crate::page::page;
use crate::{Cx, policy, tags};
use api::Fault;
use api::iam::*;
use api::value::Nothing;
use model::Ids;
use std::collections::BTreeMap;
use world::{Draft, ManagedPolicy, PolicyVersion as Version, RowKey, World};

/// The most characters of a version, white space excepted.
const MOST: usize = 6144;

/// `CreatePolicy`.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreatePolicyRequest,
) -> Result<CreatePolicyResponse, Fault> {
    let name = input.policy_name;
    if draft.policies.iter().any(|other| other.name.eq_ignore_ascii_case(&name)) {
        return Err(fault::policy_exists(&name));
    }
    check(&input.policy_document)?;
    let pairs = tagging::pairs(input.tags.unwrap_or_default());
    tagging::check_case(pairs.iter().map(|(key, _)| key))?;
    let path = input.path.unwrap_or_else(|| "/".to_owned());
    let first = Version { document: input.policy_document, created_at: cx.now };
    let policy = ManagedPolicy {
        arn: draft.place.policy_arn(&path, &name),
        name,
        path,
        id: format!("ANPA{}", ids.word(17).to_ascii_uppercase()),
        description: input.description,
        created_at: cx.now,
        updated_at: cx.now,
        versions: BTreeMap::from([(1, first)]),
        default_version: 1,
        newest: 1,
        tags: tags::new(pairs).map_err(fault::bad_tags)?,
    };
    let shown = show::policy(&policy, draft);
    draft.put(policy);
    // AWS shows the description when it is asked for the policy, not when it makes it.
    Ok(CreatePolicyResponse { policy: Some(Policy { description: None, ..shown }) })
}

/// `GetPolicy`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetPolicyRequest,
) -> Result<GetPolicyResponse, Fault> {
    let arn = &input.policy_arn;
    let shown = match amazon::find(arn) {
        Some(policy) => show::amazon(policy, world),
        None => show::policy(find(world, arn)?, world),
    };
    Ok(GetPolicyResponse { policy: Some(shown) })
}

/// `ListPolicies`. AWS leaves descriptions and tags out of a listing.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListPoliciesRequest,
) -> Result<ListPoliciesResponse, Fault> {
    let scope = input.scope.as_deref().unwrap_or("All");
    let prefix = input.path_prefix.as_deref().unwrap_or("/");
    let of_aws = POLICIES_OF_AWS.iter().map(|policy| show::amazon(policy, world));
    let own = world.policies.iter().map(|policy| show::policy(policy, world));
    let mut rows: Vec<Policy> = of_aws
        .filter(|_| scope != "Local")
        .chain(own.filter(|_| scope != "AWS"))
        .filter(|policy| policy.path.as_deref().is_some_and(|path| path.starts_with(prefix)))
        .filter(|policy| is_used(policy, &input))
        .map(|policy| Policy { description: None, tags: None, ..policy })
        .collect();
    rows.sort_by(|one, other| one.arn.cmp(&other.arn));
    let ask = ask("ListPolicies", input.marker.as_deref(), input.max_items);
    let key = |policy: &Policy| policy.arn.clone().unwrap_or_default();
    let page = page(rows, &ask, key).map_err(fault::bad_marker)?;
    Ok(ListPoliciesResponse {
        policies: Some(page.rows),
        is_truncated: Some(page.next.is_some()),
        marker: page.next,
    })
}

/// `DeletePolicy`: only one that nobody has, and that has no version but the default one.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeletePolicyRequest,
) -> Result<Nothing, Fault> {
    let arn = &input.policy_arn;
    let policy = find(draft, arn)?;
    if draft.roles.iter().any(|role| is_held(role, arn)) {
        return Err(fault::policy_attached());
    }
    if policy.versions.len() > 1 {
        return Err(fault::policy_has_versions());
    }
    draft.remove(RowKey::ManagedPolicy(arn.as_str().into()));
    Ok(Nothing)
}

/// The policy of the account with this ARN.
pub(super) fn find<'a>(world: &'a World, arn: &str) -> Result<&'a ManagedPolicy, Fault> {
    super::managed::check_arn(arn)?;
    world.policies.get(arn).ok_or_else(|| fault::no_policy(arn))
}

/// What a policy says, be it AWS's or the account's; nothing when it is not known here.
pub(super) fn document<'a>(world: &'a World, arn: &str) -> Option<&'a str> {
    let of_aws = amazon::find(arn).map(|policy| policy.document);
    of_aws.or_else(|| world.policies.get(arn).and_then(ManagedPolicy::document))
}

/// Whether AWS would take a document as a version.
pub(super) fn check(document: &str) -> Result<(), Fault> {
    policy::check_identity(document).map_err(fault::malformed)?;
    match trust::size(document) {
        size if size > MOST => Err(fault::too_many("PolicySize", MOST)),
        _ => Ok(()),
    }
}

const POLICIES_OF_AWS: &[AmazonPolicy] = amazon::POLICIES;

fn is_held(role: &world::Role, arn: &str) -> bool {
    role.attached.contains(arn) || role.boundary.as_deref() == Some(arn)
}

/// Whether a policy is used in the way that a listing asks for.
fn is_used(policy: &Policy, input: &ListPoliciesRequest) -> bool {
    let attached = policy.attachment_count.unwrap_or(0) > 0;
    let boundary = policy.permissions_boundary_usage_count.unwrap_or(0) > 0;
    let as_asked = match input.policy_usage_filter.as_deref() {
        Some("PermissionsBoundary") => boundary,
        Some(_) => attached,
        None => true,
    };
    as_asked && (input.only_attached != Some(true) || attached || boundary)
}
