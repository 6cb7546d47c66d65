//! Servers as origins: a connection for each request, on this machine's loopback.

mod secret;

use crate::body::Body;
use crate::page::Reason;
use crate::sites::{Server, ServerPolicy};
use http::header::HOST;
use http::{HeaderName, HeaderValue, Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
pub(crate) use secret::Secret;
use std::net::SocketAddr;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Sends a request to a server; its path is there already, and its name where it is told another.
pub(crate) async fn send(
    server: &Server,
    secret: &Secret,
    mut request: Request<Body>,
) -> Result<Response<Incoming>, Reason> {
    for (name, value) in &server.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
            request.headers_mut().insert(name, value);
        }
    }
    if !request.headers().contains_key(HOST) {
        let name = HeaderValue::from_str(&server.name).map_err(|_| Reason::Request)?;
        request.headers_mut().insert(HOST, name);
    }
    let (address, https) = match server.policy {
        // A viewer here speaks HTTP.
        ServerPolicy::Http | ServerPolicy::Match => (server.http, None),
        ServerPolicy::Https => (server.https, Some(secret)),
    };
    let stream = connect(server, address.ok_or(Reason::Unreachable)?).await?;
    match https {
        None => speak(server, stream, request).await,
        Some(secret) => {
            let connected = timeout(server.connecting, secret.connect(&server.name, stream)).await;
            let stream = connected.map_err(|_| Reason::Silent)?.map_err(|_| Reason::Unreachable)?;
            speak(server, stream, request).await
        }
    }
}

async fn connect(server: &Server, address: SocketAddr) -> Result<TcpStream, Reason> {
    let mut last = Reason::Unreachable;
    for _ in 0..server.attempts.max(1) {
        match timeout(server.connecting, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Small requests must not wait for more to come.
                let _best_effort = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(_)) => last = Reason::Unreachable,
            Err(_) => last = Reason::Silent,
        }
    }
    Err(last)
}

async fn speak(
    server: &Server,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Body>,
) -> Result<Response<Incoming>, Reason> {
    let shaken = http1::Builder::new().preserve_header_case(true).handshake(TokioIo::new(stream));
    let (mut sender, connection) = shaken.await.map_err(|_| Reason::Unreachable)?;
    tokio::spawn(connection.with_upgrades());
    match timeout(server.reading, sender.send_request(request)).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(_)) => Err(Reason::Garbled),
        Err(_) => Err(Reason::Silent),
    }
}

/// A body that comes over a connection.
pub(crate) fn body(incoming: Incoming) -> Body {
    incoming.map_err(Into::into).boxed_unsync()
}
