//! The archive: images that are kept and can't be pulled until they are brought back.

use super::Image;
use model::Timestamp;
use serde::{Deserialize, Serialize};

/// What the archive has had to do with an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archival {
    /// When the image last went there.
    pub since: Timestamp,
    /// From when on it is at hand again; absent while it stays there.
    pub back_at: Option<Timestamp>,
}

/// Whether an image can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is at hand.
    Active,
    /// It is in the archive.
    Archived,
    /// It is on its way back.
    Activating,
}

/// A storage class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StorageClass {
    /// Where images come in.
    Standard,
    /// The archive.
    Archive,
}

// === impl Image ===

impl Image {
    /// Whether it can be had now.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        match self.archival {
            Some(Archival { back_at: None, .. }) => Standing::Archived,
            Some(Archival { back_at: Some(back_at), .. }) if now < back_at => Standing::Activating,
            Some(_) | None => Standing::Active,
        }
    }

    /// Where it is kept now. On its way back it counts as being where it goes.
    #[must_use]
    pub fn storage_class(&self, now: Timestamp) -> StorageClass {
        match self.standing(now) {
            Standing::Archived => StorageClass::Archive,
            Standing::Active | Standing::Activating => StorageClass::Standard,
        }
    }

    /// The same image, in the archive from now on.
    #[must_use]
    pub fn into_archive(self, now: Timestamp) -> Self {
        Self { archival: Some(Archival { since: now, back_at: None }), ..self }
    }

    /// The same image, at hand from then on, if it is in the archive.
    #[must_use]
    pub fn back_at(mut self, at: Timestamp) -> Self {
        if let Some(archival) = &mut self.archival {
            archival.back_at = Some(archival.back_at.map_or(at, |known| known.min(at)));
        }
        self
    }

    /// When someone last had a use for it: the last pull, or its return from the archive, or else
    /// its coming (the evaluation rules of AWS's lifecycle policies).
    #[must_use]
    pub fn used_at(&self) -> Timestamp {
        let back_at = self.archival.and_then(|archival| archival.back_at);
        self.pulled_at.max(back_at).unwrap_or(self.pushed_at)
    }
}

// === impl Standing ===

impl Standing {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Archived => "ARCHIVED",
            Self::Activating => "ACTIVATING",
        }
    }
}

// === impl StorageClass ===

impl StorageClass {
    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD",
            Self::Archive => "ARCHIVE",
        }
    }
}
