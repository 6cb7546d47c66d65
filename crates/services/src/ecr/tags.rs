//! Tags of repositories (not of images: those are part of the images).

use super::{fault, find};
use crate::Cx;
use crate::tags::{self, MOST};
use api::Fault;
use api::ecr::{
    ListTagsForResourceRequest, ListTagsForResourceResponse, Tag, TagResourceRequest,
    TagResourceResponse, UntagResourceRequest, UntagResourceResponse,
};
use model::{Ids, RepositoryName};
use world::{Draft, Repository, Tags, World};

/// `TagResource`.
pub(super) fn tag(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: TagResourceRequest,
) -> Result<TagResourceResponse, Fault> {
    let row = of_arn(draft, &input.resource_arn)?.clone();
    let tags = tags::merged(&row.tags, pairs(input.tags), MOST);
    let tags = tags.map_err(|mistake| fault::bad_tags(&mistake))?;
    draft.put(Repository { tags, ..row });
    Ok(TagResourceResponse {})
}

/// `UntagResource`.
pub(super) fn untag(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: UntagResourceRequest,
) -> Result<UntagResourceResponse, Fault> {
    let row = of_arn(draft, &input.resource_arn)?.clone();
    let tags = tags::without(&row.tags, &input.tag_keys);
    draft.put(Repository { tags, ..row });
    Ok(UntagResourceResponse {})
}

/// `ListTagsForResource`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse, Fault> {
    let row = of_arn(world, &input.resource_arn)?;
    let tags = row.tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() });
    Ok(ListTagsForResourceResponse { tags: Some(tags.collect()) })
}

/// The tags of a request that makes a repository.
pub(super) fn new(given: Vec<Tag>) -> Result<Tags, Fault> {
    tags::new(pairs(given)).map_err(|mistake| fault::bad_tags(&mistake))
}

/// `arn:aws:ecr:<r>:<a>:repository/<name>`.
pub(super) fn arn(world: &World, name: &RepositoryName) -> String {
    world.place.arn("ecr", &format!("repository/{name}"))
}

fn of_arn<'a>(world: &'a World, arn: &str) -> Result<&'a Repository, Fault> {
    let prefix = world.place.arn("ecr", "repository/");
    let Some(name) = arn.strip_prefix(&prefix) else {
        // The beginning of the text is moto's.
        return Err(fault::parameter(format!(
            "Invalid parameter at 'resourceArn' failed to satisfy constraint: 'Invalid ARN': it \
             must begin with `{prefix}`"
        )));
    };
    find(world, None, name)
}

fn pairs(given: Vec<Tag>) -> impl Iterator<Item = (String, String)> {
    given.into_iter().map(|tag| (tag.key, tag.value))
}
