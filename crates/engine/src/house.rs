//! Housekeeping: what expires, and what nobody names any more.

use crate::clock;
use crate::config::Config;
use crate::heart::{Chain, Published};
use registry::Swept;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use world::{DefinitionStatus, World};

/// How often expired log events are forgotten and full segments packed.
const HOUSEKEEPING: Duration = Duration::from_secs(60);

/// Forgets expired log events and packs full segments, now and then.
pub(crate) fn keep(logs: Arc<telemetry::Store>, published: Published) {
    tokio::spawn(async move {
        let mut times = tokio::time::interval(HOUSEKEEPING);
        loop {
            times.tick().await;
            let (logs, world) = (Arc::clone(&logs), published.load_full());
            let done = tokio::task::spawn_blocking(move || tidy(&logs, &world)).await;
            if let Ok(Err(why)) = done {
                tracing::error!(error = %Chain(&why), "log events can't be tidied");
            }
        }
    });
}

/// How often blobs of images are looked through that no repository has.
const BLOBS: Duration = Duration::from_secs(10 * 60);

/// How long a blob stays that no repository has: one that has just come is about to be in one.
const BLOBS_STAY: Duration = Duration::from_secs(10 * 60);

/// Removes the blobs that no repository has any more, now and then.
pub(crate) fn keep_blobs(blobs: Arc<registry::Store>, published: Published) {
    keep_needed(blobs, published, |world| {
        world.layers.iter().map(|layer| layer.key.digest.to_string()).collect()
    });
}

/// The store of objects' bytes. What no object has any more is removed, now and then.
pub(crate) fn objects(config: &Config, published: &Published) -> Arc<registry::Store> {
    let store = Arc::new(registry::Store::at(config.data.join("objects")));
    keep_needed(Arc::clone(&store), Arc::clone(published), |world| {
        world.object_digests().map(str::to_owned).collect()
    });
    store
}

fn keep_needed(
    blobs: Arc<registry::Store>,
    published: Published,
    needed: fn(&World) -> BTreeSet<String>,
) {
    tokio::spawn(async move {
        let mut times = tokio::time::interval(BLOBS);
        loop {
            times.tick().await;
            let (blobs, world) = (Arc::clone(&blobs), published.load_full());
            let done =
                tokio::task::spawn_blocking(move || blobs.sweep(&needed(&world), BLOBS_STAY));
            match done.await {
                Ok(Ok(Swept { blobs: 0, uploads: 0 })) | Err(_) => {}
                Ok(Ok(Swept { blobs, uploads })) => {
                    tracing::info!(blobs, uploads, "bytes that nobody needs are removed");
                }
                Ok(Err(why)) => {
                    tracing::error!(error = %Chain(&why), "bytes can't be removed");
                }
            }
        }
    });
}

fn tidy(logs: &telemetry::Store, world: &World) -> Result<(), telemetry::StoreError> {
    for group in world.log_groups.iter() {
        if let Some(before) = group.expired_before(clock::now()) {
            logs.forget(&group.name, before)?;
        }
    }
    logs.tidy().map(|_| ())
}

/// Removes the files of processes that no task definition names any more. Only at the start: later,
/// `neargate up` may have put files there whose definition is still to come.
pub(crate) fn sweep_images(config: &Config, world: &World) {
    let usable = world.definitions.iter().filter(|held| held.status != DefinitionStatus::Inactive);
    let images = usable.flat_map(|held| &held.containers).map(|container| &container.image);
    let digests = images.filter_map(|image| Some(image.split_once('@')?.1.to_owned()));
    let keep: BTreeSet<String> = digests.collect();
    let store = driver::process::images(&config.tasks());
    tokio::task::spawn_blocking(move || {
        if let Err(why) = store.sweep(&keep) {
            tracing::warn!(error = %why, "files of earlier processes can't be removed");
        }
    });
}
