//! Digests, by which everything here is named.

use aws_lc_rs::digest::{Context, SHA256};
use std::fmt;
use std::str::FromStr;

/// A SHA-256 digest: `sha256:` and 64 lower-case hexadecimal digits. ECR takes no other kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest {
    hex: String,
}

/// A text that is no SHA-256 digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a digest is `sha256:` and 64 lower-case hexadecimal digits")]
pub struct ParseDigestError;

/// A digest in the making.
#[derive(Clone)]
pub(crate) struct Running(Context);

// === impl Digest ===

impl Digest {
    /// The digits, without the algorithm: safe as a file's name.
    #[must_use]
    pub fn hex(&self) -> &str {
        &self.hex
    }

    /// The digest that a file of this name has.
    pub(crate) fn of_hex(hex: &str) -> Result<Self, ParseDigestError> {
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if hex.len() == 64 && hex.bytes().all(digit) {
            Ok(Self { hex: hex.to_owned() })
        } else {
            Err(ParseDigestError)
        }
    }
}

impl FromStr for Digest {
    type Err = ParseDigestError;

    fn from_str(text: &str) -> Result<Self, ParseDigestError> {
        Self::of_hex(text.strip_prefix("sha256:").ok_or(ParseDigestError)?)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex)
    }
}

// === impl Running ===

impl Running {
    pub(crate) fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> Digest {
        let digest = self.0.finish();
        let hex = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        Digest { hex }
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Running(sha256)")
    }
}
