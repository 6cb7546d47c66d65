//! Tags of roles and of managed policies. Unlike most services, IAM does not mind the case of keys.

use super::{ask, fault, find, policies};
use crate::Cx;
use crate::page::page;
use crate::tags::{self, MOST, TagMistake};
use api::Fault;
use api::iam::*;
use api::value::Nothing;
use model::Ids;
use std::collections::BTreeSet;
use world::{Draft, Tags, World};

/// `TagRole`.
pub(super) fn tag(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: TagRoleRequest,
) -> Result<Nothing, Fault> {
    let mut role = find(draft, &input.role_name)?.clone();
    add(&mut role.tags, input.tags)?;
    draft.put(role);
    Ok(Nothing)
}

/// `UntagRole`.
pub(super) fn untag(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: UntagRoleRequest,
) -> Result<Nothing, Fault> {
    let mut role = find(draft, &input.role_name)?.clone();
    remove(&mut role.tags, &input.tag_keys);
    draft.put(role);
    Ok(Nothing)
}

/// `ListRoleTags`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListRoleTagsRequest,
) -> Result<ListRoleTagsResponse, Fault> {
    let tags = show(&find(world, &input.role_name)?.tags);
    let ask = ask("ListRoleTags", input.marker.as_deref(), input.max_items);
    let page = page(tags, &ask, |tag| tag.key.clone()).map_err(fault::bad_marker)?;
    Ok(ListRoleTagsResponse {
        tags: page.rows,
        is_truncated: Some(page.next.is_some()),
        marker: page.next,
    })
}

/// `TagPolicy`.
pub(super) fn tag_policy(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: TagPolicyRequest,
) -> Result<Nothing, Fault> {
    let mut policy = policies::find(draft, &input.policy_arn)?.clone();
    add(&mut policy.tags, input.tags)?;
    draft.put(policy);
    Ok(Nothing)
}

/// `UntagPolicy`.
pub(super) fn untag_policy(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: UntagPolicyRequest,
) -> Result<Nothing, Fault> {
    let mut policy = policies::find(draft, &input.policy_arn)?.clone();
    remove(&mut policy.tags, &input.tag_keys);
    draft.put(policy);
    Ok(Nothing)
}

/// `ListPolicyTags`.
pub(super) fn list_of_policy(
    world: &World,
    _: &Cx<'_>,
    input: ListPolicyTagsRequest,
) -> Result<ListPolicyTagsResponse, Fault> {
    let tags = show(&policies::find(world, &input.policy_arn)?.tags);
    let ask = ask("ListPolicyTags", input.marker.as_deref(), input.max_items);
    let page = page(tags, &ask, |tag| tag.key.clone()).map_err(fault::bad_marker)?;
    Ok(ListPolicyTagsResponse {
        tags: page.rows,
        is_truncated: Some(page.next.is_some()),
        marker: page.next,
    })
}

/// Tags as IAM answers them.
pub(super) fn show(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() }).collect()
}

/// The tags of a request.
pub(super) fn pairs(tags: Vec<Tag>) -> Vec<(String, String)> {
    tags.into_iter().map(|tag| (tag.key, tag.value)).collect()
}

/// Adds the tags of a request; a key that differs from an old one in nothing but case takes its place.
fn add(tags: &mut Tags, given: Vec<Tag>) -> Result<(), Fault> {
    let pairs = pairs(given);
    check_case(pairs.iter().map(|(key, _)| key))?;
    tags.retain(|old, _| !pairs.iter().any(|(new, _)| new.eq_ignore_ascii_case(old)));
    *tags = tags::merged(tags, pairs, MOST).map_err(fault::bad_tags)?;
    Ok(())
}

fn remove(tags: &mut Tags, keys: &[String]) {
    tags.retain(|old, _| !keys.iter().any(|key| key.eq_ignore_ascii_case(old)));
}

/// Refuses keys that differ in nothing but case.
pub(super) fn check_case<'a>(keys: impl Iterator<Item = &'a String>) -> Result<(), Fault> {
    let mut seen = BTreeSet::new();
    for key in keys {
        if !seen.insert(key.to_lowercase()) {
            return Err(fault::bad_tags(TagMistake::Duplicate(key.clone())));
        }
    }
    Ok(())
}
