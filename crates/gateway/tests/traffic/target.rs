//! Targets that behave as a test wants.

use crate::caller::Answer;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// A server on a free port; it ends when dropped.
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    seen: Arc<Seen>,
    serving: JoinHandle<()>,
}

/// What a target has seen.
#[derive(Default)]
pub(crate) struct Seen {
    /// Connections that carried something other than health checks.
    connections: AtomicUsize,
    /// Heads of requests other than health checks.
    heads: Mutex<Vec<String>>,
    checks: Mutex<Vec<String>>,
    news: Notify,
}

/// A connection as a target sees it.
pub(crate) struct Guest {
    pub(crate) stream: TcpStream,
    arrived: Vec<u8>,
    seen: Arc<Seen>,
    fresh: bool,
}

/// What every target answers health checks with.
const HEALTHY: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

impl Target {
    /// A target that answers every request with a body, on connections that last.
    pub(crate) async fn saying(body: &str) -> Self {
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        Self::answering(&answer).await
    }

    /// A target that answers every request with these bytes, on connections that last.
    pub(crate) async fn answering(answer: &str) -> Self {
        let answer: Arc<str> = answer.into();
        Self::serving(move |mut guest| {
            let answer = Arc::clone(&answer);
            async move {
                while guest.head().await.is_some() {
                    if !guest.say(&answer).await {
                        return;
                    }
                }
            }
        })
        .await
    }

    /// A target that treats each connection in its own way. Health checks pass before it sees them.
    pub(crate) async fn serving<F>(serve: impl Fn(Guest) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Seen::default());
        let known = Arc::clone(&seen);
        let serving = tokio::spawn(async move {
            let mut guests = tokio::task::JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                stream.set_nodelay(true).unwrap();
                let seen = Arc::clone(&known);
                guests.spawn(serve(Guest { stream, arrived: Vec::new(), seen, fresh: true }));
            }
        });
        Self { address, seen, serving }
    }

    /// How many connections carried requests.
    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    /// The heads of all requests so far.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.seen.heads.lock().unwrap().clone()
    }

    /// The heads of all health checks so far.
    pub(crate) fn checks(&self) -> Vec<String> {
        self.seen.checks.lock().unwrap().clone()
    }

    /// Waits until so many requests have come.
    pub(crate) async fn until_requests(&self, count: usize) {
        self.until(|seen| seen.heads.lock().unwrap().len() >= count).await;
    }

    /// Waits until so many health checks have come.
    pub(crate) async fn until_checks(&self, count: usize) {
        self.until(|seen| seen.checks.lock().unwrap().len() >= count).await;
    }

    async fn until(&self, wanted: impl Fn(&Seen) -> bool) {
        crate::expect("requests at a target", async {
            loop {
                let news = self.seen.news.notified();
                tokio::pin!(news);
                news.as_mut().enable();
                if wanted(&self.seen) {
                    return;
                }
                news.await;
            }
        })
        .await;
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Guest {
    /// The next request's head, with plain line ends; none when the connection ends. Health checks
    /// are answered here.
    pub(crate) async fn head(&mut self) -> Option<String> {
        let head = self.any_head().await?;
        if head.contains("\nUser-Agent: ELB-HealthChecker/2.0") {
            self.note_check(head);
            self.say(HEALTHY).await;
            return None;
        }
        self.note(&head);
        Some(head)
    }

    /// The next head, also that of a health check.
    pub(crate) async fn any_head(&mut self) -> Option<String> {
        loop {
            if let Some(at) = self.arrived.windows(4).position(|four| four == b"\r\n\r\n") {
                let rest = self.arrived.split_off(at + 4);
                let head = std::mem::replace(&mut self.arrived, rest);
                let head = String::from_utf8(head).unwrap();
                return Some(head.trim_end().replace("\r\n", "\n"));
            }
            self.more().await?;
        }
    }

    /// Notes a request.
    pub(crate) fn note(&mut self, head: &str) {
        if std::mem::take(&mut self.fresh) {
            self.seen.connections.fetch_add(1, Ordering::SeqCst);
        }
        self.seen.heads.lock().unwrap().push(head.to_owned());
        self.seen.news.notify_waiters();
    }

    /// Notes a health check.
    pub(crate) fn note_check(&self, head: String) {
        self.seen.checks.lock().unwrap().push(head);
        self.seen.news.notify_waiters();
    }

    /// Reads so many bytes of a body; fewer at the end of the connection.
    pub(crate) async fn read(&mut self, length: usize) -> String {
        while self.arrived.len() < length && self.more().await.is_some() {}
        let rest = self.arrived.split_off(length.min(self.arrived.len()));
        String::from_utf8(std::mem::replace(&mut self.arrived, rest)).unwrap()
    }

    /// Reads up to the end of a text.
    pub(crate) async fn read_to(&mut self, end: &str) -> String {
        loop {
            let found = self.arrived.windows(end.len()).position(|part| part == end.as_bytes());
            match found {
                Some(at) => return self.read(at + end.len()).await,
                None if self.more().await.is_none() => return self.read(usize::MAX).await,
                None => {}
            }
        }
    }

    /// Sends text; tells whether it could.
    pub(crate) async fn say(&mut self, text: &str) -> bool {
        self.stream.write_all(text.as_bytes()).await.is_ok()
    }

    /// Waits until the other side ends the connection.
    pub(crate) async fn until_gone(&mut self) {
        while self.more().await.is_some() {}
    }

    async fn more(&mut self) -> Option<()> {
        let read = self.stream.read_buf(&mut self.arrived).await;
        (read.unwrap_or(0) > 0).then_some(())
    }
}

/// The bodies of answers, counted.
pub(crate) fn tally(answers: &[Answer]) -> std::collections::BTreeMap<&str, usize> {
    let mut tally = std::collections::BTreeMap::new();
    for answer in answers {
        *tally.entry(answer.body.as_str()).or_default() += 1;
    }
    tally
}
