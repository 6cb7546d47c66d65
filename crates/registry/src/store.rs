//! Blobs and uploads on disk.
//!
//! ```text
//! <root>/blobs/sha256/<two digits>/<64 digits>    whole, synced, of this digest
//! <root>/uploads/<id>                             as far as it has come
//! ```

use crate::digest::Digest;
use crate::sweep::{self, Swept};
use crate::upload::{Part, Upload};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// Why the store can't do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The upload was never begun, or has ended.
    #[error("there is no such upload")]
    NoUpload,
    /// Another request writes to the upload.
    #[error("another request writes to the upload")]
    Busy,
    /// The bytes have another digest than the client said.
    #[error("the content has the digest {found}, not {expected}")]
    OtherDigest {
        /// What the client said.
        expected: Digest,
        /// What arrived.
        found: Digest,
    },
    /// The disk refuses.
    #[error("the registry's files can't be used")]
    Io(#[from] io::Error),
}

/// Blobs by digest, and what is on its way to be one. Blocking: call it where waiting for a disk is
/// no harm.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    /// The uploads that were written to since the start; none while a request writes to it.
    uploads: Mutex<BTreeMap<String, Option<Part>>>,
    /// Held where a blob comes and where one goes, so that none goes that has just come.
    gate: Mutex<()>,
}

// === impl Store ===

impl Store {
    /// The store of a folder, which is made on first use.
    #[must_use]
    pub fn at(root: PathBuf) -> Self {
        Self { root, uploads: Mutex::default(), gate: Mutex::default() }
    }

    /// Begins an upload under an id that nobody can guess: letters, digits and hyphens.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn begin(&self, id: &str) -> Result<(), StoreError> {
        fs::create_dir_all(self.root.join("uploads"))?;
        File::create_new(self.upload_path(id).ok_or(StoreError::NoUpload)?)?;
        Ok(())
    }

    /// How many bytes of an upload have come.
    ///
    /// # Errors
    /// When there is no such upload.
    pub fn length(&self, id: &str) -> Result<u64, StoreError> {
        let path = self.upload_path(id).ok_or(StoreError::NoUpload)?;
        match fs::metadata(path) {
            Ok(found) => Ok(found.len()),
            Err(why) if why.kind() == io::ErrorKind::NotFound => Err(StoreError::NoUpload),
            Err(why) => Err(why.into()),
        }
    }

    /// Takes an upload, to write to it. Nobody else can until it is dropped. One that a region
    /// before this one began is read once, for its digest so far.
    ///
    /// # Errors
    /// When there is no such upload, or someone else has it.
    pub fn resume(self: &Arc<Self>, id: &str) -> Result<Upload, StoreError> {
        let path = self.upload_path(id).ok_or(StoreError::NoUpload)?;
        let known = match self.uploads().entry(id.to_owned()) {
            Entry::Occupied(mut held) => Some(held.get_mut().take().ok_or(StoreError::Busy)?),
            // Nobody else may open it meanwhile.
            Entry::Vacant(place) => place.insert(None).take(),
        };
        let part = match known {
            Some(part) => part,
            None => Part::open(&path).inspect_err(|_| self.forget(id))?,
        };
        Ok(Upload::new(Arc::clone(self), id.to_owned(), part))
    }

    /// A blob's file and length, if it is there.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn read(&self, digest: &Digest) -> Result<Option<(File, u64)>, StoreError> {
        match File::open(self.blob_path(digest)) {
            Ok(file) => {
                let length = file.metadata()?.len();
                Ok(Some((file, length)))
            }
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(why) => Err(why.into()),
        }
    }

    /// Says that a blob is about to be needed, so that a sweep leaves it; answers whether it is there.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn touch(&self, digest: &Digest) -> Result<bool, StoreError> {
        let _held = self.gate();
        match OpenOptions::new().append(true).open(self.blob_path(digest)) {
            Ok(file) => {
                file.set_modified(SystemTime::now())?;
                Ok(true)
            }
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(why) => Err(why.into()),
        }
    }

    /// Removes the blobs that are not to be kept and were not touched for `age`, and the uploads
    /// that nobody wrote to for a day.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn sweep(&self, keep: &BTreeSet<String>, age: Duration) -> Result<Swept, StoreError> {
        let blobs = sweep::blobs(&self.root.join("blobs/sha256"), keep, age, &self.gate)?;
        // An upload that rests is known by its file again, so one that goes is forgotten whole.
        self.uploads().retain(|_, part| part.is_none());
        let busy: BTreeSet<String> = self.uploads().keys().cloned().collect();
        let gone = sweep::uploads(&self.root.join("uploads"), &busy)?;
        Ok(Swept { blobs, uploads: gone })
    }

    /// Gives an upload back.
    pub(crate) fn put_back(&self, id: String, part: Part) {
        self.uploads().insert(id, Some(part));
    }

    /// Forgets what is known of an upload. Its file, if it is there, counts from now on.
    pub(crate) fn forget(&self, id: &str) {
        self.uploads().remove(id);
    }

    /// Makes a blob of a synced file: at once, or not at all.
    pub(crate) fn adopt(&self, file: &Path, digest: &Digest) -> Result<(), StoreError> {
        let path = self.blob_path(digest);
        let folder = path.parent().unwrap_or(&self.root);
        make_folder(folder)?;
        let _held = self.gate();
        File::open(file)?.set_modified(SystemTime::now())?;
        fs::rename(file, &path)?;
        File::open(folder)?.sync_all()?;
        Ok(())
    }

    /// Where an upload is. An id with anything but letters, digits and hyphens is
    /// none of ours.
    pub(crate) fn upload_path(&self, id: &str) -> Option<PathBuf> {
        let known = !id.is_empty() && id.len() <= 64;
        let known = known && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        known.then(|| self.root.join("uploads").join(id))
    }

    fn blob_path(&self, digest: &Digest) -> PathBuf {
        let hex = digest.hex();
        self.root.join("blobs/sha256").join(&hex[..2]).join(hex)
    }

    fn uploads(&self) -> MutexGuard<'_, BTreeMap<String, Option<Part>>> {
        self.uploads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn gate(&self) -> MutexGuard<'_, ()> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes a folder that a loss of power leaves in place.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut missing = folder.ancestors().take_while(|folder| !folder.exists()).peekable();
    if missing.peek().is_none() {
        return Ok(());
    }
    let parents: Vec<&Path> = missing.filter_map(Path::parent).collect();
    fs::create_dir_all(folder)?;
    parents.into_iter().try_for_each(|parent| File::open(parent)?.sync_all())
}

#[cfg(test)]
mod tests;
