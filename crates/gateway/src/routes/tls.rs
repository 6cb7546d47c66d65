//! TLS of a listener: its certificates, and which versions it offers.

use model::Secret;

/// TLS towards clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// Its certificates. The first one is the default: clients get it that ask for no name, or for
    /// one that no other has.
    pub certificates: Vec<Certificate>,
    /// Whether it offers TLS 1.2.
    pub tls12: bool,
    /// Whether it offers TLS 1.3.
    pub tls13: bool,
    /// `routing.http2.enabled`: whether it offers HTTP/2.
    pub http2: bool,
}

/// A certificate with its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The caller's id of it.
    pub id: String,
    /// The host names that it is for; `*.` stands for any one label.
    pub names: Vec<String>,
    /// The certificate and those that lead to its authority, in PEM.
    pub chain: String,
    /// Its private key, in PEM.
    pub key: Secret,
}
