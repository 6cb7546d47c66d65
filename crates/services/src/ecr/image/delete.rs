//! `BatchDeleteImage`.

use super::get::MOST;
use crate::Cx;
use crate::ecr::{fault, find, which};
use api::Fault;
use api::ecr::{BatchDeleteImageRequest, BatchDeleteImageResponse, ImageFailure, ImageIdentifier};
use model::Ids;
use world::{Draft, Image, Repository, RowKey};

/// Deletes images by digest with all their tags, or takes tags away; an image goes with its last
/// tag. One that an index leads to stays.
pub(in crate::ecr) fn images(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: BatchDeleteImageRequest,
) -> Result<BatchDeleteImageResponse, Fault> {
    let row = find(draft, input.registry_id.as_deref(), &input.repository_name)?.clone();
    if input.image_ids.len() > MOST {
        return Err(fault::parameter(format!("at most {MOST} images can be deleted at once")));
    }
    let (mut image_ids, mut failures) = (Vec::new(), Vec::new());
    for id in input.image_ids {
        match delete(draft, &row, id) {
            Ok(deleted) => image_ids.extend(deleted),
            Err(failure) => failures.push(failure),
        }
    }
    Ok(BatchDeleteImageResponse { image_ids: Some(image_ids), failures: Some(failures) })
}

fn delete(
    draft: &mut Draft,
    row: &Repository,
    id: ImageIdentifier,
) -> Result<Vec<ImageIdentifier>, ImageFailure> {
    let image = match which::find(draft, row, &id) {
        Ok(image) => image.clone(),
        Err(miss) => return Err(miss.failure(id)),
    };
    if let Some(tag) = id.image_tag.as_ref().filter(|_| image.tags.len() > 1) {
        let deleted = vec![identifier(&image, Some(tag))];
        let mut image = image;
        image.tags.remove(tag);
        draft.put(image);
        return Ok(deleted);
    }
    let indexes: Vec<String> =
        draft.indexes_with(&image.key).map(|index| index.key.digest.to_string()).collect();
    if !indexes.is_empty() {
        // The text is moto's.
        let reason =
            format!("Requested image referenced by manifest list: [{}]", indexes.join(", "));
        return Err(which::failure(id, "ImageReferencedByManifestList", reason));
    }
    draft.remove(RowKey::Image(image.key.clone()));
    Ok(match image.tags.is_empty() {
        true => vec![identifier(&image, None)],
        false => image.tags.iter().map(|tag| identifier(&image, Some(tag))).collect(),
    })
}

fn identifier(image: &Image, tag: Option<&String>) -> ImageIdentifier {
    ImageIdentifier { image_digest: Some(image.key.digest.to_string()), image_tag: tag.cloned() }
}
