//! Tags of ECS resources: `TagResource`, `UntagResource`, `ListTagsForResource`, and tags wherever
//! they are given or shown.

use super::fault;
use crate::{Cx, tags as rules};
use api::Fault;
use api::ecs::{
    ListTagsForResourceRequest, ListTagsForResourceResponse, Tag, TagResourceRequest,
    TagResourceResponse, UntagResourceRequest, UntagResourceResponse,
};
use model::{Arn, Ids};
use world::cluster::ClusterStatus;
use world::service::ServiceStatus;
use world::{Cluster, Draft, Phase, Row, Service, ServiceKey, Tags, Task, TaskDefinition, TaskKey};
use world::{DefinitionKey, World};

/// Adds tags to a cluster, a service, a task or a task definition revision.
pub(super) fn tag(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: TagResourceRequest,
) -> Result<TagResourceResponse, Fault> {
    let tagged = Tagged::find(draft, &input.resource_arn)?;
    let added = pairs(input.tags)?;
    let merged = rules::merged(tagged.tags(), added, rules::MOST);
    let merged = merged.map_err(|mistake| fault::tags(&mistake))?;
    let row = tagged.with(merged);
    draft.put(row);
    Ok(TagResourceResponse {})
}

/// Takes tags away.
pub(super) fn untag(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: UntagResourceRequest,
) -> Result<UntagResourceResponse, Fault> {
    let tagged = Tagged::find(draft, &input.resource_arn)?;
    let left = rules::without(tagged.tags(), &input.tag_keys);
    let row = tagged.with(left);
    draft.put(row);
    Ok(UntagResourceResponse {})
}

/// Lists tags.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse, Fault> {
    let tagged = Tagged::find(world, &input.resource_arn)?;
    Ok(ListTagsForResourceResponse { tags: Some(show(tagged.tags())) })
}

/// The tags of a request that makes something.
pub(super) fn parse(given: Option<Vec<Tag>>) -> Result<Tags, Fault> {
    let pairs = pairs(given.unwrap_or_default())?;
    rules::new(pairs).map_err(|mistake| fault::tags(&mistake))
}

/// Tags as AWS shows them.
pub(super) fn show(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value): (&String, &String)| Tag {
        key: Some(key.clone()),
        value: Some(value.clone()),
    };
    tags.iter().map(tag).collect()
}

fn pairs(given: Vec<Tag>) -> Result<Vec<(String, String)>, Fault> {
    let pair = |tag: Tag| {
        let key = tag.key.filter(|key| !key.is_empty()).ok_or_else(fault::tag_without_key)?;
        Ok((key, tag.value.unwrap_or_default()))
    };
    given.into_iter().map(pair).collect()
}

/// A row that has tags and an ARN.
enum Tagged<'w> {
    Cluster(&'w Cluster),
    Service(&'w Service),
    Task(&'w Task),
    Definition(&'w TaskDefinition),
}

// === impl Tagged ===

impl<'w> Tagged<'w> {
    fn find(world: &'w World, text: &str) -> Result<Self, Fault> {
        let arn: Arn = text.parse().map_err(|_| fault::arn_invalid())?;
        let ours = arn.service == "ecs"
            && arn.region == world.place.region.as_str()
            && arn.account == world.place.account.as_str();
        let (kind, name) = arn.resource.split_once('/').ok_or_else(fault::arn_invalid)?;
        match kind {
            _ if !ours => Err(fault::arn_invalid()),
            "cluster" => Self::cluster(world, name),
            "service" => Self::service(world, name),
            "task" => Self::task(world, name),
            "task-definition" => Self::definition(world, name),
            _ => Err(fault::arn_invalid()),
        }
    }

    fn cluster(world: &'w World, name: &str) -> Result<Self, Fault> {
        let cluster = world.clusters.get(name);
        let cluster = cluster.ok_or_else(|| fault::tagged_missing("cluster"))?;
        match cluster.status {
            ClusterStatus::Active => Ok(Self::Cluster(cluster)),
            ClusterStatus::Inactive => Err(fault::tagged_inactive("cluster")),
        }
    }

    fn service(world: &'w World, name: &str) -> Result<Self, Fault> {
        let (cluster, name) = name.split_once('/').ok_or_else(fault::arn_invalid)?;
        let key = ServiceKey { cluster: cluster.into(), name: name.into() };
        let service = world.services.get(&key);
        let service = service.ok_or_else(|| fault::tagged_missing("service"))?;
        match service.status {
            ServiceStatus::Active | ServiceStatus::Draining => Ok(Self::Service(service)),
            ServiceStatus::Inactive => Err(fault::tagged_inactive("service")),
        }
    }

    fn task(world: &'w World, name: &str) -> Result<Self, Fault> {
        let (cluster, id) = name.split_once('/').ok_or_else(fault::arn_invalid)?;
        let key = TaskKey { cluster: cluster.into(), id: id.into() };
        let task = world.tasks.get(&key).ok_or_else(|| fault::tagged_missing("task"))?;
        match task.phase {
            Phase::Stopped => Err(fault::tagged_task_stopped()),
            _ => Ok(Self::Task(task)),
        }
    }

    fn definition(world: &'w World, name: &str) -> Result<Self, Fault> {
        let (family, revision) = name.split_once(':').ok_or_else(fault::arn_invalid)?;
        let revision = revision.parse().map_err(|_| fault::arn_invalid())?;
        let key = DefinitionKey { family: family.into(), revision };
        let definition = world.definitions.get(&key).ok_or_else(fault::definition::unknown)?;
        Ok(Self::Definition(definition))
    }

    fn tags(&self) -> &Tags {
        match self {
            Self::Cluster(row) => &row.tags,
            Self::Service(row) => &row.tags,
            Self::Task(row) => &row.tags,
            Self::Definition(row) => &row.tags,
        }
    }

    /// The row with other tags.
    fn with(&self, tags: Tags) -> Row {
        match self {
            Self::Cluster(row) => Cluster { tags, ..(*row).clone() }.into(),
            Self::Service(row) => Service { tags, ..(*row).clone() }.into(),
            Self::Task(row) => Task { tags, ..(*row).clone() }.into(),
            Self::Definition(row) => TaskDefinition { tags, ..(*row).clone() }.into(),
        }
    }
}
