//! Tags of distributions, by their ARNs.

use super::fault;
use crate::{Cx, tags};
use api::Fault;
use api::cloudfront::*;
use api::value::Nothing;
use model::{DistributionId, Ids};
use world::{Distribution as Row, Draft, World};

/// `TagResource`.
pub(super) fn tag(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: TagResourceRequest,
) -> Result<Nothing, Fault> {
    let mut row = find(draft, &input.resource)?.clone();
    row.tags = tags::merged(&row.tags, pairs(input.tags), tags::MOST)
        .map_err(|mistake| fault::bad_tags(&mistake))?;
    draft.put(row);
    Ok(Nothing)
}

/// `UntagResource`.
pub(super) fn untag(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: UntagResourceRequest,
) -> Result<Nothing, Fault> {
    let mut row = find(draft, &input.resource)?.clone();
    row.tags = tags::without(&row.tags, input.tag_keys.items.iter().flatten());
    draft.put(row);
    Ok(Nothing)
}

/// `ListTagsForResource`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResult, Fault> {
    let row = find(world, &input.resource)?;
    let show =
        |(key, value): (&String, &String)| Tag { key: key.clone(), value: Some(value.clone()) };
    Ok(ListTagsForResourceResult {
        tags: Tags { items: Some(row.tags.iter().map(show).collect()) },
    })
}

/// The pairs that a request brings. A tag may have no value.
pub(super) fn pairs(given: Tags) -> impl Iterator<Item = (String, String)> {
    let tags = given.items.unwrap_or_default().into_iter();
    tags.map(|tag| (tag.key, tag.value.unwrap_or_default()))
}

fn find<'a>(world: &'a World, arn: &str) -> Result<&'a Row, Fault> {
    let own = format!("arn:aws:cloudfront::{}:distribution/", world.place.account);
    let id = arn.strip_prefix(&own).map(DistributionId::from);
    id.and_then(|id| world.distributions.get(&id)).ok_or_else(fault::no_resource)
}
