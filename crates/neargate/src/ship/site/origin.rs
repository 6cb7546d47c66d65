//! Where the files of a site come from: a folder of this machine, or the bucket of an environment from
//! which they are promoted.

use super::folder::Folder;
use apply::site::SiteError;
use apply::{CallError, Client};
use plan::site::{File, Files};

/// Where files come from.
#[derive(Debug)]
pub(super) enum Origin {
    /// This machine.
    Folder(Folder),
    /// Another environment.
    Bucket(Box<Bucket>),
}

/// A bucket that was looked at.
#[derive(Debug)]
pub(super) struct Bucket {
    client: Client,
    name: String,
    files: Files,
}

// === impl Bucket ===

impl Bucket {
    /// Looks at a bucket. What older versions left in it goes along: it may still be asked for.
    pub(super) async fn read(client: &Client, name: &str) -> Result<Self, CallError> {
        let held = apply::site::held(client, name).await?;
        let file = |(path, held): (String, plan::site::Held)| {
            (path, File { size: held.size, digest: held.tag })
        };
        let files = held.into_iter().map(file).collect();
        Ok(Self { client: client.clone(), name: name.to_owned(), files })
    }
}

// === impl Origin ===

impl Origin {
    /// Its files.
    pub(super) fn files(&self) -> &Files {
        match self {
            Self::Folder(folder) => folder.files(),
            Self::Bucket(bucket) => &bucket.files,
        }
    }

    /// What is in a file.
    pub(super) async fn content(&self, path: &str) -> Result<Vec<u8>, SiteError> {
        match self {
            Self::Folder(folder) => folder
                .content(path)
                .map_err(|source| SiteError::File { path: path.to_owned(), source }),
            Self::Bucket(held) => Ok(apply::site::content(&held.client, &held.name, path).await?),
        }
    }
}
