//! An authority that clients trust, clients that do, and targets with certificates of nobody.

use crate::caller::Caller;
use crate::expect;
use crate::stage::Stage;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// An authority.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// What a client learned in its handshake.
pub(crate) struct Agreed {
    pub(crate) names: Vec<String>,
    pub(crate) version: String,
}

/// A target with a certificate that nobody signed. It answers `secret` to everything.
pub(crate) struct SecureTarget {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
    serving: JoinHandle<()>,
}

// === impl Authority ===

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// A certificate for these names.
    pub(crate) fn certificate(&self, id: &str, names: &[&str]) -> gateway::Certificate {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(names.clone()).unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let key = key.serialize_pem().into();
        gateway::Certificate { id: id.to_owned(), names, chain: certificate.pem(), key }
    }

    /// What clients trust that trust this authority.
    pub(crate) fn client(&self) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth()
    }

    /// A client of `web` that asks for a name and trusts this authority.
    pub(crate) async fn call(&self, stage: &Stage, name: &str) -> io::Result<(Caller, Agreed)> {
        let stream = expect("a connection", TcpStream::connect(stage.address())).await?;
        stream.set_nodelay(true)?;
        let connector = TlsConnector::from(Arc::new(self.client()));
        let asked = ServerName::try_from(name.to_owned()).unwrap();
        let stream = expect("a handshake", connector.connect(asked, stream)).await?;
        let (_, session) = stream.get_ref();
        let agreed = Agreed {
            names: names(&session.peer_certificates().unwrap()[0]),
            version: format!("{:?}", session.protocol_version().unwrap()),
        };
        Ok((Caller::on(stream), agreed))
    }
}

/// The names of a certificate of this authority: one follows the other behind their tags.
fn names(certificate: &CertificateDer<'_>) -> Vec<String> {
    // 2.5.29.17, the extension with the names.
    const EXTENSION: [u8; 5] = [6, 3, 85, 29, 17];
    let bytes = certificate.as_ref();
    let at = bytes.windows(5).position(|part| part == EXTENSION).unwrap();
    let mut rest = &bytes[at + 5..];
    let mut names = Vec::new();
    // The octets of the extension hold a sequence of names.
    assert_eq!((rest[0], rest[2]), (4, 0x30));
    let end = usize::from(rest[3]);
    rest = &rest[4..4 + end];
    while let [0x82, length, tail @ ..] = rest {
        let (name, behind) = tail.split_at(usize::from(*length));
        names.push(String::from_utf8(name.to_vec()).unwrap());
        rest = behind;
    }
    names
}

/// What a server offers whose certificate nobody signed.
pub(crate) fn nobodys_certificate() -> ServerConfig {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["nobody.example".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap()
}

// === impl SecureTarget ===

impl SecureTarget {
    pub(crate) async fn new() -> Self {
        let config = nobodys_certificate();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let serving = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(acceptor.clone(), stream, Arc::clone(&counted)));
            }
        });
        Self { address, connections, serving }
    }

    /// How many connections carried requests other than health checks.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve(acceptor: TlsAcceptor, stream: TcpStream, connections: Arc<AtomicUsize>) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let mut arrived = Vec::new();
    let mut fresh = true;
    loop {
        while !arrived.windows(4).any(|four| four == b"\r\n\r\n") {
            if stream.read_buf(&mut arrived).await.unwrap_or(0) == 0 {
                return;
            }
        }
        let head = String::from_utf8(std::mem::take(&mut arrived)).unwrap();
        if std::mem::take(&mut fresh) && !head.contains("ELB-HealthChecker") {
            connections.fetch_add(1, Ordering::SeqCst);
        }
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret";
        if stream.write_all(answer).await.is_err() || stream.flush().await.is_err() {
            return;
        }
    }
}

impl Drop for SecureTarget {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
