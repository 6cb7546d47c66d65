//! Layers: that they are there, not their bytes.

use super::{digest, fault, find};
use crate::Cx;
use api::Fault;
use api::ecr::{
    BatchCheckLayerAvailabilityRequest, BatchCheckLayerAvailabilityResponse, Layer as Shown,
    LayerFailure,
};
use model::Timestamp;
use world::{Draft, Layer, LayerKey, Repository, World};

/// A layer has arrived whole: from now on its repository has it.
///
/// # Errors
/// When the repository has gone meanwhile.
pub fn arrive(draft: &mut Draft, key: LayerKey, size: u64, now: Timestamp) -> Result<(), Fault> {
    find(draft, None, key.repository.as_str())?;
    draft.put(Layer { key, size, arrived_at: now });
    Ok(())
}

/// `BatchCheckLayerAvailability`.
pub(super) fn check(
    world: &World,
    _: &Cx<'_>,
    input: BatchCheckLayerAvailabilityRequest,
) -> Result<BatchCheckLayerAvailabilityResponse, Fault> {
    let row = find(world, input.registry_id.as_deref(), &input.repository_name)?;
    if input.layer_digests.len() > 100 {
        return Err(fault::parameter("at most 100 layers can be asked for"));
    }
    let (mut layers, mut failures) = (Vec::new(), Vec::new());
    for text in input.layer_digests {
        if digest::is_digest(&text) {
            layers.push(show(world, row, text));
        } else {
            failures.push(LayerFailure {
                layer_digest: Some(text),
                failure_code: Some("InvalidLayerDigest".to_owned()),
                failure_reason: Some("a digest is `sha256:` and 64 hexadecimal digits".to_owned()),
            });
        }
    }
    Ok(BatchCheckLayerAvailabilityResponse { layers: Some(layers), failures: Some(failures) })
}

fn show(world: &World, row: &Repository, digest: String) -> Shown {
    let key = LayerKey { repository: row.name.clone(), digest: digest.as_str().into() };
    let found = world.layers.get(&key);
    let availability = if found.is_some() { "AVAILABLE" } else { "UNAVAILABLE" };
    Shown {
        layer_digest: Some(digest),
        layer_availability: Some(availability.to_owned()),
        layer_size: found.and_then(|layer| i64::try_from(layer.size).ok()),
        media_type: None,
    }
}
