//! CloudFront's distributions and what they refer to.
//!
//! Whether a change is at the edge yet follows from when it was made: the row says when it will be.

use crate::{Held, Stored, Tags};
use api::Record;
use api::cloudfront::{
    CachePolicyConfig, DistributionConfig, FunctionConfig, InvalidationBatch,
    OriginAccessControlConfig, OriginRequestPolicyConfig, ResponseHeadersPolicyConfig,
};
use model::secret::SecretBytes;
use model::{DistributionId, EdgePartId, FunctionName, Timestamp};
use serde::{Deserialize, Serialize};

/// A distribution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    /// Its id.
    pub id: DistributionId,
    /// Its address: `d111111abcdef8.cloudfront.net`.
    pub domain: String,
    /// Its revision, which a change has to name.
    pub etag: String,
    /// When it was changed last.
    pub modified_at: Timestamp,
    /// When that change is everywhere, and its status Deployed.
    pub deployed_at: Timestamp,
    /// The local port that it listens on, once bound.
    #[serde(default)]
    pub local_port: Option<u16>,
    /// What it serves; AWS's defaults are filled in.
    pub config: Stored<DistributionConfig>,
    /// Tags.
    pub tags: Tags,
}

/// What a distribution was told to forget.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invalidation {
    /// Which.
    pub key: InvalidationKey,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it is done.
    pub completed_at: Timestamp,
    /// The paths.
    pub batch: Stored<InvalidationBatch>,
}

/// Identifies an invalidation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InvalidationKey {
    /// The distribution.
    pub distribution: DistributionId,
    /// Its id.
    pub id: String,
}

/// A function that runs at the edge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EdgeFunction {
    /// Its name.
    pub name: FunctionName,
    /// When it was made.
    pub created_at: Timestamp,
    /// What is worked on.
    pub development: FunctionStage,
    /// What distributions run, once it was published.
    pub live: Option<FunctionStage>,
}

/// A function as it is in one of its stages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FunctionStage {
    /// Its revision, which a change has to name.
    pub etag: String,
    /// When it was changed last.
    pub modified_at: Timestamp,
    /// Its runtime and its comment.
    pub config: Stored<FunctionConfig>,
    /// Its text.
    pub code: SecretBytes,
}

/// A part that distributions refer to by its id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "R: Record + Clone", deserialize = "R: Record"))]
pub struct Part<R> {
    /// Its id.
    pub id: EdgePartId,
    /// Its revision, which a change has to name.
    pub etag: String,
    /// When it was changed last.
    pub modified_at: Timestamp,
    /// What it says.
    pub config: Stored<R>,
}

/// How a distribution is known to its origins.
pub type OriginAccessControl = Part<OriginAccessControlConfig>;
/// What tells cached answers apart, and how long they are kept.
pub type CachePolicy = Part<CachePolicyConfig>;
/// What origins are told of a request.
pub type OriginRequestPolicy = Part<OriginRequestPolicyConfig>;
/// What answers say beside what their origins say.
pub type ResponseHeadersPolicy = Part<ResponseHeadersPolicyConfig>;

impl Held for Distribution {
    type Key = DistributionId;

    fn key(&self) -> DistributionId {
        self.id.clone()
    }
}

impl Held for Invalidation {
    type Key = InvalidationKey;

    fn key(&self) -> InvalidationKey {
        self.key.clone()
    }
}

impl Held for EdgeFunction {
    type Key = FunctionName;

    fn key(&self) -> FunctionName {
        self.name.clone()
    }
}

impl<R: Record + Clone + std::fmt::Debug> Held for Part<R> {
    type Key = EdgePartId;

    fn key(&self) -> EdgePartId {
        self.id.clone()
    }
}
