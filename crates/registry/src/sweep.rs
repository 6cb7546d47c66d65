//! Removing what nobody needs.

use crate::digest::Digest;
use crate::store::StoreError;
use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// How long an upload may rest: a person may close a laptop in the middle of a push.
const RESTING: Duration = Duration::from_secs(24 * 60 * 60);

/// What a sweep removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swept {
    /// Blobs.
    pub blobs: usize,
    /// Uploads.
    pub uploads: usize,
}

/// Removes old blobs that are not to be kept. A file that is none of ours stays.
pub(crate) fn blobs(
    folder: &Path,
    keep: &BTreeSet<String>,
    age: Duration,
    gate: &Mutex<()>,
) -> Result<usize, StoreError> {
    let mut count = 0;
    for group in entries(folder)? {
        for path in entries(&group)? {
            let Some(digest) = name(&path).and_then(|name| Digest::of_hex(name).ok()) else {
                continue;
            };
            if keep.contains(&digest.to_string()) {
                continue;
            }
            // Between the look and the removal nobody may touch it.
            let _held = gate.lock().unwrap_or_else(PoisonError::into_inner);
            count += usize::from(remove_old(&path, age)?);
        }
    }
    Ok(count)
}

/// Removes old uploads that nobody has in hand.
pub(crate) fn uploads(folder: &Path, busy: &BTreeSet<String>) -> Result<usize, StoreError> {
    let mut count = 0;
    for path in entries(folder)? {
        if name(&path).is_some_and(|name| !busy.contains(name)) {
            count += usize::from(remove_old(&path, RESTING)?);
        }
    }
    Ok(count)
}

fn remove_old(path: &Path, age: Duration) -> Result<bool, StoreError> {
    let old = fs::metadata(path).is_ok_and(|found| is_old(&found, age));
    if old {
        fs::remove_file(path)?;
    }
    Ok(old)
}

fn is_old(found: &Metadata, age: Duration) -> bool {
    let modified = found.modified().ok();
    let passed = modified.and_then(|at| SystemTime::now().duration_since(at).ok());
    found.is_file() && passed.is_some_and(|passed| passed >= age)
}

fn name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

/// What is in a folder; nothing when it is not there.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(why) => Err(why.into()),
    }
}
