//! Images of the process driver: folders by the digest of what is in them.
//!
//! ```text
//! <root>/<64 hex digits>/
//!   config.json        how it is run
//!   files/             what the image's root would hold
//! ```
//!
//! A container of an image runs *in* its folder: the working directory is `files` and the image's
//! working directory below it, and absolute paths are this machine's. Containers of one image share
//! the folder, so what one writes there the others see; a container's own place is `$HOME`.

mod import;

use model::{At, ImageRef};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

pub use import::{ImportError, Source};

/// The images of a region.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
}

/// How an image is run; the words are those of a Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImageConfig {
    /// `ENTRYPOINT`.
    pub entry_point: Vec<String>,
    /// `CMD`.
    pub command: Vec<String>,
    /// `ENV`.
    pub environment: BTreeMap<String, String>,
    /// `WORKDIR`; the image's root when absent.
    pub working_directory: Option<String>,
    /// `STOPSIGNAL`; SIGTERM when absent.
    pub stop_signal: Option<String>,
}

/// An image of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredImage {
    /// `sha256:` and 64 hexadecimal digits.
    pub digest: String,
    /// The folder that stands for the image's root.
    pub files: PathBuf,
    /// How it is run.
    pub config: ImageConfig,
}

const CONFIG: &str = "config.json";
const FILES: &str = "files";
const DIGEST: &str = "sha256:";
/// What a folder's name begins with while it is being made or removed.
const STAGED: &str = ".staged-";

// === impl Store ===

impl Store {
    /// The images in this folder, which is made when the first one comes.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Takes an image in, and answers its digest. What is there already is not copied again: the
    /// same files, modes and configuration have the same digest.
    ///
    /// # Errors
    /// Says which file can't be read or written, or changed while it was read.
    pub fn import(&self, config: &ImageConfig, sources: &[Source]) -> Result<String, ImportError> {
        import::import(&self.root, config, sources)
    }

    /// The image that a reference names by its digest, `name@sha256:…` or the digest alone; absent
    /// when the store does not have it. Names without a digest are no names of this store.
    ///
    /// # Errors
    /// Those of reading the image's folder.
    pub fn find(&self, reference: &str) -> io::Result<Option<StoredImage>> {
        let Some(hex) = hex_of(reference) else { return Ok(None) };
        let folder = self.root.join(&hex);
        let config = match fs::read(folder.join(CONFIG)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            bytes => serde_json::from_slice(&bytes?)?,
        };
        let digest = format!("{DIGEST}{hex}");
        Ok(Some(StoredImage { digest, files: folder.join(FILES), config }))
    }

    /// Removes every image whose digest is not kept, and what interrupted imports left.
    ///
    /// # Errors
    /// Those of reading and removing folders.
    pub fn sweep(&self, keep: &BTreeSet<String>) -> io::Result<()> {
        let entries = match fs::read_dir(&self.root) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if keep.contains(&format!("{DIGEST}{name}")) || import::is_in_use(&name) {
                continue;
            }
            // Out of the way first: half an image is never found.
            let staged = self.root.join(format!("{STAGED}{}-{name}", std::process::id()));
            fs::rename(entry.path(), &staged)?;
            fs::remove_dir_all(&staged)?;
        }
        Ok(())
    }
}

/// The hexadecimal part of a reference's digest.
fn hex_of(reference: &str) -> Option<String> {
    let digest = match reference.strip_prefix(DIGEST) {
        Some(_) => format!("image@{reference}"),
        None => reference.to_owned(),
    };
    match digest.parse::<ImageRef>().ok()?.at {
        At::Digest(digest) => digest.strip_prefix(DIGEST).map(str::to_owned),
        At::Tag(_) => None,
    }
}

// === impl StoredImage ===

impl StoredImage {
    /// The folder for a working directory of the image, `own` or else the configured one.
    ///
    /// # Errors
    /// Says that a path leaves the image.
    pub(super) fn folder(&self, own: Option<&str>) -> Result<PathBuf, String> {
        let wanted = own.or(self.config.working_directory.as_deref()).unwrap_or("/");
        let inside =
            inside(wanted).ok_or(format!("the working directory {wanted} leaves the image"))?;
        Ok(self.files.join(inside))
    }
}

/// A path of an image as one relative to its root; absent when it leaves the image.
fn inside(path: &str) -> Option<PathBuf> {
    let mut inside = PathBuf::new();
    for component in Path::new(path).components() {
        match component {
            Component::RootDir | Component::CurDir => {}
            Component::Normal(name) => inside.push(name),
            Component::ParentDir => drop(inside.pop().then_some(())?),
            Component::Prefix(_) => return None,
        }
    }
    Some(inside)
}

#[cfg(test)]
mod tests;
