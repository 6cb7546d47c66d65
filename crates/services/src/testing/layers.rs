//! Layers in memory, in place of the store.

use crate::cx::{LayerStore, LayerTrouble, LayerUpload};
use crate::ecr::digest_of;
use model::{ImageDigest, RepositoryName};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The uploads that were begun, by their ids.
#[derive(Debug, Default)]
pub(crate) struct Layers {
    uploads: RefCell<BTreeMap<String, (RepositoryName, Vec<u8>)>>,
}

impl LayerStore for Layers {
    fn begin(&self, repository: &RepositoryName) -> Result<String, LayerTrouble> {
        let mut uploads = self.uploads.borrow_mut();
        let id = format!("00000000-0000-0000-0000-{:012}", uploads.len());
        uploads.insert(id.clone(), (repository.clone(), Vec::new()));
        Ok(id)
    }

    fn add(&self, to: LayerUpload<'_>, first: u64, bytes: &[u8]) -> Result<(), LayerTrouble> {
        let mut uploads = self.uploads.borrow_mut();
        let held = uploads.get_mut(to.id).filter(|held| held.0 == *to.repository);
        let (_, held) = held.ok_or(LayerTrouble::NoUpload)?;
        let length = held.len() as u64;
        if length != first {
            return Err(LayerTrouble::Gap { length });
        }
        held.extend(bytes);
        Ok(())
    }

    fn finish(&self, of: LayerUpload<'_>, digest: &ImageDigest) -> Result<u64, LayerTrouble> {
        let (_, held) = self.uploads.borrow_mut().remove(of.id).ok_or(LayerTrouble::NoUpload)?;
        let found = digest_of(&held);
        if held.is_empty() {
            Err(LayerTrouble::Empty)
        } else if found == *digest {
            Ok(held.len() as u64)
        } else {
            Err(LayerTrouble::OtherDigest { found: found.to_string() })
        }
    }
}
