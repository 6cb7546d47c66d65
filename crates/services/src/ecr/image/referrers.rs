//! `ListImageReferrers`.

use super::has_standing;
use crate::Cx;
use crate::ecr::{fault, find, manifest};
use crate::page::{Ask, limit, page};
use api::Fault;
use api::ecr::{ImageReferrer, ListImageReferrersRequest, ListImageReferrersResponse};
use world::{Image, ImageKey, World};

/// How many referrers a page has when a request doesn't say, and at most: the model's
/// documentation.
const USUAL: usize = 50;
const MOST: usize = 50;

/// The images that are about another one: its signatures, say.
pub(in crate::ecr) fn images(
    world: &World,
    cx: &Cx<'_>,
    input: ListImageReferrersRequest,
) -> Result<ListImageReferrersResponse, Fault> {
    let row = find(world, input.registry_id.as_deref(), &input.repository_name)?;
    let digest = input.subject_id.image_digest.as_str().into();
    let subject = ImageKey { repository: row.name.clone(), digest };
    let filter = input.filter.unwrap_or_default();
    let kinds = filter.artifact_types.unwrap_or_default();
    let wanted = |image: &&Image| {
        has_standing(image, filter.artifact_status.as_deref(), cx.now)
            && (kinds.is_empty()
                || image.artifact_type.as_ref().is_some_and(|kind| kinds.contains(kind)))
    };
    let mut rows: Vec<&Image> = world.referrers_of(&subject).filter(wanted).collect();
    rows.sort_by(|a, b| a.key.digest.as_str().cmp(b.key.digest.as_str()));
    let ask = Ask {
        listing: "ListImageReferrers",
        token: input.next_token.as_deref(),
        limit: limit(input.max_results, USUAL, MOST),
    };
    let page = page(rows, &ask, |image| image.key.digest.to_string()).map_err(fault::bad_token)?;
    let referrers = Some(page.rows.into_iter().map(|image| show(image, cx)).collect());
    Ok(ListImageReferrersResponse { referrers, next_token: page.next })
}

fn show(image: &Image, cx: &Cx<'_>) -> ImageReferrer {
    ImageReferrer {
        digest: image.key.digest.to_string(),
        media_type: image.media_type.clone(),
        artifact_type: image.artifact_type.clone(),
        size: i64::try_from(image.manifest.len()).unwrap_or(i64::MAX),
        annotations: manifest::annotations(&image.manifest),
        artifact_status: Some(image.standing(cx.now).as_str().to_owned()),
    }
}
