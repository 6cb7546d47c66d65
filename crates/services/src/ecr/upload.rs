//! Layers sent through ECR's own operations, which few clients use: Docker and its like speak the
//! distribution protocol. Both lead to the same store. Parts of any size are taken, where AWS wants
//! 5 MB of all but the last one.

use super::{digest, fault, find, registry_id};
use crate::Cx;
use crate::cx::{LayerTrouble, LayerUpload};
use api::Fault;
use api::ecr::{
    CompleteLayerUploadRequest, CompleteLayerUploadResponse, GetDownloadUrlForLayerRequest,
    GetDownloadUrlForLayerResponse, InitiateLayerUploadRequest, InitiateLayerUploadResponse,
    UploadLayerPartRequest, UploadLayerPartResponse,
};
use model::{Ids, ImageDigest};
use world::{Draft, Layer, LayerKey, Repository, World};

/// How large the parts should be that a client sends. In base64 one fits into the longest request
/// that the region reads, and AWS takes no smaller ones.
const PART: i64 = 5 * 1024 * 1024;

/// `InitiateLayerUpload`.
pub(super) fn initiate(
    world: &World,
    cx: &Cx<'_>,
    input: InitiateLayerUploadRequest,
) -> Result<InitiateLayerUploadResponse, Fault> {
    let row = find(world, input.registry_id.as_deref(), &input.repository_name)?;
    let begun = cx.layers.begin(&row.name);
    let upload_id = begun.map_err(|trouble| refused(&trouble, row, "", world))?;
    Ok(InitiateLayerUploadResponse { upload_id: Some(upload_id), part_size: Some(PART) })
}

/// `UploadLayerPart`.
pub(super) fn part(
    world: &World,
    cx: &Cx<'_>,
    input: UploadLayerPartRequest,
) -> Result<UploadLayerPartResponse, Fault> {
    let row = find(world, input.registry_id.as_deref(), &input.repository_name)?;
    let bytes = input.layer_part_blob.as_slice();
    let (first, last) = (input.part_first_byte, input.part_last_byte);
    let count = last.checked_sub(first).and_then(|count| count.checked_add(1));
    if count != i64::try_from(bytes.len()).ok() {
        return Err(fault::bad_part(
            "the part has another length than its first and last byte say",
        ));
    }
    let upload = LayerUpload { repository: &row.name, id: &input.upload_id };
    let begins = u64::try_from(first).map_err(|_| fault::bad_part("it begins before the layer"))?;
    cx.layers
        .add(upload, begins, bytes)
        .map_err(|trouble| refused(&trouble, row, &input.upload_id, world))?;
    Ok(UploadLayerPartResponse {
        registry_id: registry_id(world),
        repository_name: Some(input.repository_name),
        upload_id: Some(input.upload_id),
        last_byte_received: Some(last),
    })
}

/// `CompleteLayerUpload`.
pub(super) fn complete(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: CompleteLayerUploadRequest,
) -> Result<CompleteLayerUploadResponse, Fault> {
    let row = find(draft, input.registry_id.as_deref(), &input.repository_name)?.clone();
    let known = input.layer_digests.iter().find(|text| digest::is_digest(text));
    let no_digest = || fault::bad_layer("none of the digests is a SHA-256 digest");
    let digest = ImageDigest::from(known.ok_or_else(no_digest)?.as_str());
    let key = LayerKey { repository: row.name.clone(), digest };
    if draft.layers.contains(&key) {
        return Err(fault::layer_exists(&key, draft.place.account.as_str()));
    }
    let upload = LayerUpload { repository: &row.name, id: &input.upload_id };
    let done = cx.layers.finish(upload, &key.digest);
    let size = done.map_err(|trouble| refused(&trouble, &row, &input.upload_id, draft))?;
    let layer_digest = Some(key.digest.to_string());
    draft.put(Layer { key, size, arrived_at: cx.now });
    Ok(CompleteLayerUploadResponse {
        registry_id: registry_id(draft),
        repository_name: Some(input.repository_name),
        upload_id: Some(input.upload_id),
        layer_digest,
    })
}

/// `GetDownloadUrlForLayer`. AWS's leads to S3 and expires; this one leads to the region.
pub(super) fn url(
    world: &World,
    cx: &Cx<'_>,
    input: GetDownloadUrlForLayerRequest,
) -> Result<GetDownloadUrlForLayerResponse, Fault> {
    let row = find(world, input.registry_id.as_deref(), &input.repository_name)?;
    let digest = input.layer_digest;
    let key = LayerKey { repository: row.name.clone(), digest: digest.as_str().into() };
    if !world.layers.contains(&key) {
        return Err(fault::no_layers(&[&digest], row.name.as_str()));
    }
    let url = format!("http://{}/v2/{}/blobs/{digest}", cx.registry, row.name);
    Ok(GetDownloadUrlForLayerResponse { download_url: Some(url), layer_digest: Some(digest) })
}

fn refused(trouble: &LayerTrouble, row: &Repository, upload: &str, world: &World) -> Fault {
    match trouble {
        LayerTrouble::NoUpload => {
            fault::no_upload(upload, row.name.as_str(), world.place.account.as_str())
        }
        LayerTrouble::Gap { length } => {
            fault::bad_part(&format!("the part must begin at byte {length}"))
        }
        LayerTrouble::Busy => fault::bad_part("another request sends a part of the layer"),
        LayerTrouble::Empty => fault::empty_upload(),
        LayerTrouble::OtherDigest { found } => {
            fault::bad_layer(&format!("the digest of what arrived is '{found}'"))
        }
        LayerTrouble::Unusable => Fault::internal(),
    }
}
