//! `DescribeImages`.

use super::{has_status, is_here};
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
    _: &Cx<'_>,
    input: DescribeImagesRequest,
) -> Result<DescribeImagesResponse, Fault> {
    let row = find(world, input.registry_id.as_deref(), &input.repository_name)?;
    let filter = input.filter.unwrap_or_default();
    let here = is_here(filter.image_status.as_deref());
    let wanted = |image: &&Image| here && has_status(image, filter.tag_status.as_deref());
    if let Some(ids) = input.image_ids.filter(|ids| !ids.is_empty()) {
        let account = world.place.account.as_str();
        let found = ids
            .iter()
            .map(|id| which::find(world, row, id).map_err(|miss| miss.refusal(id, row, account)));
        let found: Vec<&Image> = found.collect::<Result<_, _>>()?;
        let details = found.into_iter().filter(wanted).map(|image| detail(image, world));
        let image_details = Some(details.collect());
        return Ok(DescribeImagesResponse { image_details, next_token: None });
    }
    let mut rows: Vec<&Image> = world.images_of(&row.name).filter(wanted).collect();
    rows.sort_by(|a, b| a.key.digest.as_str().cmp(b.key.digest.as_str()));
    let ask = Ask {
        listing: "DescribeImages",
        token: input.next_token.as_deref(),
        limit: limit(input.max_results, USUAL, MOST),
    };
    let page = page(rows, &ask, |image| image.key.digest.to_string()).map_err(fault::bad_token)?;
    let image_details = Some(page.rows.into_iter().map(|image| detail(image, world)).collect());
    Ok(DescribeImagesResponse { image_details, next_token: page.next })
}

fn detail(image: &Image, world: &World) -> ImageDetail {
    let tags = (!image.tags.is_empty()).then(|| image.tags.iter().cloned().collect());
    ImageDetail {
        registry_id: registry_id(world),
        repository_name: Some(image.key.repository.to_string()),
        image_digest: Some(image.key.digest.to_string()),
        image_tags: tags,
        image_size_in_bytes: image.size.and_then(|size| i64::try_from(size).ok()),
        image_pushed_at: Some(image.pushed_at),
        image_manifest_media_type: Some(image.media_type.clone()),
        artifact_media_type: image.artifact_type.clone(),
        subject_manifest_digest: image.subject.as_ref().map(ToString::to_string),
        image_status: Some("ACTIVE".to_owned()),
        last_recorded_pull_time: image.pulled_at,
        ..ImageDetail::default()
    }
}
