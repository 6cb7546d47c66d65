//! The digest of a manifest.

use aws_lc_rs::digest::{SHA256, digest};
use model::ImageDigest;

/// `sha256:` and 64 digits.
pub(crate) fn of(bytes: &[u8]) -> ImageDigest {
    let digest = digest(&SHA256, bytes);
    let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    ImageDigest::from(format!("sha256:{hex}"))
}

/// Whether a text has a digest's form.
pub(super) fn is_digest(text: &str) -> bool {
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64 && hex.bytes().all(digit))
}
