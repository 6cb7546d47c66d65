//! S3's buckets.

use crate::{Held, Stored, Tags};
use api::s3::{
    BucketLifecycleConfiguration, PublicAccessBlockConfiguration, ServerSideEncryptionConfiguration,
};
use model::{BucketName, Timestamp};
use serde::{Deserialize, Serialize};

/// A bucket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bucket {
    /// Its name.
    pub name: BucketName,
    /// When it was made.
    pub created_at: Timestamp,
    /// Its policy's text.
    pub policy: Option<String>,
    /// Whether it keeps what is written over and deleted.
    pub versioning: Versioning,
    /// How objects are encrypted; S3's own keys where it does not say.
    pub encryption: Option<Stored<ServerSideEncryptionConfiguration>>,
    /// What of public access is blocked; nothing where it is absent.
    pub access_block: Option<Stored<PublicAccessBlockConfiguration>>,
    /// Who owns objects, in S3's word.
    pub ownership: Option<String>,
    /// When objects are to go.
    pub lifecycle: Option<Stored<BucketLifecycleConfiguration>>,
    /// Tags.
    pub tags: Tags,
}

/// Whether a bucket keeps versions of its objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Versioning {
    /// It never did.
    Never,
    /// It does.
    Enabled,
    /// It did, and keeps those that it has.
    Suspended,
}

impl Held for Bucket {
    type Key = BucketName;

    fn key(&self) -> BucketName {
        self.name.clone()
    }
}

// === impl Versioning ===

impl Versioning {
    /// S3's word; none for a bucket that never had versions.
    #[must_use]
    pub fn as_status(self) -> Option<&'static str> {
        match self {
            Self::Never => None,
            Self::Enabled => Some("Enabled"),
            Self::Suspended => Some("Suspended"),
        }
    }
}
