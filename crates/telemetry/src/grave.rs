//! Removal in two steps: a folder is moved out of the way as a whole, and then taken apart. So a
//! crash never leaves half of a stream where a new one of its name would find it.

use crate::StoreError;
use crate::folder::subfolders;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The folder for what is dropped, below the root. The folder of a group never begins with a dot.
const GRAVES: &str = ".dropped";

/// Where dropped folders go.
#[derive(Debug)]
pub(crate) struct Graves {
    path: PathBuf,
    /// The number of the next grave.
    next: AtomicU64,
}

// === impl Graves ===

impl Graves {
    /// The graves below a store's root.
    pub(crate) fn below(root: &Path) -> Self {
        Self { path: root.join(GRAVES), next: AtomicU64::new(0) }
    }

    /// Moves a folder away; answers where to, or nothing when it wasn't there.
    pub(crate) fn bury(&self, folder: &Path) -> Result<Option<PathBuf>, StoreError> {
        if !folder.exists() {
            return Ok(None);
        }
        fs::create_dir_all(&self.path).map_err(StoreError::io("make", &self.path))?;
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let grave = self.path.join(number.to_string());
            // An earlier run may have left one of this name.
            if !grave.exists() {
                fs::rename(folder, &grave).map_err(StoreError::io("move", folder))?;
                return Ok(Some(grave));
            }
        }
    }

    /// Removes what was moved away in earlier runs, or could not be removed then.
    pub(crate) fn clear(&self) -> Result<(), StoreError> {
        subfolders(&self.path)?.iter().try_for_each(|left| remove(&self.path.join(left)))
    }
}

/// Removes what was moved away.
pub(crate) fn remove(grave: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(grave) {
        // Somebody else is clearing the graves.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(StoreError::io("remove", grave)),
    }
}
