//! How the protocol says no: a status, a code, a message.

/// A refusal. The codes are those of the OCI distribution specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The protocol's code.
    pub code: &'static str,
    /// What went wrong.
    pub message: String,
}

// === impl Refusal ===

impl Refusal {
    /// A refusal with this status and code.
    #[must_use]
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// A digest that is none, or not the content's.
    #[must_use]
    pub fn bad_digest(message: impl Into<String>) -> Self {
        Self::new(400, "DIGEST_INVALID", message)
    }

    /// A blob that the repository does not have.
    #[must_use]
    pub fn no_blob() -> Self {
        Self::new(404, "BLOB_UNKNOWN", "the repository has no such blob")
    }

    /// An upload that was never begun, or has ended.
    #[must_use]
    pub fn no_upload() -> Self {
        Self::new(404, "BLOB_UPLOAD_UNKNOWN", "there is no such upload")
    }

    /// A chunk that does not begin where the upload ends.
    #[must_use]
    pub fn bad_range(length: u64) -> Self {
        let message = format!("the chunk must begin at byte {length}");
        Self::new(416, "BLOB_UPLOAD_INVALID", message)
    }

    /// Something that the registry does not do.
    #[must_use]
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(405, "UNSUPPORTED", message)
    }

    /// Credentials that are wrong.
    #[must_use]
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(401, "UNAUTHORIZED", message)
    }

    /// The registry itself is at fault.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(500, "UNKNOWN", "the registry could not do it; its log says why")
    }
}
