//! HTTP/2 from clients, and to targets: one connection, many requests at once.
//!
//! Frames are the `h2` crate's business. Here a connection's life is decided, and each of its
//! streams becomes a request like any other: the same rules, headers, targets and pages.

mod download;
mod head;
mod pipe;
mod stream;
mod target;
mod upload;

use crate::connection::{Idle, Place};
use crate::tls::HANDSHAKE;
use crate::worker::{Worker, note_panic};
use bytes::Bytes;
use h2::server::{Builder, Connection};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tokio_rustls::server::TlsStream;

/// AWS's limits: requests of a connection at once, and altogether (reference §4.11).
const AT_ONCE: u32 = 128;
const ALTOGETHER: usize = 10_000;
/// What a client may send ahead, for a stream and for all of them. Half of it is what a fast
/// network holds under way within a millisecond.
const WINDOW: u32 = 256 * 1024;
const WINDOW_OF_ALL: u32 = 1024 * 1024;
/// How much of answers may wait for a slow client, for each stream.
const SEND_AHEAD: usize = 256 * 1024;

/// What happened to a connection.
enum Event {
    /// A request arrived, or the connection ended.
    Accepted(Option<Box<stream::Arrived>>),
    /// A request has been answered.
    Answered,
    /// It should end with what it is doing.
    Leaving,
    /// Nothing happened for the idle time-out.
    Silent,
}

/// Serves a connection to its end.
pub(crate) async fn serve(io: TlsStream<TcpStream>, place: Place, worker: Rc<Worker>) {
    let place = Rc::new(place);
    let mut builder = Builder::new();
    builder
        .max_concurrent_streams(AT_ONCE)
        .initial_window_size(WINDOW)
        .initial_connection_window_size(WINDOW_OF_ALL)
        .max_send_buffer_size(SEND_AHEAD)
        .max_header_list_size(u32::try_from(crate::http1::REQUEST_HEAD).unwrap_or(u32::MAX));
    // A client that agreed on HTTP/2 and then says nothing is not waited for.
    match timeout(HANDSHAKE, builder.handshake::<_, Bytes>(io)).await {
        Ok(Ok(connection)) => Visit::new(place, worker).follow(connection).await,
        Ok(Err(error)) => tracing::debug!(%error, "a client does not speak HTTP/2 after all"),
        Err(_) => tracing::debug!("a client agreed on HTTP/2 and said nothing"),
    }
}

/// A connection's life.
struct Visit {
    place: Rc<Place>,
    worker: Rc<Worker>,
    streams: JoinSet<()>,
    idle: Idle,
    opened: Instant,
    requests: usize,
    /// Whether the client was told to make no more requests here.
    dismissed: bool,
}

// === impl Visit ===

impl Visit {
    fn new(place: Rc<Place>, worker: Rc<Worker>) -> Self {
        let idle = Idle::new(place.listener.plan.load().attributes.idle_timeout);
        let opened = idle.last();
        let streams = JoinSet::new();
        Self { place, worker, streams, idle, opened, requests: 0, dismissed: false }
    }

    async fn follow(mut self, mut connection: Connection<TlsStream<TcpStream>, Bytes>) {
        loop {
            match self.next(&mut connection).await {
                Event::Accepted(None) => return,
                Event::Accepted(Some(arrived)) => {
                    self.requests += 1;
                    self.take_up(*arrived);
                    if self.requests == ALTOGETHER || self.has_lasted() {
                        self.dismiss(&mut connection);
                    }
                }
                Event::Answered => {}
                Event::Leaving | Event::Silent => self.dismiss(&mut connection),
            }
            self.idle.touch();
        }
    }

    /// Waits for whatever happens next.
    async fn next(&mut self, connection: &mut Connection<TlsStream<TcpStream>, Bytes>) -> Event {
        let Self { streams, idle, worker, place, dismissed, .. } = self;
        let busy = !streams.is_empty();
        poll_fn(|cx| {
            if let Poll::Ready(accepted) = connection.poll_accept(cx) {
                // An error is the connection's end: what it was about is the client's to know.
                return Poll::Ready(Event::Accepted(accepted.and_then(Result::ok).map(Box::new)));
            }
            if let Poll::Ready(Some(ended)) = streams.poll_join_next(cx) {
                note_panic(ended);
                return Poll::Ready(Event::Answered);
            }
            if *dismissed {
                return Poll::Pending;
            }
            if worker.is_stopping() || place.is_closed() {
                return Poll::Ready(Event::Leaving);
            }
            if busy { Poll::Pending } else { idle.poll(cx).map(|()| Event::Silent) }
        })
        .await
    }

    fn take_up(&mut self, arrived: stream::Arrived) {
        let (place, worker) = (Rc::clone(&self.place), Rc::clone(&self.worker));
        self.streams.spawn_local(stream::serve(arrived, place, worker));
    }

    fn has_lasted(&self) -> bool {
        let limit = self.place.listener.plan.load().attributes.client_keep_alive;
        self.opened.elapsed() >= limit
    }

    /// Says GOAWAY: what is under way is answered, and then the connection ends.
    fn dismiss(&mut self, connection: &mut Connection<TlsStream<TcpStream>, Bytes>) {
        self.dismissed = true;
        connection.graceful_shutdown();
    }
}
