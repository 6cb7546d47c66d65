//! The images of the region's own registry, as the driver asks for them.
//!
//! A task definition names them as on AWS, `<account>.dkr.ecr.<region>.amazonaws.com/<name>`, or as
//! Docker reaches them here, `localhost:<port>/<name>`. The driver is always told the latter; this
//! is the one place where one becomes the other.

use crate::clock;
use crate::heart::Published;
use model::{At, ImageRef, RepositoryName};
use world::ImageKey;
use world::registry::archive::Standing;

/// Knows which names are the region's own.
#[derive(Debug, Clone)]
pub(crate) struct Shelf {
    published: Published,
    /// Where Docker finds the registry: `localhost:4566`.
    address: String,
}

impl Shelf {
    pub(crate) fn new(published: Published, address: String) -> Self {
        Self { published, address }
    }

    /// The name under which the driver can have an image. Other registries' images keep theirs.
    pub(crate) fn place(&self, image: String) -> String {
        match self.path(&image) {
            Some(path) => format!("{}/{path}", self.address),
            None => image,
        }
    }

    /// What is said of an image, with the registry's name as the image has it.
    pub(crate) fn told(&self, image: &str, message: &str) -> String {
        match image.split_once('/') {
            Some((host, _)) if self.path(image).is_some() => message.replace(&self.address, host),
            _ => message.to_owned(),
        }
    }

    /// The digest that an image's tag has in the registry now. The engine may have an older image
    /// under the same name, which must not be run in its place.
    pub(crate) fn digest(&self, image: &str) -> Option<String> {
        let path = self.path(image)?;
        let reference: ImageRef = path.parse().ok()?;
        let repository = RepositoryName::from(reference.repository);
        match reference.at {
            At::Tag(tag) => {
                let world = self.published.load();
                let image = world.image_tagged(&repository, &tag)?;
                let active = image.standing(clock::now()) == Standing::Active;
                active.then(|| image.key.digest.to_string())
            }
            At::Digest(digest) => Some(digest),
        }
    }

    /// The image of a digest, if it is one of the registry's own.
    pub(crate) fn key(&self, image: &str, digest: &str) -> Option<ImageKey> {
        let reference: ImageRef = self.path(image)?.parse().ok()?;
        Some(ImageKey { repository: reference.repository.into(), digest: digest.into() })
    }

    /// What follows the registry's name in the name of an image of its own.
    fn path<'a>(&self, image: &'a str) -> Option<&'a str> {
        let (host, path) = image.split_once('/')?;
        let place = &self.published.load().place;
        let aws = format!("{}.dkr.ecr.{}.amazonaws.com", place.account, place.region);
        (host == aws || host == self.address).then_some(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arc_swap::ArcSwap;
    use model::Place;
    use std::sync::Arc;
    use world::{Vpc, World};

    fn shelf() -> Shelf {
        let place = Place { region: "eu-west-1".into(), account: "000000000000".into() };
        let vpc = Vpc::default_of(&place, [127, 31]);
        let published = Arc::new(ArcSwap::from_pointee(World::empty(place, vpc)));
        Shelf::new(published, "localhost:4566".to_owned())
    }

    #[test]
    fn only_the_regions_own_names_are_its_own() {
        let shelf = shelf();
        for (image, expected) in [
            ("000000000000.dkr.ecr.eu-west-1.amazonaws.com/a/b:1", "localhost:4566/a/b:1"),
            ("localhost:4566/shop", "localhost:4566/shop"),
            (
                "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop",
                "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop",
            ),
            (
                "000000000000.dkr.ecr.us-east-1.amazonaws.com/shop",
                "000000000000.dkr.ecr.us-east-1.amazonaws.com/shop",
            ),
            ("node:22", "node:22"),
        ] {
            assert_eq!(shelf.place(image.to_owned()), expected);
        }
    }

    #[test]
    fn messages_name_an_image_as_it_was_named() {
        let message = "localhost:4566/shop:1: not found";
        for (image, expected) in [
            (
                "000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop:1",
                "000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop:1: not found",
            ),
            ("localhost:4566/shop:1", message),
            ("node:22", message),
        ] {
            assert_eq!(shelf().told(image, message), expected);
        }
    }
}
