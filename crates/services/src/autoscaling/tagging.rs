//! Tags of scalable targets.

use super::{fault, target};
use crate::Cx;
use crate::tags::{self, MOST};
use api::Fault;
use api::autoscaling::*;
use model::Ids;
use world::{Draft, ScalableTarget as Row, World};

/// `TagResource`.
pub(super) fn add(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: TagResourceRequest,
) -> Result<TagResourceResponse, Fault> {
    let mut row = find(draft, &input.resource_arn)?.clone();
    let tags = tags::merged(&row.tags, input.tags, MOST);
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
    row.tags = tags::without(&row.tags, &input.tag_keys);
    draft.put(row);
    Ok(UntagResourceResponse::default())
}

/// `ListTagsForResource`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse, Fault> {
    let tags = find(world, &input.resource_arn)?.tags.clone();
    Ok(ListTagsForResourceResponse { tags: Some(tags) })
}

fn find<'w>(world: &'w World, arn: &str) -> Result<&'w Row, Fault> {
    let mut rows = world.scalable_targets.iter();
    rows.find(|row| target::arn(world, row) == arn).ok_or_else(|| fault::no_resource(arn))
}
