//! Tags of log groups, through the operations for all resources and through the older ones for
//! groups, which clients still use.

use super::{fault, names};
use crate::Cx;
use crate::tags::{self, MOST, TagMistake};
use api::Fault;
use api::logs::{
    ListTagsForResourceRequest, ListTagsForResourceResponse, ListTagsLogGroupRequest,
    ListTagsLogGroupResponse, TagLogGroupRequest, TagResourceRequest, UntagLogGroupRequest,
    UntagResourceRequest,
};
use api::value::Nothing;
use model::Ids;
use world::{Draft, LogGroup, World};

/// `TagResource`.
pub(super) fn tag(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: TagResourceRequest,
) -> Result<Nothing, Fault> {
    let group = names::of_arn(draft, &input.resource_arn)?.clone();
    let tags = tags::merged(&group.tags, input.tags, MOST).map_err(too_many)?;
    draft.put(LogGroup { tags, ..group });
    Ok(Nothing)
}

/// `UntagResource`.
pub(super) fn untag(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: UntagResourceRequest,
) -> Result<Nothing, Fault> {
    let group = names::of_arn(draft, &input.resource_arn)?.clone();
    let tags = tags::without(&group.tags, &input.tag_keys);
    draft.put(LogGroup { tags, ..group });
    Ok(Nothing)
}

/// `ListTagsForResource`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse, Fault> {
    let group = names::of_arn(world, &input.resource_arn)?;
    Ok(ListTagsForResourceResponse { tags: Some(group.tags.clone()) })
}

/// `TagLogGroup`.
pub(super) fn tag_group(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: TagLogGroupRequest,
) -> Result<Nothing, Fault> {
    let group = names::named(draft, &input.log_group_name)?.clone();
    let tags = tags::merged(&group.tags, input.tags, MOST).map_err(fault::tags)?;
    draft.put(LogGroup { tags, ..group });
    Ok(Nothing)
}

/// `UntagLogGroup`.
pub(super) fn untag_group(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: UntagLogGroupRequest,
) -> Result<Nothing, Fault> {
    let group = names::named(draft, &input.log_group_name)?.clone();
    let tags = tags::without(&group.tags, &input.tags);
    draft.put(LogGroup { tags, ..group });
    Ok(Nothing)
}

/// `ListTagsLogGroup`.
pub(super) fn list_group(
    world: &World,
    _: &Cx<'_>,
    input: ListTagsLogGroupRequest,
) -> Result<ListTagsLogGroupResponse, Fault> {
    let group = names::named(world, &input.log_group_name)?;
    Ok(ListTagsLogGroupResponse { tags: Some(group.tags.clone()) })
}

fn too_many(mistake: TagMistake) -> Fault {
    match mistake {
        // The text is the model's documentation.
        TagMistake::TooMany { .. } => {
            Fault::refuse("TooManyTagsException", "A resource can have no more than 50 tags.")
        }
        TagMistake::Duplicate(_) | TagMistake::Reserved(_) => fault::tags(mistake),
    }
}
