//! Gives an image a name.

use super::engine::{Hints, find, text};
use crate::Error;
use bollard::query_parameters::TagImageOptions;

/// Names an image: `id` is its id, `name` a repository and tag. A name that led to another image
/// leads to this one then.
///
/// # Errors
/// When there is no engine, or it has no such image.
pub async fn tag(hints: &Hints, id: &str, name: &str) -> Result<(), Error> {
    let engine = find(hints).await?;
    // A colon after the last slash starts the tag; one before it is a registry's port.
    let path = name.rfind('/').map_or(0, |slash| slash + 1);
    let (repository, tag) = match name[path..].rfind(':') {
        Some(colon) => (&name[..path + colon], &name[path + colon + 1..]),
        None => (name, "latest"),
    };
    let options = TagImageOptions { repo: Some(repository.to_owned()), tag: Some(tag.to_owned()) };
    let tagged = engine.tag_image(id, Some(options)).await;
    tagged.map_err(|error| Error::refused(format!("naming the image {name}"), text(&error)))
}
