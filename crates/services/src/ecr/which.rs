//! Which image an identifier means: by digest, by tag, or by both.

use super::{digest, fault};
use api::Fault;
use api::ecr::{ImageFailure, ImageIdentifier};
use world::{Image, ImageKey, Repository, World};

/// Why an identifier means no image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Miss {
    /// It has neither a tag nor a digest.
    Empty,
    /// Its digest is none.
    BadDigest,
    /// The image of its digest does not have its tag.
    OtherTag,
    /// There is no such image.
    Absent,
    /// It is in the archive, or on its way back.
    Archived,
}

/// The image that is meant.
pub(super) fn find<'w>(
    world: &'w World,
    row: &Repository,
    id: &ImageIdentifier,
) -> Result<&'w Image, Miss> {
    let of_digest = |text: &str| {
        let key = ImageKey { repository: row.name.clone(), digest: text.into() };
        world.images.get(&key).ok_or(Miss::Absent)
    };
    match (id.image_digest.as_deref(), id.image_tag.as_deref()) {
        (None, None) => Err(Miss::Empty),
        (Some(text), _) if !digest::is_digest(text) => Err(Miss::BadDigest),
        (Some(text), None) => of_digest(text),
        (None, Some(tag)) => world.image_tagged(&row.name, tag).ok_or(Miss::Absent),
        (Some(text), Some(tag)) => {
            let image = of_digest(text)?;
            if image.tags.contains(tag) { Ok(image) } else { Err(Miss::OtherTag) }
        }
    }
}

// === impl Miss ===

impl Miss {
    /// A failure of a call for several images. The first two reasons and that of an absent image
    /// are moto's.
    pub(super) fn failure(self, id: ImageIdentifier) -> ImageFailure {
        let (code, reason) = match self {
            Self::Empty => (
                "MissingDigestAndTag",
                "Invalid request parameters: both tag and digest cannot be null",
            ),
            Self::BadDigest => (
                "InvalidImageDigest",
                "Invalid request parameters: image digest should satisfy the regex \
                 '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
            ),
            Self::OtherTag => {
                ("ImageTagDoesNotMatchDigest", "the image of this digest does not have this tag")
            }
            Self::Absent => ("ImageNotFound", "Requested image not found"),
            Self::Archived => ("ImageInaccessible", "the image is archived"),
        };
        failure(id, code, reason)
    }

    /// A refusal of a call for one image.
    pub(super) fn refusal(self, id: &ImageIdentifier, row: &Repository, registry: &str) -> Fault {
        match self {
            Self::Empty => fault::parameter("an image is named by its tag or its digest"),
            Self::BadDigest => fault::parameter("a digest is `sha256:` and 64 hexadecimal digits"),
            Self::OtherTag | Self::Absent | Self::Archived => {
                let digest = id.image_digest.as_ref().map(|text| format!("imageDigest:'{text}'"));
                let tag = id.image_tag.as_ref().map(|text| format!("imageTag:'{text}'"));
                let which: Vec<String> = digest.into_iter().chain(tag).collect();
                fault::no_image(&which.join(", "), row.name.as_str(), registry)
            }
        }
    }
}

/// A failure of a call for several images.
pub(super) fn failure(id: ImageIdentifier, code: &str, reason: impl Into<String>) -> ImageFailure {
    ImageFailure {
        image_id: Some(id),
        failure_code: Some(code.to_owned()),
        failure_reason: Some(reason.into()),
    }
}
