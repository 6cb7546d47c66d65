//! `BatchGetImage`.

use super::put::show;
use crate::Cx;
use crate::ecr::which::Miss;
use crate::ecr::{fault, find, which};
use api::Fault;
use api::ecr::{BatchGetImageRequest, BatchGetImageResponse};
use world::World;
use world::registry::archive::Standing;

/// How many images a call may name: the model's documentation.
pub(super) const MOST: usize = 100;

/// Images with their manifests. One whose media type is not accepted is not found: the region
/// converts no manifest, since that would change its digest.
pub(in crate::ecr) fn images(
    world: &World,
    cx: &Cx<'_>,
    input: BatchGetImageRequest,
) -> Result<BatchGetImageResponse, Fault> {
    let row = find(world, input.registry_id.as_deref(), &input.repository_name)?;
    if input.image_ids.len() > MOST {
        return Err(fault::parameter(format!("at most {MOST} images can be asked for")));
    }
    let accepted = input.accepted_media_types.unwrap_or_default();
    let (mut images, mut failures) = (Vec::new(), Vec::new());
    for id in input.image_ids {
        let found = which::find(world, row, &id);
        let fits = |kind: &String| accepted.is_empty() || accepted.contains(kind);
        match found {
            Ok(image) if image.standing(cx.now) != Standing::Active => {
                failures.push(Miss::Archived.failure(id));
            }
            Ok(image) if fits(&image.media_type) => {
                images.push(show(image, id.image_tag.as_deref(), world));
            }
            Ok(_) => failures.push(Miss::Absent.failure(id)),
            Err(miss) => failures.push(miss.failure(id)),
        }
    }
    Ok(BatchGetImageResponse { images: Some(images), failures: Some(failures) })
}
