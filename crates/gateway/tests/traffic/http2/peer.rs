//! Targets that speak HTTP/2.

use crate::expect;
use bytes::Bytes;
use h2::RecvStream;
use h2::server::{SendResponse, handshake};
use http::request::Parts;
use http::{HeaderMap, Response};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// A server on a free port; it ends when dropped.
pub(super) struct Peer {
    pub(super) address: SocketAddr,
    seen: Arc<Seen>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    heads: Mutex<Vec<Parts>>,
    news: Notify,
}

/// A request as a target sees it.
pub(super) struct Asked {
    pub(super) path: String,
    pub(super) is_check: bool,
    pub(super) body: RecvStream,
    pub(super) respond: SendResponse<Bytes>,
}

/// After how many requests a connection is told to make no more.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lasting {
    Always,
    Requests(usize),
}

// === impl Peer ===

impl Peer {
    /// A target that does this with each request.
    pub(super) async fn serving<F: Future<Output = ()> + Send + 'static>(
        serve: impl Fn(Asked) -> F + Clone + Send + 'static,
    ) -> Self {
        Self::start(None, Lasting::Always, serve).await
    }

    /// A target that answers every request with these.
    pub(super) async fn saying(body: &'static str, lasting: Lasting) -> Self {
        Self::start(None, lasting, async move |asked: Asked| asked.say(body)).await
    }

    /// The same with TLS, if it is given.
    pub(super) async fn start<F: Future<Output = ()> + Send + 'static>(
        tls: Option<TlsAcceptor>,
        lasting: Lasting,
        serve: impl Fn(Asked) -> F + Clone + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Seen::default());
        let known = Arc::clone(&seen);
        let serving = tokio::spawn(async move {
            let mut guests = tokio::task::JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                stream.set_nodelay(true).unwrap();
                let (seen, serve, tls) = (Arc::clone(&known), serve.clone(), tls.clone());
                guests.spawn(async move {
                    let Some(tls) = tls else {
                        return converse(stream, (seen, lasting), serve).await;
                    };
                    let Ok(stream) = tls.accept(stream).await else { return };
                    converse(stream, (seen, lasting), serve).await;
                });
            }
        });
        Self { address, seen, serving }
    }

    /// How many connections carried requests that are no health checks.
    pub(super) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    /// The heads of requests that are no health checks.
    pub(super) fn heads(&self) -> Vec<Parts> {
        self.noted(|head| !is_check(&head.headers))
    }

    /// The heads of the first health checks.
    pub(super) async fn checks(&self) -> Vec<Parts> {
        expect("a health check", async {
            loop {
                let news = self.seen.news.notified();
                tokio::pin!(news);
                news.as_mut().enable();
                let checks = self.noted(|head| is_check(&head.headers));
                if !checks.is_empty() {
                    return checks;
                }
                news.await;
            }
        })
        .await
    }

    fn noted(&self, wanted: impl Fn(&Parts) -> bool) -> Vec<Parts> {
        let heads = self.seen.heads.lock().unwrap();
        heads.iter().filter(|head| wanted(head)).cloned().collect()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn is_check(headers: &HeaderMap) -> bool {
    headers.get("user-agent").is_some_and(|agent| agent == "ELB-HealthChecker/2.0")
}

async fn converse<F: Future<Output = ()> + Send + 'static>(
    io: impl AsyncRead + AsyncWrite + Unpin,
    (seen, lasting): (Arc<Seen>, Lasting),
    serve: impl Fn(Asked) -> F,
) {
    let Ok(mut connection) = handshake(io).await else { return };
    let (mut fresh, mut requests) = (true, 0);
    while let Some(Ok((request, respond))) = connection.accept().await {
        let (parts, body) = request.into_parts();
        let is_check = is_check(&parts.headers);
        if !is_check && std::mem::take(&mut fresh) {
            seen.connections.fetch_add(1, Ordering::SeqCst);
        }
        let path = parts.uri.path().to_owned();
        seen.heads.lock().unwrap().push(parts);
        seen.news.notify_waiters();
        tokio::spawn(serve(Asked { path, is_check, body, respond }));
        requests += 1;
        if matches!(lasting, Lasting::Requests(most) if requests == most) {
            connection.graceful_shutdown();
        }
    }
}

// === impl Asked ===

impl Asked {
    /// Answers 200 with a body.
    pub(super) fn say(mut self, body: &'static str) {
        let head = Response::builder().header("x-mine", "1").body(()).unwrap();
        // Nobody may want to know any more.
        if let Ok(mut to) = self.respond.send_response(head, false) {
            let _gone = to.send_data(Bytes::from_static(body.as_bytes()), true);
        }
    }

    /// Answers what gRPC calls a status, without a message.
    pub(super) fn status(mut self, status: &str) {
        let head = Response::builder().header("content-type", "application/grpc");
        let head = head.header("grpc-status", status).body(()).unwrap();
        let _gone = self.respond.send_response(head, true);
    }

    /// Sends each message back as it comes, and says in the end that all went well.
    pub(super) async fn echo(mut self) {
        let head = Response::builder().header("content-type", "application/grpc").body(()).unwrap();
        let mut to = self.respond.send_response(head, false).unwrap();
        while let Some(Ok(data)) = self.body.data().await {
            self.body.flow_control().release_capacity(data.len()).unwrap();
            to.send_data(data, false).unwrap();
        }
        let mut trailers = HeaderMap::new();
        trailers.insert("grpc-status", "0".parse().unwrap());
        let asked = self.body.trailers().await.unwrap();
        let said = asked.and_then(|trailers| trailers.get("x-last").cloned());
        if let Some(said) = said {
            trailers.insert("x-last", said);
        }
        to.send_trailers(trailers).unwrap();
    }
}
