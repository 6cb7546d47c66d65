//! Tags of load balancers, target groups, listeners and rules. All four are named by ARN, and the
//! ARN's resource says which of them it is.

use super::{balancer, fault, group, listener, quota, rule};
use crate::Cx;
use crate::tags::{self, MOST};
use api::Fault;
use api::elbv2::{
    AddTagsInput, AddTagsOutput, DescribeTagsInput, DescribeTagsOutput, RemoveTagsInput,
    RemoveTagsOutput, Tag, TagDescription,
};
use model::Ids;
use world::{Draft, Listener, LoadBalancer, Rule, Tags, TargetGroup, World};

/// `AddTags`: a key that is there gets the new value.
pub(super) fn add(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: AddTagsInput,
) -> Result<AddTagsOutput, Fault> {
    for arn in &input.resource_arns {
        edit(draft, arn, |tags| {
            tags::merged(tags, pairs(input.tags.clone()), MOST).map_err(fault::bad_tags)
        })?;
    }
    Ok(AddTagsOutput {})
}

/// `RemoveTags`.
pub(super) fn remove(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: RemoveTagsInput,
) -> Result<RemoveTagsOutput, Fault> {
    for arn in &input.resource_arns {
        edit(draft, arn, |tags| Ok(tags::without(tags, &input.tag_keys)))?;
    }
    Ok(RemoveTagsOutput {})
}

/// `DescribeTags`.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeTagsInput,
) -> Result<DescribeTagsOutput, Fault> {
    if input.resource_arns.len() > quota::RESOURCES_PER_TAG_CALL {
        return Err(fault::too_many_resources());
    }
    let describe = |arn: String| {
        let tags = Some(show(of(world, &arn)?));
        Ok(TagDescription { resource_arn: Some(arn), tags })
    };
    let descriptions: Result<_, Fault> = input.resource_arns.into_iter().map(describe).collect();
    Ok(DescribeTagsOutput { tag_descriptions: Some(descriptions?) })
}

/// The tags of a request that makes a resource.
pub(super) fn new(tags: Option<Vec<Tag>>) -> Result<Tags, Fault> {
    tags::new(pairs(tags.unwrap_or_default())).map_err(fault::bad_tags)
}

fn pairs(tags: Vec<Tag>) -> impl Iterator<Item = (String, String)> {
    tags.into_iter().map(|tag| (tag.key, tag.value.unwrap_or_default()))
}

fn show(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { key: key.clone(), value: Some(value.clone()) }).collect()
}

/// The tags of the resource with this ARN.
fn of<'a>(world: &'a World, arn: &str) -> Result<&'a Tags, Fault> {
    Ok(match kind(arn) {
        "targetgroup" => &group::find(world, arn)?.tags,
        "listener" => &listener::find(world, arn)?.tags,
        "listener-rule" => &rule::find(world, arn)?.tags,
        _ => &balancer::find(world, arn)?.tags,
    })
}

/// Changes the tags of the resource with this ARN.
fn edit(
    draft: &mut Draft,
    arn: &str,
    change: impl FnOnce(&Tags) -> Result<Tags, Fault>,
) -> Result<(), Fault> {
    let tags = change(of(draft, arn)?)?;
    match kind(arn) {
        "targetgroup" => draft.put(TargetGroup { tags, ..group::find(draft, arn)?.clone() }),
        "listener" => draft.put(Listener { tags, ..listener::find(draft, arn)?.clone() }),
        "listener-rule" => draft.put(Rule { tags, ..rule::find(draft, arn)?.clone() }),
        _ => draft.put(LoadBalancer { tags, ..balancer::find(draft, arn)?.clone() }),
    }
    Ok(())
}

/// What an ARN names: `targetgroup` of `arn:…:targetgroup/web/0123456789abcdef`.
fn kind(arn: &str) -> &str {
    let resource = arn.splitn(6, ':').nth(5).unwrap_or_default();
    resource.split('/').next().unwrap_or_default()
}
