//! A role's tags. Unlike most services, IAM does not mind the case of keys.

use super::{ask, fault, find};
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
    let pairs = pairs(input.tags);
    check_case(pairs.iter().map(|(key, _)| key))?;
    role.tags.retain(|old, _| !pairs.iter().any(|(new, _)| new.eq_ignore_ascii_case(old)));
    role.tags = tags::merged(&role.tags, pairs, MOST).map_err(fault::bad_tags)?;
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
    role.tags.retain(|old, _| !input.tag_keys.iter().any(|key| key.eq_ignore_ascii_case(old)));
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

/// Tags as IAM answers them.
pub(super) fn show(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() }).collect()
}

/// The tags of a request.
pub(super) fn pairs(tags: Vec<Tag>) -> Vec<(String, String)> {
    tags.into_iter().map(|tag| (tag.key, tag.value)).collect()
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
