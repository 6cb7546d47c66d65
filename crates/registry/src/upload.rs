//! A blob on its way.

use crate::digest::{Digest, Running};
use crate::store::{Store, StoreError};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

/// How much is read at once to digest what is there already.
const PIECE: usize = 256 * 1024;

/// An upload that one request has to itself. Dropped, it can be gone on with by the next one.
#[derive(Debug)]
pub struct Upload {
    store: Arc<Store>,
    id: String,
    /// None once it has ended, or when the disk has refused and nobody knows how much of it is there.
    part: Option<Part>,
}

/// What has come of an upload.
#[derive(Debug)]
pub(crate) struct Part {
    file: File,
    length: u64,
    digest: Running,
}

// === impl Upload ===

impl Upload {
    pub(crate) fn new(store: Arc<Store>, id: String, part: Part) -> Self {
        Self { store, id, part: Some(part) }
    }

    /// How many bytes have come.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.part.as_ref().map_or(0, |part| part.length)
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// When the disk refuses. The upload then goes on from what its file holds.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let mut part = self.part.take().ok_or(StoreError::NoUpload)?;
        part.file.write_all(bytes)?;
        part.digest.update(bytes);
        part.length += bytes.len() as u64;
        self.part = Some(part);
        Ok(())
    }

    /// Waits until what has come is on the disk.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn settle(&self) -> Result<(), StoreError> {
        let part = self.part.as_ref().ok_or(StoreError::NoUpload)?;
        Ok(part.file.sync_all()?)
    }

    /// Ends the upload: its bytes become a blob, if they have the digest. Answers how many they are.
    /// Bytes with another digest are removed.
    ///
    /// # Errors
    /// When the digest is another one, or the disk refuses.
    pub fn finish(mut self, expected: &Digest) -> Result<u64, StoreError> {
        let part = self.part.take().ok_or(StoreError::NoUpload)?;
        let path = self.store.upload_path(&self.id).ok_or(StoreError::NoUpload)?;
        let found = part.digest.finish();
        if found != *expected {
            fs::remove_file(&path)?;
            return Err(StoreError::OtherDigest { expected: expected.clone(), found });
        }
        part.file.sync_all()?;
        self.store.adopt(&path, expected)?;
        Ok(part.length)
    }

    /// Ends the upload: its bytes become a blob, whatever their digest is. Answers it, and how many
    /// they are.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn keep(mut self) -> Result<(Digest, u64), StoreError> {
        let part = self.part.take().ok_or(StoreError::NoUpload)?;
        let path = self.store.upload_path(&self.id).ok_or(StoreError::NoUpload)?;
        let digest = part.digest.finish();
        part.file.sync_all()?;
        self.store.adopt(&path, &digest)?;
        Ok((digest, part.length))
    }

    /// Gives the upload up, with what has come.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn cancel(mut self) -> Result<(), StoreError> {
        self.part = None;
        let path = self.store.upload_path(&self.id).ok_or(StoreError::NoUpload)?;
        Ok(fs::remove_file(path)?)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        match self.part.take() {
            Some(part) => self.store.put_back(std::mem::take(&mut self.id), part),
            None => self.store.forget(&self.id),
        }
    }
}

// === impl Part ===

impl Part {
    /// What a file holds.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let opened = OpenOptions::new().read(true).append(true).open(path);
        let mut file = opened.map_err(|why| match why.kind() {
            io::ErrorKind::NotFound => StoreError::NoUpload,
            _ => StoreError::Io(why),
        })?;
        let (mut digest, mut length) = (Running::new(), 0);
        let mut piece = vec![0; PIECE];
        loop {
            let count = file.read(&mut piece)?;
            if count == 0 {
                return Ok(Self { file, length, digest });
            }
            digest.update(&piece[..count]);
            length += count as u64;
        }
    }
}
