//! Tags of certificates.

use super::{fault, find};
use crate::Cx;
use crate::tags::{self, MOST};
use api::Fault;
use api::acm::{
    AddTagsToCertificateRequest, ListTagsForCertificateRequest, ListTagsForCertificateResponse,
    RemoveTagsFromCertificateRequest, Tag,
};
use api::value::Nothing;
use model::Ids;
use world::{Certificate, Draft, Tags, World};

/// `AddTagsToCertificate`.
pub(super) fn add(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: AddTagsToCertificateRequest,
) -> Result<Nothing, Fault> {
    let row = find(draft, &input.certificate_arn)?.clone();
    let tags = tags::merged(&row.tags, pairs(input.tags), MOST);
    let tags = tags.map_err(|mistake| fault::bad_tags(&mistake))?;
    draft.put(Certificate { tags, ..row });
    Ok(Nothing)
}

/// `RemoveTagsFromCertificate`. A value that is given has to be the tag's.
pub(super) fn remove(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: RemoveTagsFromCertificateRequest,
) -> Result<Nothing, Fault> {
    let mut row = find(draft, &input.certificate_arn)?.clone();
    for tag in input.tags {
        let meant = |known: &String| tag.value.as_ref().is_none_or(|value| value == known);
        if row.tags.get(&tag.key).is_some_and(meant) {
            row.tags.remove(&tag.key);
        }
    }
    draft.put(row);
    Ok(Nothing)
}

/// `ListTagsForCertificate`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListTagsForCertificateRequest,
) -> Result<ListTagsForCertificateResponse, Fault> {
    let row = find(world, &input.certificate_arn)?;
    let tags =
        row.tags.iter().map(|(key, value)| Tag { key: key.clone(), value: Some(value.clone()) });
    Ok(ListTagsForCertificateResponse { tags: Some(tags.collect()) })
}

/// The tags of a request that makes a certificate.
pub(super) fn new(given: Vec<Tag>) -> Result<Tags, Fault> {
    tags::new(pairs(given)).map_err(|mistake| fault::bad_tags(&mistake))
}

fn pairs(given: Vec<Tag>) -> impl Iterator<Item = (String, String)> {
    given.into_iter().map(|tag| (tag.key, tag.value.unwrap_or_default()))
}
