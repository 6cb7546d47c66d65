//! Tags of budgets.

use super::fault;
use crate::Cx;
use crate::tags::{self, MOST};
use api::Fault;
use api::budgets::*;
use model::Ids;
use world::{Budget as Row, Draft, World};

/// `TagResource`.
pub(super) fn add(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: TagResourceRequest,
) -> Result<TagResourceResponse, Fault> {
    let mut row = find(draft, &input.resource_arn)?.clone();
    let given = input.resource_tags.into_iter().map(|tag| (tag.key, tag.value));
    let tags = tags::merged(&row.tags, given, MOST);
    row.tags = tags.map_err(|mistake| fault::bad_tags(&mistake))?;
    draft.put(row);
    Ok(TagResourceResponse::default())
}

/// `UntagResource`.
pub(super) fn remove(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: UntagResourceRequest,
) -> Result<UntagResourceResponse, Fault> {
    let mut row = find(draft, &input.resource_arn)?.clone();
    row.tags = tags::without(&row.tags, &input.resource_tag_keys);
    draft.put(row);
    Ok(UntagResourceResponse::default())
}

/// `ListTagsForResource`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse, Fault> {
    let tags = find(world, &input.resource_arn)?.tags.iter();
    let tags = tags.map(|(key, value)| ResourceTag { key: key.clone(), value: value.clone() });
    Ok(ListTagsForResourceResponse { resource_tags: Some(tags.collect()) })
}

/// A budget by its ARN, which names no region: `arn:aws:budgets::000000000000:budget/shop`.
fn find<'w>(world: &'w World, arn: &str) -> Result<&'w Row, Fault> {
    let own = format!("arn:aws:budgets::{}:budget/", world.place.account);
    let name = arn.strip_prefix(&own).ok_or_else(fault::no_resource)?;
    world.budgets.get(name).ok_or_else(fault::no_resource)
}
