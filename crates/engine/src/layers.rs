//! The store of layers as the handlers of ECR see it.

use crate::heart::Chain;
use model::{ImageDigest, RepositoryName};
use registry::{Digest, Store, StoreError};
use services::{LayerStore, LayerTrouble, LayerUpload};
use std::sync::Arc;

/// Layers that come through ECR's own operations, to the store where pushed ones come.
#[derive(Debug, Clone)]
pub(crate) struct Layers(Arc<Store>);

// === impl Layers ===

impl Layers {
    pub(crate) fn new(blobs: Arc<Store>) -> Self {
        Self(blobs)
    }

    /// Waits until what has come of an upload is on the disk, so that its end will not have to.
    pub(crate) fn settle(&self, id: &str) {
        // Whatever is wrong with the upload, its end finds it too.
        let settled = self.0.resume(id).and_then(|upload| upload.settle());
        if let Err(why) = settled {
            tracing::debug!(error = %Chain(&why), "an upload can't be settled");
        }
    }

    fn resume(&self, upload: LayerUpload<'_>) -> Result<registry::Upload, LayerTrouble> {
        if !registry::is_for(upload.id, upload.repository.as_str()) {
            return Err(LayerTrouble::NoUpload);
        }
        self.0.resume(upload.id).map_err(|why| trouble(&why))
    }
}

impl LayerStore for Layers {
    fn begin(&self, repository: &RepositoryName) -> Result<String, LayerTrouble> {
        let id = new_id(repository.as_str()).map_err(|why| {
            tracing::error!(error = %why, "the system gives no random bytes");
            LayerTrouble::Unusable
        })?;
        self.0.begin(&id).map_err(|why| trouble(&why))?;
        Ok(id)
    }

    fn add(&self, to: LayerUpload<'_>, first: u64, bytes: &[u8]) -> Result<(), LayerTrouble> {
        let mut upload = self.resume(to)?;
        let length = upload.length();
        if first != length {
            return Err(LayerTrouble::Gap { length });
        }
        upload.write(bytes).map_err(|why| trouble(&why))
    }

    fn finish(&self, of: LayerUpload<'_>, digest: &ImageDigest) -> Result<u64, LayerTrouble> {
        let upload = self.resume(of)?;
        if upload.length() == 0 {
            return Err(LayerTrouble::Empty);
        }
        let expected: Digest = digest.as_str().parse().map_err(|_| LayerTrouble::NoUpload)?;
        upload.finish(&expected).map_err(|why| trouble(&why))
    }
}

/// A name of an upload that nobody can guess.
pub(crate) fn new_id(repository: &str) -> Result<String, getrandom::Error> {
    let mut chance = [0; registry::CHANCE];
    getrandom::fill(&mut chance)?;
    Ok(registry::ticket(chance, repository))
}

fn trouble(why: &StoreError) -> LayerTrouble {
    match why {
        StoreError::NoUpload => LayerTrouble::NoUpload,
        StoreError::Busy => LayerTrouble::Busy,
        StoreError::OtherDigest { found, .. } => {
            LayerTrouble::OtherDigest { found: found.to_string() }
        }
        StoreError::Io(_) => {
            tracing::error!(error = %Chain(why), "a layer can't be stored");
            LayerTrouble::Unusable
        }
    }
}
