//! `ListImages`.

use super::{has_standing, has_status};
use crate::Cx;
use crate::ecr::{fault, find};
use crate::page::{Ask, limit, page};
use api::Fault;
use api::ecr::{ImageIdentifier, ListImagesRequest, ListImagesResponse};
use world::{Image, World};

/// How many ids a page has when a request doesn't say, and at most: the model's documentation.
const USUAL: usize = 100;
const MOST: usize = 1000;

/// An id for each tag, and one for each image without any.
pub(in crate::ecr) fn images(
    world: &World,
    cx: &Cx<'_>,
    input: ListImagesRequest,
) -> Result<ListImagesResponse, Fault> {
    let row = find(world, input.registry_id.as_deref(), &input.repository_name)?;
    let filter = input.filter.unwrap_or_default();
    let wanted = |image: &&Image| {
        has_standing(image, filter.image_status.as_deref(), cx.now)
            && has_status(image, filter.tag_status.as_deref())
    };
    let mut ids: Vec<(String, Option<String>)> =
        world.images_of(&row.name).filter(wanted).flat_map(ids).collect();
    ids.sort();
    let ask = Ask {
        listing: "ListImages",
        token: input.next_token.as_deref(),
        limit: limit(input.max_results, USUAL, MOST),
    };
    let key = |(digest, tag): &(String, Option<String>)| {
        format!("{digest} {}", tag.as_deref().unwrap_or_default())
    };
    let page = page(ids, &ask, key).map_err(fault::bad_token)?;
    let id = |(digest, image_tag)| ImageIdentifier { image_digest: Some(digest), image_tag };
    let image_ids = Some(page.rows.into_iter().map(id).collect());
    Ok(ListImagesResponse { image_ids, next_token: page.next })
}

fn ids(image: &Image) -> Vec<(String, Option<String>)> {
    let digest = image.key.digest.to_string();
    match image.tags.is_empty() {
        true => vec![(digest, None)],
        false => image.tags.iter().map(|tag| (digest.clone(), Some(tag.clone()))).collect(),
    }
}
