//! TLS: what a listener offers, which certificate a client gets, and how targets are spoken to.
//!
//! One provider of cryptography, aws-lc. It must not know HTTP, or where connections come from.

mod anybody;
mod names;
mod target;

pub(crate) use target::Connector;

pub use anybody::with_anybody;

use crate::routes::Tls;
use names::choose;
use rustls::crypto::aws_lc_rs::{cipher_suite as suite, default_provider};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{
    CipherSuite, HandshakeKind, ProtocolVersion, ServerConfig, SignatureAlgorithm,
    SupportedCipherSuite,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How long a client may take to agree on TLS.
pub(crate) const HANDSHAKE: Duration = Duration::from_secs(10);

/// HTTP/2's name when both sides agree on a protocol (RFC 9113, section 3.2).
const HTTP2: &[u8] = b"h2";

/// AWS's order: 128 bits before 256 (reference §4.7). Only ciphers with forward secrecy and
/// authenticated encryption are offered; every policy has them.
const SUITES: [SupportedCipherSuite; 7] = [
    suite::TLS13_AES_128_GCM_SHA256,
    suite::TLS13_AES_256_GCM_SHA384,
    suite::TLS13_CHACHA20_POLY1305_SHA256,
    suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
];

/// A listener's side of TLS.
#[derive(Clone)]
pub(crate) struct Offer {
    acceptor: TlsAcceptor,
    certificates: Arc<Certificates>,
}

/// What client and load balancer agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Agreed {
    /// `TLSv1.3`.
    pub(crate) version: &'static str,
    /// `TLS_AES_128_GCM_SHA256`, for TLS 1.2 in OpenSSL's words.
    pub(crate) cipher: &'static str,
}

/// Whom a client asked for, and what it was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The host name; absent when it named none.
    pub(crate) domain: Option<String>,
    /// The id of the certificate, or `session-reused`.
    pub(crate) certificate: String,
}

/// A connection that both sides agreed about.
pub(crate) struct Accepted {
    pub(crate) stream: TlsStream<TcpStream>,
    pub(crate) agreed: Agreed,
    pub(crate) shown: Shown,
    pub(crate) version: Version,
}

/// The version of HTTP that was agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    Http1,
    Http2,
}

/// A listener can't offer TLS.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("the certificate `{id}` can't be used")]
    Certificate {
        id: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("TLS can't be offered in these versions")]
    Versions(#[source] rustls::Error),
}

/// The certificates of a listener.
#[derive(Debug)]
struct Certificates {
    ids: Vec<String>,
    names: Vec<Vec<String>>,
    keys: Vec<Arc<CertifiedKey>>,
}

// === impl Offer ===

impl Offer {
    /// What a listener with these settings offers.
    pub(crate) fn new(tls: &Tls) -> Result<Self, TlsError> {
        let mut provider = default_provider();
        provider.cipher_suites = SUITES.to_vec();
        let mut keys = Vec::new();
        for certificate in &tls.certificates {
            let key = key_of(certificate, &provider)
                .map_err(|source| TlsError::Certificate { id: certificate.id.clone(), source })?;
            keys.push(Arc::new(key));
        }
        let names = tls.certificates.iter().map(|certificate| certificate.names.clone()).collect();
        let ids = tls.certificates.iter().map(|certificate| certificate.id.clone()).collect();
        let certificates = Arc::new(Certificates { ids, names, keys });
        let versions = [(&TLS12, tls.tls12), (&TLS13, tls.tls13)];
        let versions: Vec<_> =
            versions.into_iter().filter(|(_, offered)| *offered).map(|(v, _)| v).collect();
        let mut config = ServerConfig::builder_with_provider(Arc::new(provider))
            .with_protocol_versions(&versions)
            .map_err(TlsError::Versions)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::<Certificates>::clone(&certificates));
        config.ignore_client_order = true;
        if tls.http2 {
            config.alpn_protocols.push(HTTP2.to_vec());
        }
        config.alpn_protocols.push(b"http/1.1".to_vec());
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), certificates })
    }

    /// Agrees on TLS with a client.
    pub(crate) async fn accept(&self, stream: TcpStream) -> std::io::Result<Accepted> {
        let stream = self.acceptor.accept(stream).await?;
        let (_, session) = stream.get_ref();
        let agreed = Agreed {
            version: version(session.protocol_version()),
            cipher: session.negotiated_cipher_suite().map_or("-", |suite| cipher(suite.suite())),
        };
        let http2 = session.alpn_protocol() == Some(HTTP2);
        let version = if http2 { Version::Http2 } else { Version::Http1 };
        let domain = session.server_name().map(str::to_owned);
        let certificate = match session.handshake_kind() {
            Some(HandshakeKind::Resumed) => "session-reused".to_owned(),
            _ => self.certificates.likely(domain.as_deref()),
        };
        Ok(Accepted { stream, agreed, shown: Shown { domain, certificate }, version })
    }
}

impl std::fmt::Debug for Offer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Offer")
    }
}

// === impl Certificates ===

impl Certificates {
    /// The places of the certificates for a name, elliptic curves first, as ALB does.
    fn meant(&self, name: Option<&str>) -> Vec<usize> {
        let mut meant = choose(&self.names, name);
        meant.sort_by_key(|place| self.keys[*place].key.algorithm() != SignatureAlgorithm::ECDSA);
        meant
    }

    /// The id of the certificate that a client is shown. One that can't check elliptic curves gets
    /// the next one; nothing of a session says so afterwards.
    fn likely(&self, name: Option<&str>) -> String {
        self.meant(name).first().map_or_else(|| "-".to_owned(), |place| self.ids[*place].clone())
    }
}

impl ResolvesServerCert for Certificates {
    /// Of the certificates for the name that the client asks for, one that it can check.
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let meant = self.meant(hello.server_name());
        let schemes = hello.signature_schemes();
        let fits = |place: &&usize| self.keys[**place].key.choose_scheme(schemes).is_some();
        let place = meant.iter().find(fits).or(meant.first())?;
        Some(Arc::clone(&self.keys[*place]))
    }
}

fn key_of(
    certificate: &crate::routes::Certificate,
    provider: &rustls::crypto::CryptoProvider,
) -> Result<CertifiedKey, Box<dyn std::error::Error + Send + Sync>> {
    let chain = CertificateDer::pem_slice_iter(certificate.chain.as_bytes());
    let chain = chain.collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_slice(certificate.key.reveal().as_bytes())?;
    Ok(CertifiedKey::from_der(chain, key, provider)?)
}

fn version(version: Option<ProtocolVersion>) -> &'static str {
    match version {
        Some(ProtocolVersion::TLSv1_2) => "TLSv1.2",
        Some(ProtocolVersion::TLSv1_3) => "TLSv1.3",
        _ => "-",
    }
}

fn cipher(suite: CipherSuite) -> &'static str {
    match suite {
        CipherSuite::TLS13_AES_128_GCM_SHA256 => "TLS_AES_128_GCM_SHA256",
        CipherSuite::TLS13_AES_256_GCM_SHA384 => "TLS_AES_256_GCM_SHA384",
        CipherSuite::TLS13_CHACHA20_POLY1305_SHA256 => "TLS_CHACHA20_POLY1305_SHA256",
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 => "ECDHE-ECDSA-AES128-GCM-SHA256",
        CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 => "ECDHE-RSA-AES128-GCM-SHA256",
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 => "ECDHE-ECDSA-AES256-GCM-SHA384",
        CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 => "ECDHE-RSA-AES256-GCM-SHA384",
        _ => "-",
    }
}
