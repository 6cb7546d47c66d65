//! TLS towards origins. CloudFront wants a certificate that is trusted and has the origin's name;
//! here the region knows which listener it is, and who signed for it was the region itself.

use rustls::pki_types::ServerName;
use std::io;
use std::sync::{Arc, OnceLock};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Makes connections to origins secret; there is nothing of it before the first one.
#[derive(Default)]
pub(crate) struct Secret(OnceLock<TlsConnector>);

// === impl Secret ===

impl Secret {
    /// Agrees on TLS with an origin, which is asked for by its name.
    pub(crate) async fn connect(
        &self,
        name: &str,
        stream: TcpStream,
    ) -> io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(name.to_owned()).map_err(io::Error::other)?;
        let connector = || TlsConnector::from(Arc::new(gateway::with_anybody()));
        self.0.get_or_init(connector).connect(name, stream).await
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}
