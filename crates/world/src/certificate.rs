//! Certificates of Certificate Manager.

use crate::{Held, Listener, Tags, World};
use model::{CertificateArn, Secret, Timestamp};
use serde::{Deserialize, Serialize};

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Its ARN.
    pub arn: CertificateArn,
    /// Its papers. Those of a requested one are made with the request, and shown once it is issued.
    pub paper: Paper,
    /// Where it comes from.
    pub origin: Origin,
    /// When it was requested or first imported.
    pub created_at: Timestamp,
    /// When it was or will be issued, or when its papers were imported.
    pub issued_at: Timestamp,
    /// Tags.
    pub tags: Tags,
}

/// A certificate, its key, and what the certificate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// The certificate, in PEM.
    pub certificate: String,
    /// The certificates that lead to its authority, in PEM.
    pub chain: Option<String>,
    /// Its private key, in PEM. No operation answers it.
    pub key: Secret,
    /// What it says.
    pub facts: Facts,
}

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The host names that it is for, `*.` for all of one level, the first one its domain.
    pub names: Vec<String>,
    /// Whom it is about.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// Its number, in hexadecimal with colons.
    pub serial: String,
    /// AWS's name of its key's kind: `RSA_2048`, `EC_prime256v1`.
    pub key_algorithm: String,
    /// AWS's name of its signature's kind: `SHA256WITHRSA`.
    pub signature_algorithm: String,
    /// From when it is good.
    pub not_before: Timestamp,
    /// Until when it is good.
    pub not_after: Timestamp,
}

/// Where a certificate comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// The region's own authority.
    Requested {
        /// How the request said that its domains would be validated: `DNS` or `EMAIL`.
        validation: Vec<Validation>,
        /// `ENABLED` or `DISABLED`, echoed.
        transparency: String,
        /// What the request named itself.
        token: Option<String>,
    },
    /// A client.
    Imported,
}

/// How the owner of a name proves that it is theirs. Locally nobody looks at the proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validation {
    /// The name.
    pub domain: String,
    /// The domain that is asked, the name itself or one above it.
    pub at: String,
    /// What to do.
    pub proof: Proof,
}

/// A proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proof {
    /// A CNAME record.
    Dns {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// A click in a mail to one of the domain's usual addresses.
    Email,
}

// === impl Certificate ===

impl Certificate {
    /// Whether it is issued, so that listeners can use it.
    #[must_use]
    pub fn is_issued(&self, now: Timestamp) -> bool {
        self.issued_at <= now
    }
}

impl Held for Certificate {
    type Key = CertificateArn;

    fn key(&self) -> CertificateArn {
        self.arn.clone()
    }
}

// === impl World ===

impl World {
    /// The listeners that use a certificate.
    pub fn listeners_with<'a>(
        &'a self,
        certificate: &'a CertificateArn,
    ) -> impl Iterator<Item = &'a Listener> {
        let uses = |listener: &&Listener| {
            listener.certificates.iter().any(|used| used == certificate.as_str())
        };
        self.listeners.iter().filter(uses)
    }
}
