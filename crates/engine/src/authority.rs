//! The region's certificate authority: made when it is first needed, kept beside the store, trusted
//! by whoever chooses to (`neargate region ca`).

mod facts;
mod paper;

use crate::seal::Key;
use model::Timestamp;
use model::secret::SecretBytes;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use services::Authority;
use services::cx::{ImportMistake, NoAuthority, Wish};
use std::fs;
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use world::certificate::Paper;

/// Who signs. Clients show it, so it says where it is from.
const NAME: &str = "neargate local authority";
/// For how many years the authority itself is good.
const YEARS: i32 = 10;

/// The authority of one data directory.
pub(crate) struct LocalAuthority {
    folder: PathBuf,
    seal: Arc<Key>,
    made: Mutex<Option<Arc<Made>>>,
    /// A key for the next certificate with one of RSA; see [`LocalAuthority::prepare`].
    spare: Mutex<Option<KeyPair>>,
}

/// An authority's papers.
struct Made {
    /// Its own certificate, in PEM.
    certificate: String,
    issuer: Issuer<'static, KeyPair>,
}

/// Why there is no authority.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthorityError {
    /// Its files can't be read or written.
    #[error("the certificate authority's files can't be read or written")]
    Files(#[from] io::Error),
    /// Its key can't be opened.
    #[error(transparent)]
    Sealed(#[from] crate::seal::OpenError),
    /// Its papers can't be made, or what is kept is none.
    #[error("the certificate authority's papers can't be made or read")]
    Papers(#[from] rcgen::Error),
}

// === impl LocalAuthority ===

impl LocalAuthority {
    /// The authority of a data directory, which may not have one yet.
    pub(crate) fn new(folder: &Path, seal: Arc<Key>) -> Self {
        Self { folder: folder.to_path_buf(), seal, made: Mutex::default(), spare: Mutex::default() }
    }

    /// Its own certificate, in PEM.
    pub(crate) fn certificate(&self, now: Timestamp) -> Result<String, AuthorityError> {
        Ok(self.made(now)?.certificate.clone())
    }

    /// Makes a key of RSA beforehand, unless there is one. That takes a good part of a second at
    /// times, and [`Authority::issue`] is called where everybody waits.
    pub(crate) fn prepare(&self) -> Result<(), AuthorityError> {
        if crate::hands::lock(&self.spare).is_none() {
            let key = paper::rsa()?;
            crate::hands::lock(&self.spare).get_or_insert(key);
        }
        Ok(())
    }

    /// Forgets its papers; the next certificate is another authority's.
    pub(crate) fn forget(&self) -> Result<(), AuthorityError> {
        let mut made = crate::hands::lock(&self.made);
        for name in ["authority.pem", "authority.key"] {
            match fs::remove_file(self.folder.join(name)) {
                Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why.into()),
                _ => {}
            }
        }
        *made = None;
        Ok(())
    }

    fn made(&self, now: Timestamp) -> Result<Arc<Made>, AuthorityError> {
        let mut made = crate::hands::lock(&self.made);
        if let Some(made) = &*made {
            return Ok(Arc::clone(made));
        }
        let fresh = Arc::new(self.load().transpose().unwrap_or_else(|| self.make(now))?);
        *made = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    /// What an earlier region made.
    fn load(&self) -> Result<Option<Made>, AuthorityError> {
        let certificate = match fs::read_to_string(self.folder.join("authority.pem")) {
            Ok(certificate) => certificate,
            Err(none) if none.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(other) => return Err(other.into()),
        };
        let key = self.seal.open(&fs::read(self.folder.join("authority.key"))?)?;
        let key = KeyPair::from_pem(&String::from_utf8_lossy(&key))?;
        Ok(Some(Made { certificate, issuer: Issuer::new(params(), key) }))
    }

    /// Makes an authority. Its certificate is written last: where it is, the key is too.
    fn make(&self, now: Timestamp) -> Result<Made, AuthorityError> {
        let key = KeyPair::generate()?;
        let mut params = params();
        let (year, month, day) = date(now);
        params.not_before = rcgen::date_time_ymd(year, month, day);
        params.not_after = rcgen::date_time_ymd(year + YEARS, month, day.min(28));
        let certificate = params.self_signed(&key)?.pem();
        let sealed = self.seal.seal(key.serialize_pem().as_bytes());
        let sealed = sealed.ok_or_else(|| io::Error::other("the system gives no random bytes"))?;
        self.write("authority.key", &sealed, 0o600)?;
        self.write("authority.pem", certificate.as_bytes(), 0o644)?;
        Ok(Made { certificate, issuer: Issuer::new(params, key) })
    }

    fn write(&self, name: &str, bytes: &[u8], mode: u32) -> io::Result<()> {
        let draft = self.folder.join(format!("{name}.new"));
        let mut options = fs::OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(mode).open(&draft)?;
        io::Write::write_all(&mut file, bytes)?;
        file.sync_all()?;
        fs::rename(draft, self.folder.join(name))
    }
}

impl Authority for LocalAuthority {
    fn issue(&self, wish: &Wish<'_>) -> Result<Paper, NoAuthority> {
        let issued = self.made(wish.from).and_then(|made| {
            let key = paper::key(wish.algorithm, crate::hands::lock(&self.spare).take());
            Ok(paper::issue(wish, &key?, &made.issuer, &made.certificate)?)
        });
        issued.map_err(|why| {
            tracing::error!(error = %crate::heart::Chain(&why), "no certificate can be issued");
            NoAuthority
        })
    }

    fn read(
        &self,
        certificate: &[u8],
        chain: Option<&[u8]>,
        key: &SecretBytes,
    ) -> Result<Paper, ImportMistake> {
        paper::read(certificate, chain, key)
    }
}

impl std::fmt::Debug for LocalAuthority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalAuthority").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// What is always the same about the authority, so that it signs alike after a restart.
fn params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, NAME);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    params
}

/// A day, as the makers of certificates want it.
fn date(at: Timestamp) -> (i32, u8, u8) {
    let (year, month, day) = at.date();
    (i32::try_from(year).unwrap_or(i32::MAX), month, day)
}

#[cfg(test)]
mod tests;
