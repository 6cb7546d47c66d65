//! The digest that a name leads to.

use super::engine::{Hints, find, text};
use crate::Error;

/// The digest of an image's name: what its registry says now, else what the engine remembers of the
/// last time that it pulled or pushed the image. Of an image for several platforms it is the digest of
/// all of them.
///
/// # Errors
/// When there is no engine, or neither the registry nor the engine tells one.
pub async fn digest(hints: &Hints, image: &str) -> Result<String, Error> {
    let engine = find(hints).await?;
    let refused = match engine.inspect_registry_image(image, None).await {
        Ok(told) => match told.descriptor.digest {
            Some(digest) => return Ok(digest),
            None => "its registry tells none".to_owned(),
        },
        Err(error) => text(&error),
    };
    let known = engine.inspect_image(image).await.ok().and_then(|it| it.repo_digests);
    let own = known.unwrap_or_default().into_iter().find_map(|name| {
        let (repository, digest) = name.split_once('@')?;
        (repository == repository_of(image)).then(|| digest.to_owned())
    });
    own.ok_or_else(|| Error::refused(format!("asking for the digest of {image}"), refused))
}

/// An image's name without its tag.
fn repository_of(image: &str) -> &str {
    let path = image.rfind('/').map_or(0, |slash| slash + 1);
    image[path..].find(':').map_or(image, |colon| &image[..path + colon])
}

#[cfg(test)]
mod tests {
    use super::repository_of;

    #[test]
    fn a_port_is_no_tag() {
        for (image, expected) in [
            ("node:22", "node"),
            ("node", "node"),
            ("localhost:5000/a/node", "localhost:5000/a/node"),
            ("localhost:5000/a/node:22", "localhost:5000/a/node"),
        ] {
            assert_eq!(repository_of(image), expected);
        }
    }
}
