//! Tags of alarms.

use super::{arn, fault};
use crate::Cx;
use crate::tags::{self, MOST};
use api::Fault;
use api::cloudwatch::{
    ListTagsForResourceInput, ListTagsForResourceOutput, Tag, TagResourceInput, TagResourceOutput,
    UntagResourceInput, UntagResourceOutput,
};
use model::Ids;
use world::{Alarm, Draft, World};

/// `TagResource`.
pub(super) fn add(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: TagResourceInput,
) -> Result<TagResourceOutput, Fault> {
    let alarm = find(draft, &input.resource_arn)?.clone();
    let given = input.tags.into_iter().map(|tag| (tag.key, tag.value));
    let tags = tags::merged(&alarm.tags, given, MOST);
    let tags = tags.map_err(|mistake| fault::bad_tags(&mistake))?;
    draft.put(Alarm { tags, ..alarm });
    Ok(TagResourceOutput::default())
}

/// `UntagResource`.
pub(super) fn remove(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: UntagResourceInput,
) -> Result<UntagResourceOutput, Fault> {
    let alarm = find(draft, &input.resource_arn)?.clone();
    let tags = tags::without(&alarm.tags, &input.tag_keys);
    draft.put(Alarm { tags, ..alarm });
    Ok(UntagResourceOutput::default())
}

/// `ListTagsForResource`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListTagsForResourceInput,
) -> Result<ListTagsForResourceOutput, Fault> {
    let tags = find(world, &input.resource_arn)?.tags.iter();
    let tags = tags.map(|(key, value)| Tag { key: key.clone(), value: value.clone() });
    Ok(ListTagsForResourceOutput { tags: Some(tags.collect()) })
}

/// The alarm with this ARN.
fn find<'a>(world: &'a World, given: &str) -> Result<&'a Alarm, Fault> {
    if !given.starts_with("arn:") {
        let message = format!("`{given}` is no ARN: an alarm's is {}", arn(world, "<name>"));
        return Err(fault::value(message));
    }
    let name = given.strip_prefix(&arn(world, ""));
    let alarm = name.and_then(|name| world.alarms.get(name));
    alarm.ok_or_else(fault::untaggable)
}
