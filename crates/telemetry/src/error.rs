//! What can go wrong with files.

use std::io;
use std::path::{Path, PathBuf};

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The operating system refused.
    #[error("the log store can't {doing} `{path}`")]
    Io {
        /// What was tried: `write`, `read`.
        doing: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// Why it was refused.
        source: io::Error,
    },
    /// A file does not hold what the store wrote.
    #[error("the log store's file `{path}` is damaged: {why}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A message is longer than the store keeps.
    #[error("a log message of {bytes} bytes is too long: at most {most} are kept")]
    TooLong {
        /// The message's length in bytes.
        bytes: usize,
        /// The longest message that is kept, in bytes.
        most: usize,
    },
}

impl StoreError {
    /// Gives an error of the operating system its circumstances.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { doing, path, source }
    }

    /// Says that a file is damaged.
    pub(crate) fn damaged(path: &Path, why: &'static str) -> Self {
        Self::Damaged { path: path.to_owned(), why }
    }

    /// Whether a file was not there.
    pub(crate) fn is_absence(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}
