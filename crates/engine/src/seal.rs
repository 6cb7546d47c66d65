//! The region's key, and what is sealed with it.
//!
//! Rows hold secrets (parameters, secrets, environment variables), so the store keeps none of them
//! readable: each row is sealed with a key that lies beside it, readable by its owner only. That
//! keeps secrets out of backups, bug reports and `strings`; it does not keep them from the owner.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{digest, hmac};
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

const KEY_LENGTH: usize = 32;

/// The key of one data directory.
pub(crate) struct Key {
    aead: LessSafeKey,
    mac: hmac::Key,
}

/// Sealed bytes that this key does not open.
#[derive(Debug, thiserror::Error)]
#[error("a stored row can't be opened with the region's key: the key file or the row was changed")]
pub struct OpenError;

impl Key {
    /// The key in `path`, made on first use.
    pub(crate) fn at(path: &Path) -> io::Result<Self> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => make(path)?,
            Err(other) => return Err(other),
        };
        Self::of(&bytes)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "not a region's key"))
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != KEY_LENGTH {
            return None;
        }
        let mac = digest::digest(&digest::SHA256, &[bytes, b"credentials"].concat());
        Some(Self {
            aead: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes).ok()?),
            mac: hmac::Key::new(hmac::HMAC_SHA256, mac.as_ref()),
        })
    }

    /// Seals `plain`: a random nonce, then the ciphertext and its tag.
    ///
    /// The nonce comes from the kernel, not from aws-lc, whose generator measures the processor's
    /// jitter for 30 ms when it is first used. 96 random bits are good for 2^32 rows a key.
    pub(crate) fn seal(&self, plain: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).ok()?;
        let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let body = &mut sealed[NONCE_LEN..];
        let tag = self.aead.seal_in_place_separate_tag(nonce, Aad::empty(), body).ok()?;
        sealed.extend_from_slice(tag.as_ref());
        Some(sealed)
    }

    /// Opens what [`Key::seal`] sealed.
    pub(crate) fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(OpenError)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| OpenError)?;
        let mut body = body.to_vec();
        let length =
            self.aead.open_in_place(nonce, Aad::empty(), &mut body).map_err(|_| OpenError)?.len();
        body.truncate(length);
        Ok(body)
    }

    /// A key for another purpose, which says nothing about this one.
    pub(crate) fn derived(&self, purpose: &str) -> [u8; KEY_LENGTH] {
        let mac = self.mac(&["key", purpose]);
        std::array::from_fn(|place| mac[place])
    }

    /// A keyed digest of `parts`, each told apart from the next.
    pub(crate) fn mac(&self, parts: &[&str]) -> Vec<u8> {
        hmac::sign(&self.mac, parts.join("\0").as_bytes()).as_ref().to_vec()
    }
}

/// Makes the key file: whole or not at all, readable by its owner only.
fn make(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; KEY_LENGTH];
    getrandom::fill(&mut bytes)?;
    let draft = path.with_extension("new");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    // `hard_link` fails where a file is: of two regions that start at once, one key wins.
    match fs::hard_link(&draft, path) {
        Ok(()) => {}
        Err(there) if there.kind() == io::ErrorKind::AlreadyExists => {
            bytes.clear();
            fs::File::open(path)?.read_to_end(&mut bytes)?;
        }
        Err(other) => return Err(other),
    }
    fs::remove_file(&draft)?;
    Ok(bytes)
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key([secret])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::of(&[7; KEY_LENGTH]).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_and_shows_nothing() {
        let sealed = key().seal(b"DATABASE_URL=hunter2").unwrap();
        assert!(!sealed.windows(7).any(|window| window == b"hunter2"));
        assert_eq!(key().open(&sealed).unwrap(), b"DATABASE_URL=hunter2");
    }

    #[test]
    fn a_changed_or_cut_row_does_not_open() {
        let mut sealed = key().seal(b"row").unwrap();
        assert!(key().open(&sealed[..5]).is_err());
        let last = sealed.len() - 1;
        sealed[last] ^= 1;
        assert!(key().open(&sealed).is_err());
    }
}
