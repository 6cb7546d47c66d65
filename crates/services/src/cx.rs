//! What a handler may look at besides the World.

use model::secret::SecretBytes;
use model::{
    ContainerName, ImageDigest, LogGroupName, Pace, RepositoryName, Secret, Span, Timestamp,
};
use std::fmt;
use world::certificate::Paper;
use world::{LogAsk, LogPage, LogStreamKey, LogSummary, TaskKey};

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
    /// Makes and reads certificates.
    pub authority: &'a dyn Authority,
    /// Takes the bytes of layers, which are not in the World.
    pub layers: &'a dyn LayerStore,
    /// Opens sessions at containers, which are not in the World.
    pub sessions: &'a dyn Sessions,
    /// Where Docker finds the region's registry: `localhost:4566`.
    pub registry: &'a str,
    /// The bytes that came with the call, where they are stored and not part of its input.
    pub received: Option<&'a Received>,
    /// The template that the call's `TemplateURL` leads to, if it leads to one.
    pub template: Option<&'a str>,
}

/// Bytes that came with a call. They are stored, and checked against what the client said of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Their digest, `sha256:` and 64 digits, under which they are found.
    pub digest: String,
    /// How many they are.
    pub size: u64,
    /// Their MD5, which S3 shows.
    pub md5: [u8; 16],
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

/// Makes certificates and their keys, and reads those that clients bring.
pub trait Authority {
    /// A certificate of the region's own authority.
    ///
    /// # Errors
    /// When the authority's own papers can't be read or made.
    fn issue(&self, wish: &Wish<'_>) -> Result<Paper, NoAuthority>;

    /// A client's certificate, chain and key, all in PEM.
    ///
    /// # Errors
    /// When they are none, or don't belong together.
    fn read(
        &self,
        certificate: &[u8],
        chain: Option<&[u8]>,
        key: &SecretBytes,
    ) -> Result<Paper, ImportMistake>;
}

/// A certificate that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish<'a> {
    /// Its names, the first one its subject.
    pub names: &'a [String],
    /// AWS's name of its key's kind: `RSA_2048`, `EC_prime256v1` or `EC_secp384r1`.
    pub algorithm: &'a str,
    /// From when it is good.
    pub from: Timestamp,
    /// Until when it is good.
    pub until: Timestamp,
}

/// The region's authority can't sign. The reason is for the region's own log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoAuthority;

/// What is wrong with a client's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportMistake {
    /// The certificate is no PEM, or none of a certificate.
    CertificateForm,
    /// There is more than one certificate where one is expected.
    SeveralCertificates,
    /// The chain is no PEM of certificates.
    ChainForm,
    /// The key is no PEM of a key, or encrypted.
    KeyForm,
    /// The key is of a kind that can't sign.
    KeyKind,
    /// The key is another certificate's.
    OtherKey,
    /// The certificate names no host.
    NoNames,
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

/// Takes the bytes of layers, part by part. They are blobs once they are whole and have their
/// digest; in which repository a blob is seen is said by the World.
pub trait LayerStore {
    /// Begins an upload to a repository; answers its id.
    ///
    /// # Errors
    /// When the store is out of order.
    fn begin(&self, repository: &RepositoryName) -> Result<String, LayerTrouble>;

    /// Adds a part that begins at a byte.
    ///
    /// # Errors
    /// When there is no such upload, or the part does not follow what has come.
    fn add(&self, to: LayerUpload<'_>, first: u64, bytes: &[u8]) -> Result<(), LayerTrouble>;

    /// Ends an upload: what has come is a blob now. Answers its length.
    ///
    /// # Errors
    /// When there is no such upload, nothing has come, or that has another digest.
    fn finish(&self, of: LayerUpload<'_>, digest: &ImageDigest) -> Result<u64, LayerTrouble>;
}

/// Opens sessions at containers. They end with the region, so the World does not have them.
pub trait Sessions {
    /// Opens a session, which waits a while for its client.
    ///
    /// # Errors
    /// When there is no chance to make a token of.
    fn open(&self, errand: Errand, now: Timestamp) -> Result<Opened, NoSession>;
}

/// What a session is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// The task.
    pub task: TaskKey,
    /// Its container.
    pub container: ContainerName,
    /// The command's line, as the client gave it.
    pub command: Secret,
}

/// A session that waits for its client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its id.
    pub id: String,
    /// Where the client gets to it: a WebSocket's URL.
    pub url: String,
    /// What the client has to show there.
    pub token: Secret,
}

/// No session can be opened. The reason is for the region's own log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSession;

/// An upload, as a client names it.
#[derive(Debug, Clone, Copy)]
pub struct LayerUpload<'a> {
    /// The repository that it is for.
    pub repository: &'a RepositoryName,
    /// Its id, unchecked.
    pub id: &'a str,
}

/// Why bytes of a layer are not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LayerTrouble {
    /// There is no such upload.
    NoUpload,
    /// Another request writes to it.
    Busy,
    /// The part does not begin where the upload ends.
    Gap {
        /// How many bytes have come.
        length: u64,
    },
    /// Nothing has come.
    Empty,
    /// What has come has another digest.
    OtherDigest {
        /// This one.
        found: String,
    },
    /// The store is out of order. Why is in the region's own log.
    Unusable,
}

impl fmt::Debug for Cx<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cx").field("now", &self.now).field("caller", &self.caller).finish()
    }
}
