//! TLS towards targets. ALB encrypts and does not ask who is there: any certificate will do
//! (reference §4.2).

use super::HTTP2;
use super::anybody::with_anybody;
use crate::routes::ProtocolVersion;
use rustls::pki_types::ServerName;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Makes connections to targets secret.
#[derive(Clone)]
pub(crate) struct Connector {
    /// For HTTP/1.1, of which nothing is said.
    http1: TlsConnector,
    /// For HTTP/2, which both sides have to agree on.
    http2: TlsConnector,
}

// === impl Connector ===

impl Connector {
    /// The one for all targets.
    pub(crate) fn new() -> Self {
        let http1 = with_anybody();
        let mut http2 = http1.clone();
        http2.alpn_protocols = vec![HTTP2.to_vec()];
        let connector = |config| TlsConnector::from(Arc::new(config));
        Self { http1: connector(http1), http2: connector(http2) }
    }

    /// Agrees on TLS with a target that is then spoken to in a version of HTTP. It is asked for by
    /// its address, so no name is sent.
    pub(crate) async fn connect(
        &self,
        (ip, version): (IpAddr, ProtocolVersion),
        stream: TcpStream,
    ) -> io::Result<TlsStream<TcpStream>> {
        let name = ServerName::from(ip);
        if version == ProtocolVersion::Http1 {
            return self.http1.connect(name, stream).await;
        }
        let stream = self.http2.connect(name, stream).await?;
        match stream.get_ref().1.alpn_protocol() {
            Some(HTTP2) => Ok(stream),
            _ => Err(io::Error::other("the target does not agree on HTTP/2")),
        }
    }
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connector")
    }
}
