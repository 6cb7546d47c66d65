//! CloudWatch log groups and streams. Their events are in the telemetry store, not in the World.

use crate::{Held, Tags};
use model::{LogGroupName, LogStreamName, Timestamp};
use serde::{Deserialize, Serialize};

/// A log group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogGroup {
    /// Its name.
    pub name: LogGroupName,
    /// When it was made.
    pub created_at: Timestamp,
    /// Days that events are kept; for ever when absent.
    pub retention_days: Option<u32>,
    /// `STANDARD`, `INFREQUENT_ACCESS` or `DELIVERY`.
    pub class: String,
    /// A KMS key's ARN, echoed; locally nothing is encrypted with it.
    pub kms_key: Option<String>,
    /// Tags.
    pub tags: Tags,
}

/// A log stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogStream {
    /// Group and name.
    pub key: LogStreamKey,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A log group and one of its streams.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LogStreamKey {
    /// The group.
    pub group: LogGroupName,
    /// The stream.
    pub stream: LogStreamName,
}

/// One event of a log stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEvent {
    /// When it happened, as its writer says.
    pub at: Timestamp,
    /// What, without a line end.
    pub message: String,
}

impl Held for LogGroup {
    type Key = LogGroupName;

    fn key(&self) -> LogGroupName {
        self.name.clone()
    }
}

impl Held for LogStream {
    type Key = LogStreamKey;

    fn key(&self) -> LogStreamKey {
        self.key.clone()
    }
}
