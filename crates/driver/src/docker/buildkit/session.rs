//! The session of a build: a connection to the engine on which the engine asks and we answer.
//!
//! The engine upgrades it to HTTP/2 and calls gRPC services on it. Two are here: health, without which
//! it gives the session up, and secrets.

use super::super::build::BuildError;
use super::failed;
use super::protobuf::{bytes, text};
use bytes::{BufMut as _, Bytes, BytesMut};
use h2::RecvStream;
use h2::server::SendResponse;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body_util::Empty;
use hyper::client::conn::http1::handshake;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use model::Secret;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;

const HEALTH: &str = "/grpc.health.v1.Health/Check";
const SECRET: &str = "/moby.buildkit.secrets.v1.Secrets/GetSecret";

/// gRPC's codes for what is not there, and for what nobody answers here.
const NOT_FOUND: u8 = 5;
const UNIMPLEMENTED: u8 = 12;

/// `HealthCheckResponse { status: SERVING }`.
const SERVING: [u8; 2] = [0x08, 0x01];

/// What goes before a message: whether it is compressed, and its length.
const PREFIX: usize = 5;

/// An open session; it ends when it is dropped.
pub(super) struct Session {
    id: String,
    serving: JoinHandle<()>,
}

impl Session {
    /// Opens a session that has these secrets.
    pub(super) async fn open(
        socket: &Path,
        secrets: BTreeMap<String, Secret>,
    ) -> Result<Self, BuildError> {
        static OPENED: AtomicU64 = AtomicU64::new(0);
        // Sessions of one engine are told apart by this.
        let number = OPENED.fetch_add(1, Ordering::Relaxed);
        let id = format!("neargate-{}-{number}", std::process::id());
        let stream = UnixStream::connect(socket).await.map_err(failed)?;
        let (mut sender, connection) = handshake(TokioIo::new(stream)).await.map_err(failed)?;
        tokio::spawn(connection.with_upgrades());
        let request = Request::post(format!("{}/session", super::API)).header("host", "docker");
        let request = request.header("connection", "Upgrade").header("upgrade", "h2c");
        let request = request.header("X-Docker-Expose-Session-Uuid", &id);
        let request = request.header("X-Docker-Expose-Session-Name", "neargate");
        let request = request.header("X-Docker-Expose-Session-Sharedkey", "");
        let request = request.header("X-Docker-Expose-Session-Grpc-Method", SECRET);
        let request = request.body(Empty::<Bytes>::new()).map_err(failed)?;
        let answer = sender.send_request(request).await.map_err(failed)?;
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(failed(format!("a session was answered with {}", answer.status())));
        }
        let upgraded = hyper::upgrade::on(answer).await.map_err(failed)?;
        let serving = tokio::spawn(serve(upgraded, Arc::new(secrets)));
        Ok(Self { id, serving })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Answers until the engine hangs up. What goes wrong here the engine says in its own answer.
async fn serve(stream: Upgraded, secrets: Arc<BTreeMap<String, Secret>>) {
    let Ok(mut connection) = h2::server::handshake(TokioIo::new(stream)).await else { return };
    while let Some(Ok((request, respond))) = connection.accept().await {
        let secrets = Arc::clone(&secrets);
        tokio::spawn(async move {
            // A caller that has gone wants no answer.
            let _answered = answer(request, respond, &secrets).await;
        });
    }
}

async fn answer(
    request: Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    secrets: &BTreeMap<String, Secret>,
) -> Result<(), h2::Error> {
    let path = request.uri().path().to_owned();
    let message = read(request.into_body()).await?;
    let mut response = Response::new(());
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/grpc"));
    match outcome(&path, message.get(PREFIX..).unwrap_or_default(), secrets) {
        Ok(message) => {
            let mut stream = respond.send_response(response, false)?;
            stream.send_data(framed(&message), false)?;
            stream.send_trailers(status(0))
        }
        Err(code) => {
            headers.extend(status(code));
            respond.send_response(response, true).map(drop)
        }
    }
}

/// The answer to a call, or gRPC's code of why there is none.
fn outcome(path: &str, request: &[u8], secrets: &BTreeMap<String, Secret>) -> Result<Vec<u8>, u8> {
    match path {
        HEALTH => Ok(SERVING.to_vec()),
        SECRET => {
            let secret = text(request, 1).and_then(|id| secrets.get(id)).ok_or(NOT_FOUND)?;
            Ok(bytes(1, secret.reveal().as_bytes()))
        }
        _ => Err(UNIMPLEMENTED),
    }
}

async fn read(mut body: RecvStream) -> Result<Bytes, h2::Error> {
    let mut message = BytesMut::new();
    while let Some(chunk) = body.data().await {
        let chunk = chunk?;
        body.flow_control().release_capacity(chunk.len())?;
        message.extend_from_slice(&chunk);
    }
    Ok(message.freeze())
}

fn framed(message: &[u8]) -> Bytes {
    let mut framed = BytesMut::with_capacity(PREFIX + message.len());
    framed.put_u8(0);
    framed.put_u32(u32::try_from(message.len()).unwrap_or(u32::MAX));
    framed.put_slice(message);
    framed.freeze()
}

fn status(code: u8) -> HeaderMap {
    HeaderMap::from_iter([(
        http::HeaderName::from_static("grpc-status"),
        HeaderValue::from(u16::from(code)),
    )])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_given_by_its_name_and_no_other() {
        let secrets = [("TOKEN".to_owned(), Secret::from("hunter2"))].into();
        assert_eq!(outcome(SECRET, &bytes(1, b"TOKEN"), &secrets), Ok(bytes(1, b"hunter2")));
        assert_eq!(outcome(SECRET, &bytes(1, b"OTHER"), &secrets), Err(NOT_FOUND));
        assert_eq!(outcome(HEALTH, &[], &secrets), Ok(SERVING.to_vec()));
        assert_eq!(
            outcome("/moby.filesync.v1.Auth/Credentials", &[], &secrets),
            Err(UNIMPLEMENTED)
        );
    }

    #[test]
    fn a_message_is_framed_with_its_length() {
        assert_eq!(framed(b"abc"), Bytes::from_static(&[0, 0, 0, 0, 3, b'a', b'b', b'c']));
    }
}
