//! Refusals of the registry. Texts that moto has from AWS are in reference §6.4; the others are ours.

use crate::page::InvalidToken;
use crate::tags::TagMistake;
use api::Fault;
use api::ecr::ImageIdentifier;
use world::{ImageKey, LayerKey};

/// A parameter that AWS doesn't take.
pub(super) fn parameter(message: impl Into<String>) -> Fault {
    Fault::refuse("InvalidParameterException", message)
}

pub(super) fn no_repository(name: &str, registry: &str) -> Fault {
    let message = format!(
        "The repository with name '{name}' does not exist in the registry with id '{registry}'"
    );
    Fault::refuse("RepositoryNotFoundException", message)
}

pub(super) fn repository_exists(name: &str, registry: &str) -> Fault {
    let message = format!(
        "The repository with name '{name}' already exists in the registry with id '{registry}'"
    );
    Fault::refuse("RepositoryAlreadyExistsException", message)
}

pub(super) fn not_empty(name: &str, registry: &str) -> Fault {
    let message = format!(
        "The repository with name '{name}' in registry with id '{registry}' cannot be deleted \
         because it still contains images"
    );
    Fault::refuse("RepositoryNotEmptyException", message)
}

/// `which` is `imageDigest:'sha256:…'`, `imageTag:'v1'`, or both.
pub(super) fn no_image(which: &str, name: &str, registry: &str) -> Fault {
    let message = format!(
        "The image with imageId {{{which}}} does not exist within the repository with name \
         '{name}' in the registry with id '{registry}'"
    );
    Fault::refuse("ImageNotFoundException", message)
}

pub(super) fn image_exists(key: &ImageKey, tag: Option<&str>, registry: &str) -> Fault {
    let (digest, name) = (&key.digest, &key.repository);
    let tag = tag.map_or_else(String::new, |tag| format!(" and tag '{tag}'"));
    let message = format!(
        "Image with digest '{digest}'{tag} already exists in the repository with name '{name}' in \
         registry with id '{registry}'"
    );
    Fault::refuse("ImageAlreadyExistsException", message)
}

pub(super) fn tag_locked(tag: &str, name: &str) -> Fault {
    let message = format!(
        "The image tag '{tag}' already exists in the '{name}' repository and cannot be overwritten \
         because the tag is immutable."
    );
    Fault::refuse("ImageTagAlreadyExistsException", message)
}

pub(super) fn no_layers(digests: &[&str], name: &str) -> Fault {
    let message = format!(
        "Layers with digests '{}' do not exist in the repository with name '{name}'",
        digests.join(", ")
    );
    Fault::refuse("LayersNotFoundException", message)
}

pub(super) fn layer_exists(key: &LayerKey, registry: &str) -> Fault {
    let (digest, name) = (&key.digest, &key.repository);
    let message = format!(
        "Layer with digest '{digest}' already exists in the repository with name '{name}' in \
         registry with id '{registry}'"
    );
    Fault::refuse("LayerAlreadyExistsException", message)
}

pub(super) fn no_upload(upload: &str, name: &str, registry: &str) -> Fault {
    let message = format!(
        "The upload with id '{upload}' does not exist in the repository with name '{name}' in the \
         registry with id '{registry}'"
    );
    Fault::refuse("UploadNotFoundException", message)
}

pub(super) fn bad_part(why: &str) -> Fault {
    Fault::refuse("InvalidLayerPartException", why)
}

pub(super) fn bad_layer(why: &str) -> Fault {
    Fault::refuse("InvalidLayerException", why)
}

pub(super) fn empty_upload() -> Fault {
    Fault::refuse("EmptyUploadException", "the upload has no parts")
}

pub(super) fn not_scannable() -> Fault {
    let message = "an index and an artifact can't be scanned, only an image that containers run";
    Fault::refuse("UnsupportedImageTypeException", message)
}

pub(super) fn archived() -> Fault {
    let message = "The specified image is archived and cannot be scanned.";
    Fault::refuse("ImageArchivedException", message)
}

pub(super) fn not_movable(why: &str) -> Fault {
    let message = format!("The requested image storage class update is not supported: {why}");
    Fault::refuse("ImageStorageClassUpdateNotSupportedException", message)
}

pub(super) fn scanned_today() -> Fault {
    let message = "The scan quota per image has been exceeded. Wait and try again.";
    Fault::refuse("LimitExceededException", message)
}

pub(super) fn no_scan(id: &ImageIdentifier, name: &str, registry: &str) -> Fault {
    let (digest, tag) = (id.image_digest.as_deref(), id.image_tag.as_deref());
    let (digest, tag) = (digest.unwrap_or("null"), tag.unwrap_or("null"));
    let message = format!(
        "Image scan does not exist for the image with '{{imageDigest:'{digest}', \
         imageTag:'{tag}'}}' in the repository with name '{name}' in the registry with id \
         '{registry}'"
    );
    Fault::refuse("ScanNotFoundException", message)
}

pub(super) fn no_children(digests: &[&str], name: &str) -> Fault {
    let message = format!(
        "Images with digests '{}' required for pushing image into repository with name '{name}' \
         do not exist",
        digests.join(", ")
    );
    Fault::refuse("ReferencedImagesNotFoundException", message)
}

pub(super) fn other_digest(given: &str, found: &str) -> Fault {
    let message = format!("the image's digest is '{found}', not '{given}'");
    Fault::refuse("ImageDigestDoesNotMatchException", message)
}

pub(super) fn no_policy(name: &str, registry: &str) -> Fault {
    let message = format!(
        "Repository policy does not exist for the repository with name '{name}' in the registry \
         with id '{registry}'"
    );
    Fault::refuse("RepositoryPolicyNotFoundException", message)
}

pub(super) fn no_lifecycle(name: &str, registry: &str) -> Fault {
    let message = format!(
        "Lifecycle policy does not exist for the repository with name '{name}' in the registry \
         with id '{registry}'"
    );
    Fault::refuse("LifecyclePolicyNotFoundException", message)
}

pub(super) fn no_preview(name: &str, registry: &str) -> Fault {
    let message = format!(
        "Lifecycle policy preview does not exist for the repository with name '{name}' in the \
         registry with id '{registry}'"
    );
    Fault::refuse("LifecyclePolicyPreviewNotFoundException", message)
}

pub(super) fn bad_token(_: InvalidToken) -> Fault {
    parameter("the token was not given by this listing")
}

pub(super) fn bad_tags(mistake: &TagMistake) -> Fault {
    let code = match mistake {
        TagMistake::TooMany { .. } => "TooManyTagsException",
        TagMistake::Duplicate(_) | TagMistake::Reserved(_) => "InvalidTagParameterException",
    };
    Fault::refuse(code, mistake.to_string())
}
