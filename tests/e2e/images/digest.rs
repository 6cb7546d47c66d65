//! Digests, computed by the tests themselves.

use aws_lc_rs::digest::SHA256;

/// `sha256:` and 64 digits.
pub(super) fn digest(bytes: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&SHA256, bytes);
    let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}
