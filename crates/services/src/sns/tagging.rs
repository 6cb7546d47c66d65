//! Tags of topics.

use super::fault;
use crate::Cx;
use crate::tags::{self, MOST};
use api::Fault;
use api::sns::*;
use model::Ids;
use world::{Draft, Topic as Row, World};

/// `TagResource`.
pub(super) fn add(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: TagResourceRequest,
) -> Result<TagResourceResponse, Fault> {
    let mut topic = find(draft, &input.resource_arn)?.clone();
    let given = input.tags.into_iter().map(|tag| (tag.key, tag.value));
    let tags = tags::merged(&topic.tags, given, MOST);
    topic.tags = tags.map_err(|mistake| fault::bad_tags(&mistake))?;
    draft.put(topic);
    Ok(TagResourceResponse::default())
}

/// `UntagResource`.
pub(super) fn remove(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: UntagResourceRequest,
) -> Result<UntagResourceResponse, Fault> {
    let mut topic = find(draft, &input.resource_arn)?.clone();
    topic.tags = tags::without(&topic.tags, &input.tag_keys);
    draft.put(topic);
    Ok(UntagResourceResponse::default())
}

/// `ListTagsForResource`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse, Fault> {
    let tags = find(world, &input.resource_arn)?.tags.iter();
    let tags = tags.map(|(key, value)| Tag { key: key.clone(), value: value.clone() });
    Ok(ListTagsForResourceResponse { tags: Some(tags.collect()) })
}

fn find<'a>(world: &'a World, arn: &str) -> Result<&'a Row, Fault> {
    world.topics.get(arn).ok_or_else(fault::no_resource)
}
