//! Holding a claim's signature against the key that it names.

use super::claim::ALGORITHM;
use super::{Claim, Trouble, canonical};
use crate::head::Head;
use crate::hex;
use crate::time;
use aws_lc_rs::hmac::{self, HMAC_SHA256, Key};
use model::Secret;

impl Claim {
    /// Checks that the signature was made with `secret` for this very request. The time it takes
    /// does not depend on where the signatures differ.
    ///
    /// # Errors
    /// [`Trouble::Mismatch`].
    pub fn check_signature(
        &self,
        head: &Head<'_>,
        body: &[u8],
        secret: &Secret,
    ) -> Result<(), Trouble> {
        let signature = hex::decode(&self.signature).ok_or(Trouble::Mismatch)?;
        let text = self.string_to_sign(head, body);
        hmac::verify(&self.signing_key(secret), text.as_bytes(), &signature)
            .map_err(|_| Trouble::Mismatch)
    }

    pub(super) fn string_to_sign(&self, head: &Head<'_>, body: &[u8]) -> String {
        let request = canonical::request(self, head, body);
        let scope = [&self.date, &self.region, &self.service, &self.terminator].map(String::as_str);
        format!(
            "{ALGORITHM}\n{at}\n{scope}\n{hash}",
            at = time::to_basic(self.at),
            scope = scope.join("/"),
            hash = canonical::sha256(request.as_bytes()),
        )
    }

    /// The key for one day, region and service, derived from the secret step by step.
    pub(super) fn signing_key(&self, secret: &Secret) -> Key {
        let first = Key::new(HMAC_SHA256, format!("AWS4{}", secret.reveal()).as_bytes());
        [&self.date, &self.region, &self.service, &self.terminator]
            .iter()
            .fold(first, |key, part| {
                Key::new(HMAC_SHA256, hmac::sign(&key, part.as_bytes()).as_ref())
            })
    }
}
