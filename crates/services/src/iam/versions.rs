//! Versions of managed policies. A version never changes; which one counts does.

use super::{amazon, ask, fault, policies, show};
use crate::Cx;
use crate::page::page;
use api::Fault;
use api::iam::*;
use api::value::Nothing;
use model::{Ids, Timestamp};
use world::{Draft, ManagedPolicy, PolicyVersion as Version, World};

/// How many versions a policy can have at a time.
const MOST: usize = 5;

/// `CreatePolicyVersion`.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: CreatePolicyVersionRequest,
) -> Result<CreatePolicyVersionResponse, Fault> {
    let mut policy = policies::find(draft, &input.policy_arn)?.clone();
    policies::check(&input.policy_document)?;
    if policy.versions.len() >= MOST {
        return Err(fault::too_many_versions(MOST));
    }
    policy.newest += 1;
    policy.updated_at = cx.now;
    let number = policy.newest;
    let version = Version { document: input.policy_document, created_at: cx.now };
    policy.versions.insert(number, version);
    if input.set_as_default == Some(true) {
        policy.default_version = number;
    }
    let shown = show_one(number, policy.default_version, cx.now);
    draft.put(policy);
    Ok(CreatePolicyVersionResponse { policy_version: Some(shown) })
}

/// `GetPolicyVersion`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetPolicyVersionRequest,
) -> Result<GetPolicyVersionResponse, Fault> {
    let arn = &input.policy_arn;
    let missing = || fault::no_version(arn, &input.version_id);
    let number = number(&input.version_id).ok_or_else(missing)?;
    let (shown, text) = match amazon::find(arn) {
        Some(policy) if policy.version == number => {
            (show_one(number, number, policy.updated_at), policy.document)
        }
        Some(_) => return Err(missing()),
        None => {
            let policy = policies::find(world, arn)?;
            let version = policy.versions.get(&number).ok_or_else(missing)?;
            let shown = show_one(number, policy.default_version, version.created_at);
            (shown, version.document.as_str())
        }
    };
    let shown = PolicyVersion { document: Some(show::document(text)), ..shown };
    Ok(GetPolicyVersionResponse { policy_version: Some(shown) })
}

/// `ListPolicyVersions`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListPolicyVersionsRequest,
) -> Result<ListPolicyVersionsResponse, Fault> {
    let rows: Vec<(u32, PolicyVersion)> = match amazon::find(&input.policy_arn) {
        Some(policy) => {
            let number = policy.version;
            vec![(number, show_one(number, number, policy.updated_at))]
        }
        None => {
            let policy = policies::find(world, &input.policy_arn)?;
            let show = |(number, version): (&u32, &Version)| {
                (*number, show_one(*number, policy.default_version, version.created_at))
            };
            policy.versions.iter().map(show).collect()
        }
    };
    let ask = ask("ListPolicyVersions", input.marker.as_deref(), input.max_items);
    let page = page(rows, &ask, |(number, _)| *number).map_err(fault::bad_marker)?;
    Ok(ListPolicyVersionsResponse {
        versions: Some(page.rows.into_iter().map(|(_, version)| version).collect()),
        is_truncated: Some(page.next.is_some()),
        marker: page.next,
    })
}

/// `SetDefaultPolicyVersion`.
pub(super) fn set_default(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: SetDefaultPolicyVersionRequest,
) -> Result<Nothing, Fault> {
    let mut policy = policies::find(draft, &input.policy_arn)?.clone();
    policy.default_version = find(&policy, &input.version_id)?;
    policy.updated_at = cx.now;
    draft.put(policy);
    Ok(Nothing)
}

/// `DeletePolicyVersion`: any but the default one.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeletePolicyVersionRequest,
) -> Result<Nothing, Fault> {
    let mut policy = policies::find(draft, &input.policy_arn)?.clone();
    let number = find(&policy, &input.version_id)?;
    if number == policy.default_version {
        return Err(fault::default_version());
    }
    policy.versions.remove(&number);
    draft.put(policy);
    Ok(Nothing)
}

/// The number of a version that the policy has.
fn find(policy: &ManagedPolicy, id: &str) -> Result<u32, Fault> {
    let number = number(id).filter(|number| policy.versions.contains_key(number));
    number.ok_or_else(|| fault::no_version(policy.arn.as_str(), id))
}

fn number(id: &str) -> Option<u32> {
    id.strip_prefix('v')?.parse().ok()
}

fn show_one(number: u32, default: u32, created_at: Timestamp) -> PolicyVersion {
    PolicyVersion {
        document: None,
        version_id: Some(format!("v{number}")),
        is_default_version: Some(number == default),
        create_date: Some(created_at),
    }
}
