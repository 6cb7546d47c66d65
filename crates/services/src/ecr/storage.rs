//! `UpdateImageStorageClass`: into the archive and back.

use super::{fault, find, registry_id, which};
use crate::Cx;
use api::Fault;
use api::ecr::{ImageIdentifier, UpdateImageStorageClassRequest, UpdateImageStorageClassResponse};
use model::{Ids, Span};
use world::registry::archive::Standing;
use world::{Draft, Image};

/// How long the way back takes: AWS says 20 minutes or less.
const RETURN: Span = Span::minutes(20);

/// Moves an image between the storage classes.
pub(super) fn update(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: UpdateImageStorageClassRequest,
) -> Result<UpdateImageStorageClassResponse, Fault> {
    let row = find(draft, input.registry_id.as_deref(), &input.repository_name)?.clone();
    let account = draft.place.account.as_str();
    let image = which::find(draft, &row, &input.image_id)
        .map_err(|miss| miss.refusal(&input.image_id, &row, account))?
        .clone();
    let moved = match (image.standing(cx.now), input.target_storage_class.as_str()) {
        (Standing::Active, "ARCHIVE") if is_needed(draft, &image, cx) => {
            return Err(fault::not_movable("an index that is not archived leads to the image"));
        }
        (Standing::Active, "ARCHIVE") => image.into_archive(cx.now),
        (Standing::Archived, "STANDARD") => image.back_at(cx.now + cx.pace.wait(RETURN)),
        (standing, target) => {
            let why = format!("an image that is {} can't go to {target}", standing.as_str());
            return Err(fault::not_movable(&why));
        }
    };
    let image_status = Some(moved.standing(cx.now).as_str().to_owned());
    let image_digest = Some(moved.key.digest.to_string());
    draft.put(moved);
    Ok(UpdateImageStorageClassResponse {
        registry_id: registry_id(draft),
        repository_name: Some(input.repository_name),
        image_id: Some(ImageIdentifier { image_digest, ..input.image_id }),
        image_status,
    })
}

/// Whether an index that can be pulled leads to the image.
fn is_needed(draft: &Draft, image: &Image, cx: &Cx<'_>) -> bool {
    draft.indexes_with(&image.key).any(|index| index.standing(cx.now) != Standing::Archived)
}
