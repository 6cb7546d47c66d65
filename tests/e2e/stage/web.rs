//! HTTP as a client speaks it.

use super::{PATIENCE, eventually};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// A request under construction.
pub(crate) struct Ask {
    url: String,
    request: http::request::Builder,
    body: Bytes,
}

// === impl Answer ===

impl Answer {
    /// The value of a header; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|why| panic!("{why} in {}", self.body))
    }
}

// === impl Ask ===

impl Ask {
    pub(crate) fn new(method: Method, url: &str) -> Self {
        let request = Request::builder().method(method);
        Self { url: url.to_owned(), request, body: Bytes::new() }
    }

    pub(crate) fn get(url: &str) -> Self {
        Self::new(Method::GET, url)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it on a connection of its own. An error is a connection that could not be made or that
    /// ended before the answer did.
    pub(crate) async fn try_send(self) -> Result<Answer, String> {
        let (address, path) = split(&self.url);
        let named = self.request.headers_ref().is_some_and(|headers| headers.contains_key("host"));
        let request = if named { self.request } else { self.request.header("host", address) };
        let request = request.uri(path).body(Full::new(self.body)).unwrap();
        let exchange = async {
            let mut connection = connect(address).await?;
            converse(&mut connection, request).await
        };
        let answer = tokio::time::timeout(PATIENCE, exchange).await;
        answer.map_err(|_| format!("{}: no answer in {PATIENCE:?}", self.url))?
    }

    pub(crate) async fn send(self) -> Answer {
        let url = self.url.clone();
        self.try_send().await.unwrap_or_else(|why| panic!("{url}: {why}"))
    }
}

/// `http://127.0.0.1:80/a` → `127.0.0.1:80`, `/a`.
fn split(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("http://").expect("a URL without TLS");
    rest.split_once('/').map_or((rest, "/"), |(address, _)| (address, &rest[address.len()..]))
}

async fn connect(address: &str) -> Result<SendRequest<Full<Bytes>>, String> {
    let stream = TcpStream::connect(address).await.map_err(|why| why.to_string())?;
    let made = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (sender, connection) = made.map_err(|why| why.to_string())?;
    tokio::spawn(connection);
    Ok(sender)
}

async fn converse(
    connection: &mut SendRequest<Full<Bytes>>,
    request: Request<Full<Bytes>>,
) -> Result<Answer, String> {
    let answer = connection.send_request(request).await.map_err(|why| why.to_string())?;
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.map_err(|why| why.to_string())?.to_bytes();
    let body = String::from_utf8_lossy(&body).into_owned();
    Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
}

/// Waits until a URL answers with this status.
pub(crate) async fn until_status(url: &str, status: u16) -> Answer {
    eventually(&format!("{url} answers {status}"), PATIENCE, async || {
        Ask::get(url).try_send().await.ok().filter(|answer| answer.status == status)
    })
    .await
}

/// Clients that ask one request after the other, as fast as answers come. Every second of them makes
/// a new connection for each request, the others keep theirs.
#[derive(Debug)]
pub(crate) struct Load {
    over: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
    clients: Vec<JoinHandle<Tally>>,
}

/// What clients saw.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// How often each body was answered with 200.
    pub(crate) bodies: BTreeMap<String, usize>,
    /// What was no answer, or none with 200.
    pub(crate) failures: Vec<String>,
}

// === impl Load ===

impl Load {
    pub(crate) fn start(url: &str, clients: usize) -> Self {
        let (over, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let clients = (0..clients).map(|at| {
            let (url, over, asked) = (url.to_owned(), Arc::clone(&over), Arc::clone(&asked));
            let connection = if at % 2 == 0 { "keep-alive" } else { "close" };
            tokio::spawn(async move { client(&url, connection, &over, &asked).await })
        });
        Self { clients: clients.collect(), over, asked }
    }

    /// How many requests came to an end.
    pub(crate) fn count(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    pub(crate) async fn stop(self) -> Tally {
        self.over.store(true, Ordering::Relaxed);
        let mut all = Tally::default();
        for client in self.clients {
            let tally = client.await.unwrap();
            all.failures.extend(tally.failures);
            for (body, count) in tally.bodies {
                *all.bodies.entry(body).or_default() += count;
            }
        }
        all
    }
}

/// One client. It makes a new connection when the last answer ended the old one, or after a failure.
async fn client(url: &str, keeping: &'static str, over: &AtomicBool, asked: &AtomicUsize) -> Tally {
    let (address, path) = split(url);
    let mut tally = Tally::default();
    let mut held = None;
    while !over.load(Ordering::Relaxed) {
        let mut connection = match held.take() {
            Some(connection) => connection,
            None => match connect(address).await {
                Ok(connection) => connection,
                Err(why) => {
                    tally.failures.push(why);
                    continue;
                }
            },
        };
        let request = Request::get(path).header("host", address).header("connection", keeping);
        let request = request.body(Full::default()).unwrap();
        let outcome = converse(&mut connection, request).await;
        asked.fetch_add(1, Ordering::Relaxed);
        match outcome {
            Ok(answer) if answer.status == StatusCode::OK => {
                *tally.bodies.entry(answer.body.clone()).or_default() += 1;
                held = (answer.header("connection") != "close").then_some(connection);
            }
            Ok(answer) => tally.failures.push(format!("{} {}", answer.status, answer.body)),
            Err(why) => tally.failures.push(why),
        }
    }
    tally
}
