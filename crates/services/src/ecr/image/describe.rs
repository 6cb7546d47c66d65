//! `DescribeImages`.

use super::{has_standing, has_status};
use crate::Cx;
use crate::ecr::{fault, find, registry_id, which};
use crate::page::{Ask, limit, page};
use api::Fault;
use api::ecr::{DescribeImagesRequest, DescribeImagesResponse, ImageDetail};
use world::{Image, World};

/// How many images a page has when a request doesn't say, and at most: the model's documentation.
const USUAL: usize = 100;
const MOST: usize = 1000;

/// What is known of images. How scans went is said by `DescribeImageScanFindings` alone, as AWS's
/// newer basic scanning has it.
pub(in crate::ecr) fn images(
    world: &World,
    cx: &Cx<'_>,
    input: DescribeImagesRequest,
) -> Result<DescribeImagesResponse, Fault> {
    let row = find(world, input.registry_id.as_deref(), &input.repository_name)?;
    let filter = input.filter.unwrap_or_default();
    let tags = filter.tag_status.as_deref();
    let standing = filter.image_status.as_deref();
    let detail = |image: &Image| detail(image, world, cx);
    if let Some(ids) = input.image_ids.filter(|ids| !ids.is_empty()) {
        let account = world.place.account.as_str();
        let found = ids
            .iter()
            .map(|id| which::find(world, row, id).map_err(|miss| miss.refusal(id, row, account)));
        let found: Vec<&Image> = found.collect::<Result<_, _>>()?;
        // Who names an image sees it, wherever it is kept.
        let standing = standing.or(Some("ANY"));
        let is_meant =
            |image: &&Image| has_standing(image, standing, cx.now) && has_status(image, tags);
        let image_details = Some(found.into_iter().filter(is_meant).map(detail).collect());
        return Ok(DescribeImagesResponse { image_details, next_token: None });
    }
    let is_meant =
        |image: &&Image| has_standing(image, standing, cx.now) && has_status(image, tags);
    let mut rows: Vec<&Image> = world.images_of(&row.name).filter(is_meant).collect();
    rows.sort_by(|a, b| a.key.digest.as_str().cmp(b.key.digest.as_str()));
    let ask = Ask {
        listing: "DescribeImages",
        token: input.next_token.as_deref(),
        limit: limit(input.max_results, USUAL, MOST),
    };
    let page = page(rows, &ask, |image| image.key.digest.to_string()).map_err(fault::bad_token)?;
    let image_details = Some(page.rows.into_iter().map(detail).collect());
    Ok(DescribeImagesResponse { image_details, next_token: page.next })
}

fn detail(image: &Image, world: &World, cx: &Cx<'_>) -> ImageDetail {
    let back_at = image.archival.and_then(|archival| archival.back_at);
    let tags = (!image.tags.is_empty()).then(|| image.tags.iter().cloned().collect());
    ImageDetail {
        registry_id: registry_id(world),
        repository_name: Some(image.key.repository.to_string()),
        image_digest: Some(image.key.digest.to_string()),
        image_tags: tags,
        image_size_in_bytes: i64::try_from(image.size).ok(),
        image_pushed_at: Some(image.pushed_at),
        image_manifest_media_type: Some(image.media_type.clone()),
        artifact_media_type: image.artifact_type.clone(),
        subject_manifest_digest: image.subject.as_ref().map(ToString::to_string),
        image_status: Some(image.standing(cx.now).as_str().to_owned()),
        last_archived_at: image.archival.map(|archival| archival.since),
        last_activated_at: back_at.filter(|back_at| *back_at <= cx.now),
        last_recorded_pull_time: image.pulled_at,
        ..ImageDetail::default()
    }
}
