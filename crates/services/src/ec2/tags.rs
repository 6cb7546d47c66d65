//! Tags of anything that EC2 keeps, by the resource's id.

use super::filter::{Field, Tagged, maybe, passing};
use super::{Wanted, dry, fault, pages};
use crate::tags::{MOST, TagMistake, merged};
use crate::{Cx, tags};
use api::Fault;
use api::ec2::*;
use api::value::Nothing;
use model::Ids;
use world::vpc::ResourceTags;
use world::{Draft, RowKey, Tags, World};

const FIELDS: &[Field<TagDescription>] = &[
    Field { names: &["key"], values: |tag| maybe(tag.key.as_ref()) },
    Field { names: &["value"], values: |tag| maybe(tag.value.as_ref()) },
    Field { names: &["resource-id"], values: |tag| maybe(tag.resource_id.as_ref()) },
    Field { names: &["resource-type"], values: |tag| maybe(tag.resource_type.as_ref()) },
];

/// The kinds of what can be tagged here, by the prefix of their ids.
const KINDS: [(&str, &str); 8] = [
    ("vpc-", "vpc"),
    ("subnet-", "subnet"),
    ("igw-", "internet-gateway"),
    ("rtb-", "route-table"),
    ("sg-", "security-group"),
    ("sgr-", "security-group-rule"),
    ("eipalloc-", "elastic-ip"),
    ("nat-", "natgateway"),
];

impl Tagged for TagDescription {
    fn tags(&self) -> &[Tag] {
        &[]
    }
}

/// `CreateTags`: all of the resources, or none.
pub(super) fn create(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: CreateTagsRequest,
) -> Result<Nothing, Fault> {
    dry(input.dry_run)?;
    let given = pairs(&input.tags);
    for resource in &input.resources {
        check(draft, resource)?;
        let old = of(draft, resource);
        let tags = merged(&old, given.clone(), MOST).map_err(fault::bad_tags)?;
        keep(draft, resource, tags);
    }
    Ok(Nothing)
}

/// `DeleteTags`: those with the keys, and with the values where some are named; all when no tag is.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteTagsRequest,
) -> Result<Nothing, Fault> {
    dry(input.dry_run)?;
    let named = input.tags.unwrap_or_default();
    for resource in &input.resources {
        check(draft, resource)?;
        let mut tags = of(draft, resource);
        tags.retain(|key, value| {
            let mut fitting = named.iter().filter(|tag| tag.key.as_ref() == Some(key));
            let named_so =
                fitting.any(|tag| tag.value.as_ref().is_none_or(|wanted| wanted == value));
            !named.is_empty() && !named_so
        });
        keep(draft, resource, tags);
    }
    Ok(Nothing)
}

/// `DescribeTags`.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeTagsRequest,
) -> Result<DescribeTagsResult, Fault> {
    dry(input.dry_run)?;
    let rows = world.resource_tags.iter().flat_map(|held| {
        held.tags.iter().map(|(key, value)| TagDescription {
            key: Some(key.clone()),
            value: Some(value.clone()),
            resource_id: Some(held.resource.clone()),
            resource_type: kind(&held.resource).map(str::to_owned),
        })
    });
    let rows = passing(rows.collect(), input.filters.as_deref(), FIELDS)?;
    let wanted =
        Wanted { listing: "DescribeTags", token: input.next_token, most: input.max_results };
    let key =
        |tag: &TagDescription| Some(format!("{}={}", tag.resource_id.as_ref()?, tag.key.as_ref()?));
    let page = pages(rows, &wanted, key)?;
    Ok(DescribeTagsResult { tags: Some(page.rows), next_token: page.next })
}

/// The tags of a request that makes a resource of a kind.
pub(super) fn new(specifications: Option<&[TagSpecification]>, kind: &str) -> Result<Tags, Fault> {
    let mut all = Vec::new();
    for specification in specifications.unwrap_or_default() {
        let given = specification.resource_type.as_deref().unwrap_or_default();
        if given != kind {
            return Err(fault::not_taggable(given));
        }
        all.extend(pairs(specification.tags.as_deref().unwrap_or_default()));
    }
    tags::new(all).map_err(fault::bad_tags)
}

/// Keeps a resource's tags; a resource without tags has no row.
pub(super) fn keep(draft: &mut Draft, resource: &str, tags: Tags) {
    if tags.is_empty() {
        forget(draft, resource);
    } else {
        draft.put(ResourceTags { resource: resource.to_owned(), tags });
    }
}

/// Forgets the tags of a resource that goes.
pub(super) fn forget(draft: &mut Draft, resource: &str) {
    draft.remove(RowKey::ResourceTags(resource.to_owned()));
}

/// A resource's tags as EC2 answers them; it leaves the member out when there are none.
pub(super) fn show(world: &World, resource: &str) -> Option<Vec<Tag>> {
    let held = world.resource_tags.get(resource)?;
    let tag = |(key, value): (&String, &String)| Tag {
        key: Some(key.clone()),
        value: Some(value.clone()),
    };
    Some(held.tags.iter().map(tag).collect())
}

fn of(world: &World, resource: &str) -> Tags {
    world.resource_tags.get(resource).map(|held| held.tags.clone()).unwrap_or_default()
}

fn pairs(tags: &[Tag]) -> Vec<(String, String)> {
    let pair =
        |tag: &Tag| (tag.key.clone().unwrap_or_default(), tag.value.clone().unwrap_or_default());
    tags.iter().map(pair).collect()
}

fn kind(id: &str) -> Option<&'static str> {
    KINDS.iter().find(|(prefix, _)| id.starts_with(prefix)).map(|(_, kind)| *kind)
}

/// Whether there is such a resource.
fn check(world: &World, id: &str) -> Result<(), Fault> {
    let rule = || {
        let mut groups = world.all_security_groups();
        groups.any(|group| group.rules.iter().any(|rule| rule.id == id))
    };
    let (there, missing): (bool, fn(&str) -> Fault) = match kind(id) {
        Some("vpc") => (world.network(&id.into()).is_some(), fault::no_vpc),
        Some("subnet") => (world.subnet_place(id).is_some(), fault::no_subnet),
        Some("internet-gateway") => {
            (world.internet_gateway(&id.into()).is_some(), fault::no_internet_gateway)
        }
        Some("route-table") => (world.route_table(&id.into()).is_some(), fault::no_route_table),
        Some("security-group") => (world.security_group(&id.into()).is_some(), fault::no_group),
        Some("security-group-rule") => (rule(), fault::no_rule),
        Some("elastic-ip") => (world.elastic_addresses.contains(id), fault::no_allocation),
        Some(_) => (world.nat_gateways.contains(id), fault::no_nat_gateway),
        None => (false, fault::no_such_id),
    };
    if there { Ok(()) } else { Err(missing(id)) }
}

/// EC2's words for a mistake.
pub(super) fn mistake(mistake: &TagMistake) -> (&'static str, String) {
    match mistake {
        TagMistake::Duplicate(key) => {
            ("InvalidParameterValue", format!("Duplicate tag key '{key}' specified."))
        }
        TagMistake::Reserved(_) => (
            "InvalidParameterValue",
            "Tag keys starting with 'aws:' are reserved for internal use".to_owned(),
        ),
        TagMistake::TooMany { .. } => (
            "TagLimitExceeded",
            "The maximum number of tags for a resource has been reached.".to_owned(),
        ),
    }
}
