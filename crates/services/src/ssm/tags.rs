//! Tags of parameters.

use super::fault;
use crate::Cx;
use crate::tags::{self, MOST, TagMistake};
use api::Fault;
use api::ssm::{
    AddTagsToResourceRequest, AddTagsToResourceResult, ListTagsForResourceRequest,
    ListTagsForResourceResult, RemoveTagsFromResourceRequest, RemoveTagsFromResourceResult, Tag,
};
use model::{Ids, Timestamp};
use world::{Draft, Parameter, World};

/// `AddTagsToResource`.
pub(super) fn add(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: AddTagsToResourceRequest,
) -> Result<AddTagsToResourceResult, Fault> {
    let parameter = find(draft, &input.resource_type, &input.resource_id, cx.now)?.clone();
    let pairs = input.tags.into_iter().map(|tag| (tag.key, tag.value));
    let tags = tags::merged(&parameter.tags, pairs, MOST).map_err(mistaken)?;
    draft.put(Parameter { tags, ..parameter });
    Ok(AddTagsToResourceResult::default())
}

/// `RemoveTagsFromResource`.
pub(super) fn remove(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: RemoveTagsFromResourceRequest,
) -> Result<RemoveTagsFromResourceResult, Fault> {
    let parameter = find(draft, &input.resource_type, &input.resource_id, cx.now)?.clone();
    let tags = tags::without(&parameter.tags, &input.tag_keys);
    draft.put(Parameter { tags, ..parameter });
    Ok(RemoveTagsFromResourceResult::default())
}

/// `ListTagsForResource`.
pub(super) fn list(
    world: &World,
    cx: &Cx<'_>,
    input: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResult, Fault> {
    let parameter = find(world, &input.resource_type, &input.resource_id, cx.now)?;
    let tags = parameter.tags.iter();
    let tags = tags.map(|(key, value)| Tag { key: key.clone(), value: value.clone() });
    Ok(ListTagsForResourceResult { tag_list: Some(tags.collect()) })
}

/// The parameter that is tagged. It is named without `:version`, and not by its ARN.
fn find<'a>(
    world: &'a World,
    kind: &str,
    id: &str,
    now: Timestamp,
) -> Result<&'a Parameter, Fault> {
    if kind != "Parameter" {
        return Err(Fault::refuse(
            "InvalidResourceType",
            format!("The local region has parameters, and no resources of the type {kind}."),
        ));
    }
    world.parameter(id, now).ok_or_else(fault::no_resource)
}

fn mistaken(mistake: TagMistake) -> Fault {
    match mistake {
        // The text is the model's documentation.
        TagMistake::TooMany { .. } => Fault::refuse(
            "TooManyTagsError",
            "The Targets parameter includes too many tags. Remove one or more tags and try the \
             command again.",
        ),
        TagMistake::Duplicate(_) | TagMistake::Reserved(_) => fault::invalid(mistake.to_string()),
    }
}
