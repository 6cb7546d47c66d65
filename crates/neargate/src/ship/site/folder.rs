//! The files of a folder, with their digests.

use ignore::WalkBuilder;
use md5::{Digest as _, Md5};
use plan::site::{File, Files};
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

/// The largest file that is uploaded, in bytes: it is sent in one piece.
const LARGEST: u64 = 100 << 20;

/// The most files of a site. What has more is another folder than was meant.
const MOST: usize = 20_000;

/// A folder that was read.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    files: Files,
}

/// Why a folder can't be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum FolderError {
    /// Something of it can't be looked at.
    #[error("can't read {}", .path.display())]
    Unreadable {
        /// What.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A name has no UTF-8.
    #[error("the name of {} is no text", .0.display())]
    Nameless(PathBuf),
    /// A file is too large.
    #[error("{path} has {size} bytes, and at most {LARGEST} can be uploaded")]
    Large {
        /// The file.
        path: String,
        /// Its size.
        size: u64,
    },
    /// There are too many files.
    #[error("{} has more than {MOST} files", .0.display())]
    Many(PathBuf),
}

// === impl Folder ===

impl Folder {
    /// Reads a folder. Links lead to what they name: a browser knows no links.
    pub(super) fn read(path: &Path) -> Result<Self, FolderError> {
        let mut files = Files::new();
        let mut walk = WalkBuilder::new(path);
        // What git ignores is just what bundlers write.
        walk.standard_filters(false).follow_links(true);
        for entry in walk.build() {
            let entry = entry.map_err(|why| unreadable(path, why))?;
            if entry.file_type().is_none_or(|kind| !kind.is_file()) || is_litter(entry.path()) {
                continue;
            }
            let name = name_of(path, entry.path())?;
            let file = digest(&name, entry.path())?;
            files.insert(name, file);
            if files.len() > MOST {
                return Err(FolderError::Many(path.to_owned()));
            }
        }
        Ok(Self { path: path.to_owned(), files })
    }

    pub(super) fn files(&self) -> &Files {
        &self.files
    }

    /// What is in a file.
    pub(super) fn content(&self, name: &str) -> io::Result<Vec<u8>> {
        std::fs::read(self.path.join(name))
    }
}

fn unreadable(path: &Path, why: ignore::Error) -> FolderError {
    let source = why.into_io_error().unwrap_or_else(|| io::Error::other("links lead in a circle"));
    FolderError::Unreadable { path: path.to_owned(), source }
}

/// What a file browser leaves behind.
fn is_litter(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == ".DS_Store" || name == "Thumbs.db")
}

/// A path below the folder, as a browser writes it.
fn name_of(folder: &Path, path: &Path) -> Result<String, FolderError> {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let parts = below.components().map(|part| part.as_os_str().to_str());
    let parts: Option<Vec<&str>> = parts.collect();
    parts.map(|parts| parts.join("/")).ok_or_else(|| FolderError::Nameless(path.to_owned()))
}

fn digest(name: &str, path: &Path) -> Result<File, FolderError> {
    let failed = |source| FolderError::Unreadable { path: path.to_owned(), source };
    let size = std::fs::metadata(path).map_err(failed)?.len();
    if size > LARGEST {
        return Err(FolderError::Large { path: name.to_owned(), size });
    }
    let content = std::fs::read(path).map_err(failed)?;
    let digest = Md5::digest(&content).iter().fold(String::new(), |mut text, byte| {
        // Writing to a String can't fail.
        let _written = write!(text, "{byte:02x}");
        text
    });
    Ok(File { size, digest })
}
