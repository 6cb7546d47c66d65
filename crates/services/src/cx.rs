//! What a handler may look at besides the World.

use model::{LogGroupName, Pace, Secret, Span, Timestamp};
use std::fmt;
use world::{LogAsk, LogPage, LogStreamKey, LogSummary};

/// The circumstances of a call.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    /// Now.
    pub now: Timestamp,
    /// The region's speed.
    pub pace: Pace,
    /// Who calls.
    pub caller: &'a Caller,
    /// The events of log streams, which are not in the World.
    pub logs: &'a dyn LogReader,
    /// Makes temporary credentials.
    pub issuer: &'a dyn Issuer,
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The principal's ARN.
    pub arn: String,
    /// The unique id that STS answers as `UserId`.
    pub id: String,
}

/// Temporary credentials of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `ASIA` and 16 characters.
    pub access_key: String,
    /// The secret key.
    pub secret_key: Secret,
    /// The session token.
    pub token: Secret,
    /// Until when they are good.
    pub expires: Timestamp,
}

/// Makes temporary credentials. The same session makes the same credentials, and whoever presents
/// them is known again by them alone: nothing is stored.
pub trait Issuer {
    /// Credentials for a session of a role.
    fn issue(&self, role_arn: &str, session: &str, now: Timestamp, lasting: Span) -> Credentials;
}

/// Reads the events of log streams.
pub trait LogReader {
    /// A page of a stream's events; empty when the stream has none.
    ///
    /// # Errors
    /// When what is stored can't be read.
    fn page(&self, stream: &LogStreamKey, ask: &LogAsk) -> Result<LogPage, LogsUnreadable>;

    /// What a stream holds.
    ///
    /// # Errors
    /// When what is stored can't be read.
    fn summary(&self, stream: &LogStreamKey) -> Result<LogSummary, LogsUnreadable>;

    /// How many bytes a group's streams hold, by CloudWatch's count.
    ///
    /// # Errors
    /// When what is stored can't be read.
    fn stored_bytes(&self, group: &LogGroupName) -> Result<u64, LogsUnreadable>;
}

/// Stored events can't be read. The reason is the store's and for the region's own log: a client
/// learns no more than that the service is unavailable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogsUnreadable;

impl fmt::Debug for Cx<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cx").field("now", &self.now).field("caller", &self.caller).finish()
    }
}
