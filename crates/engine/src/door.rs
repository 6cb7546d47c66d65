//! The region's doors: one port on loopback for AWS's clients and for `neargate` itself, and, where
//! containers can't reach loopback, the same on a link-local address that only they can reach.
//!
//! A request is first held against [`guard`]; then its path says whom it is for.

mod admin;
mod aws;
pub(crate) mod buckets;
pub(crate) mod credentials;
mod guard;
mod identity;
mod images;
mod metadata;
mod metadata_shape;
mod objects;
mod sessions;
mod templates;

use crate::config::Config;
use crate::desk::Desk;
use crate::heart::Event;
use bytes::Bytes;
use driver::Driver;
use gateway::Gateway;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use model::Timestamp;
use std::convert::Infallible;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// How long a client may take over a request's head. A silent connection is closed after that.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// What every request may need.
pub(crate) struct Door {
    pub(crate) desk: Arc<Desk>,
    pub(crate) heart: Sender<Event>,
    pub(crate) names: credentials::Names,
    pub(crate) driver: Arc<dyn Driver>,
    pub(crate) gateway: Weak<Gateway>,
    /// The bytes of images.
    pub(crate) blobs: Arc<registry::Store>,
    /// The bytes of objects.
    pub(crate) objects: Arc<registry::Store>,
    pub(crate) config: Config,
    /// The port that was really bound.
    pub(crate) port: u16,
    pub(crate) started: Timestamp,
    /// Told when someone asks the region to stop.
    pub(crate) stop: Arc<Notify>,
    /// Where request ids begin, and how many there were.
    pub(crate) request_seed: u64,
    pub(crate) requests: AtomicU64,
}

/// An answer.
pub(crate) type Reply = Response<Full<Bytes>>;

/// An answer whose body may be as long as a layer of an image.
type LongReply = Response<Either<Full<Bytes>, images::Pieces>>;

impl Door {
    /// Serves connections until the runtime ends.
    pub(crate) async fn serve(self: Arc<Self>, listener: TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    // Small answers must not wait for more to come.
                    let _best_effort = stream.set_nodelay(true);
                    let door = Arc::clone(&self);
                    tokio::spawn(async move { door.converse(stream).await });
                }
                Err(why) => {
                    // Most likely too many open files; trying at once again would spin.
                    tracing::warn!(error = %why, "a connection can't be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    async fn converse(self: Arc<Self>, stream: tokio::net::TcpStream) {
        let service = service_fn(|request| {
            let door = Arc::clone(&self);
            async move { Ok::<_, Infallible>(door.answer(request).await) }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        if let Err(why) = connection.await {
            tracing::debug!(error = %why, "a connection ended early");
        }
    }

    async fn answer(self: &Arc<Self>, request: Request<Incoming>) -> LongReply {
        if let Err(why) = guard::check(request.headers()) {
            return text(StatusCode::FORBIDDEN, why).map(Either::Left);
        }
        let path = request.uri().path();
        if let Some(id) = path.strip_prefix(crate::sessions::PATH) {
            let id = id.to_owned();
            return sessions::answer(self, request, &id).map(Either::Left);
        }
        if is_for_images(path) {
            return images::answer(self, request).await;
        }
        match self.answer_short(&request).await {
            Some(reply) => reply.map(Either::Left),
            None => aws::answer(self, request).await,
        }
    }

    /// A number that no other request has had. It need not be hard to guess.
    fn chance(&self) -> u64 {
        let count = self.requests.fetch_add(1, Relaxed);
        self.request_seed ^ count.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    /// An answer that is none of AWS's API.
    async fn answer_short(&self, request: &Request<Incoming>) -> Option<Reply> {
        let path = request.uri().path();
        if let Some(path) = path.strip_prefix("/_neargate/") {
            return Some(admin::answer(self, request.method(), path).await);
        }
        if let Some(id) = path.strip_prefix("/v2/credentials") {
            return Some(credentials::answer(self, id.trim_start_matches('/')));
        }
        if let Some(rest) = path.strip_prefix("/v4/").or_else(|| path.strip_prefix("/v3/")) {
            return Some(metadata::answer(self, rest).await);
        }
        None
    }
}

/// Tasks ask for their credentials under the same prefix as Docker for images: with a name of one
/// part, which no image's path is.
fn is_for_images(path: &str) -> bool {
    let Some(rest) =
        path.strip_prefix("/v2").filter(|rest| rest.is_empty() || rest.starts_with('/'))
    else {
        return false;
    };
    let rest = rest.trim_matches('/');
    let name = rest.strip_prefix("credentials").map(|name| name.trim_start_matches('/'));
    name.is_none_or(|name| name.contains('/'))
}

/// A plain answer.
pub(crate) fn text(status: StatusCode, body: impl Into<String>) -> Reply {
    reply(status, "text/plain; charset=utf-8", body.into().into_bytes())
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: &serde_json::Value) -> Reply {
    reply(status, "application/json", body.to_string().into_bytes())
}

fn reply(status: StatusCode, media_type: &'static str, body: Vec<u8>) -> Reply {
    let mut reply = Response::new(Full::new(Bytes::from(body)));
    *reply.status_mut() = status;
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    reply
}

#[cfg(test)]
mod tests {
    use super::is_for_images;

    #[test]
    fn credentials_are_told_from_images() {
        for (path, expected) in [
            ("/v2/", true),
            ("/v2", true),
            ("/v2/_catalog", true),
            ("/v2/shop/manifests/v1", true),
            ("/v2/credentials/manifests/v1", true),
            ("/v2/credentials", false),
            ("/v2/credentials/", false),
            ("/v2/credentials/0123-abcd", false),
            ("/v20", false),
            ("/v4/x", false),
        ] {
            assert_eq!(is_for_images(path), expected, "{path}");
        }
    }
}
