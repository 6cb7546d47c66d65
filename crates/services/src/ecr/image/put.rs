//! `PutImage`, which a push over the distribution protocol ends with, too.

use crate::Cx;
use crate::ecr::manifest::Manifest;
use crate::ecr::{digest, fault, find, registry_id, scan};
use api::Fault;
use api::ecr::{Image as Shown, ImageIdentifier, PutImageRequest, PutImageResponse};
use model::{Ids, ImageDigest};
use std::collections::BTreeSet;
use world::registry::archive::Standing;
use world::{Draft, Image, ImageKey, LayerKey, Repository, World};

/// Puts an image in, and gives it its tag.
pub(in crate::ecr) fn image(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: PutImageRequest,
) -> Result<PutImageResponse, Fault> {
    let row = find(draft, input.registry_id.as_deref(), &input.repository_name)?.clone();
    let media_type = input.image_manifest_media_type.as_deref();
    let manifest = Manifest::parse(&input.image_manifest, media_type)?;
    let digest = digest::of(input.image_manifest.as_bytes());
    if let Some(given) = input.image_digest.filter(|given| given != digest.as_str()) {
        return Err(fault::other_digest(&given, digest.as_str()));
    }
    let key = ImageKey { repository: row.name.clone(), digest };
    let size = check_parts(draft, &row, &manifest)?;
    let tag = input.image_tag.as_deref();
    if let Some(tag) = tag {
        check_tag(tag)?;
    }
    let held = draft.images.get(&key).cloned();
    let is_same = |held: &Image| tag.is_none_or(|tag| held.tags.contains(tag));
    let is_here = |held: &Image| held.standing(cx.now) == Standing::Active;
    if held.as_ref().is_some_and(|held| is_same(held) && is_here(held)) {
        return Err(fault::image_exists(&key, tag, draft.place.account.as_str()));
    }
    if let Some(tag) = tag {
        free(draft, &row, tag)?;
    }
    let mut image = held.unwrap_or_else(|| Image {
        key,
        media_type: manifest.media_type,
        artifact_type: manifest.artifact_type,
        manifest: input.image_manifest,
        size,
        layers: manifest.layers,
        children: manifest.children,
        subject: manifest.subject,
        tags: BTreeSet::new(),
        pushed_at: cx.now,
        pulled_at: None,
        scanned_at: None,
        archival: None,
    });
    // What is pushed again is at hand at once.
    image = image.back_at(cx.now);
    if row.scan_on_push && image.scanned_at.is_none() && scan::can_be_scanned(&image) {
        image.scanned_at = Some(cx.now);
    }
    image.tags.extend(tag.map(str::to_owned));
    let shown = show(&image, tag, draft);
    draft.put(image);
    Ok(PutImageResponse { image: Some(shown) })
}

/// An image as the calls for manifests show it.
pub(super) fn show(image: &Image, tag: Option<&str>, world: &World) -> Shown {
    Shown {
        registry_id: registry_id(world),
        repository_name: Some(image.key.repository.to_string()),
        image_id: Some(ImageIdentifier {
            image_digest: Some(image.key.digest.to_string()),
            image_tag: tag.map(str::to_owned),
        }),
        image_manifest: Some(image.manifest.clone()),
        image_manifest_media_type: Some(image.media_type.clone()),
    }
}

/// Everything that the manifest names must be in the repository. Answers how many bytes its blobs
/// have; of an index, those of its largest image, as AWS has it.
fn check_parts(world: &World, row: &Repository, manifest: &Manifest) -> Result<u64, Fault> {
    let layer = |digest: &ImageDigest| {
        let key = LayerKey { repository: row.name.clone(), digest: digest.clone() };
        world.layers.get(&key)
    };
    let lost: Vec<&str> = absent(&manifest.layers, |digest| layer(digest).is_some());
    if !lost.is_empty() {
        return Err(fault::no_layers(&lost, row.name.as_str()));
    }
    let child = |digest: &ImageDigest| {
        world.images.get(&ImageKey { repository: row.name.clone(), digest: digest.clone() })
    };
    let lost = absent(&manifest.children, |digest| child(digest).is_some());
    if !lost.is_empty() {
        return Err(fault::no_children(&lost, row.name.as_str()));
    }
    let largest = manifest.children.iter().filter_map(child).map(|image| image.size).max();
    let layers = manifest.layers.iter().filter_map(layer).map(|layer| layer.size);
    Ok(largest.unwrap_or_else(|| layers.sum()))
}

fn absent(digests: &[ImageDigest], is_there: impl Fn(&ImageDigest) -> bool) -> Vec<&str> {
    digests.iter().filter(|digest| !is_there(digest)).map(ImageDigest::as_str).collect()
}

/// Takes a tag from the image that has it, if it may move.
fn free(draft: &mut Draft, row: &Repository, tag: &str) -> Result<(), Fault> {
    let Some(holder) = draft.image_tagged(&row.name, tag) else { return Ok(()) };
    if row.mutability.locks(tag) {
        return Err(fault::tag_locked(tag, row.name.as_str()));
    }
    let mut holder = holder.clone();
    holder.tags.remove(tag);
    draft.put(holder);
    Ok(())
}

/// The distribution protocol's form of a tag; the model has only a length.
fn check_tag(tag: &str) -> Result<(), Fault> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let begins = tag.chars().next().is_some_and(word);
    if begins && tag.len() <= 128 && tag.chars().all(|c| word(c) || c == '.' || c == '-') {
        return Ok(());
    }
    Err(fault::parameter(
        "Invalid parameter at 'imageTag': a tag has up to 128 letters, digits, `_`, `.` and `-`, \
         and begins with none of the last two",
    ))
}
