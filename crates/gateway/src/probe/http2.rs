//! A check in HTTP/2, and in gRPC (reference §4.1, §4.11).

use super::Bytes as Stream;
use crate::routes::{HealthCheck, ProtocolVersion};
use bytes::Bytes;
use h2::RecvStream;
use h2::client::{SendRequest, handshake};
use http::{HeaderMap, Method, Request};
use std::pin::pin;

/// A message of gRPC that says nothing: no compression, no bytes. Every message type reads it as
/// its default, `grpc.health.v1.HealthCheckRequest` among them. That ALB sends it is unverified.
const NOTHING: [u8; 5] = [0; 5];

/// The status of the answer, gRPC's own where that is spoken; none when there is no such answer.
pub(super) async fn ask(stream: Box<dyn Stream>, host: &str, check: &HealthCheck) -> Option<u16> {
    let (send, connection) = handshake(stream).await.ok()?;
    let mut asking = pin!(status(send, request(host, check)?, check.version));
    tokio::select! {
        biased;
        status = &mut asking => status,
        // What arrived before the end is still there to be read.
        _ended = connection => asking.await,
    }
}

fn request(host: &str, check: &HealthCheck) -> Option<Request<()>> {
    let scheme = check.scheme.as_str();
    let request = Request::builder()
        .uri(format!("{scheme}://{host}{}", check.path))
        .header("user-agent", "ELB-HealthChecker/2.0");
    match check.version {
        ProtocolVersion::Grpc => {
            let request = request.method(Method::POST).header("content-type", "application/grpc");
            request.header("te", "trailers").body(()).ok()
        }
        ProtocolVersion::Http1 | ProtocolVersion::Http2 => request.body(()).ok(),
    }
}

async fn status(
    send: SendRequest<Bytes>,
    request: Request<()>,
    version: ProtocolVersion,
) -> Option<u16> {
    let grpc = version == ProtocolVersion::Grpc;
    let (answer, mut body) = send.ready().await.ok()?.send_request(request, !grpc).ok()?;
    if grpc {
        body.send_data(Bytes::from_static(&NOTHING), true).ok()?;
    }
    let (head, body) = answer.await.ok()?.into_parts();
    if !grpc {
        return Some(head.status.as_u16());
    }
    // An answer without messages says it in its head.
    match grpc_status(&head.headers) {
        Some(status) => Some(status),
        None => grpc_status(&trailers(body).await?),
    }
}

async fn trailers(mut body: RecvStream) -> Option<HeaderMap> {
    while let Some(data) = body.data().await {
        let length = data.ok()?.len();
        body.flow_control().release_capacity(length).ok()?;
    }
    body.trailers().await.ok()?
}

fn grpc_status(headers: &HeaderMap) -> Option<u16> {
    headers.get("grpc-status")?.to_str().ok()?.parse().ok()
}
