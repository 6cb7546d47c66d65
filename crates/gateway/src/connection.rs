//! A client's connection: one request after the other, until someone has enough.

mod idle;
mod line;
mod welcome;

pub(crate) use idle::Idle;
pub(crate) use line::Line;

use crate::access::{Entry, Traffic};
use crate::answer::{Answer, Page, Sending};
use crate::headers::{Hop, Stamp};
use crate::http1::{Body, Persistence, Refusal, Verb};
use crate::http2;
use crate::live::{Booking, LiveListener, Plan};
use crate::proxy;
use crate::steer::{Direction, Manners, Reception, Steered, steer};
use crate::tls::{Agreed, Shown};
use crate::worker::Worker;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, timeout};
use welcome::{Carrier, Speech, welcome};

/// How long a client that still sends is listened to after the last answer. Closing at once would
/// reset the connection, and the client might lose the answer.
const LINGER: Duration = Duration::from_secs(2);

/// A connection that was just accepted.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) stream: std::net::TcpStream,
    pub(crate) origin: Origin,
}

/// Where a connection comes from.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) peer: SocketAddr,
    pub(crate) listener: Arc<LiveListener>,
}

/// A client's connection.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) line: Line,
    pub(crate) idle: Idle,
    pub(crate) worker: Rc<Worker>,
    /// What the target is to be sent; kept between requests for its room.
    pub(crate) out: Vec<u8>,
    pub(crate) place: Place,
    opened: Instant,
    /// How long the connection may last.
    keep_alive: Duration,
    /// Whether it has carried a request.
    used: bool,
    /// What the access log will say of the request under way, if one is kept.
    pub(crate) entry: Option<Box<Entry>>,
    /// What had passed when that request began.
    before: Traffic,
}

/// Where a connection comes from and goes to.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) listener: Arc<LiveListener>,
    peer: SocketAddr,
    /// The peer's address as text, for `X-Forwarded-For`.
    peer_text: String,
    came_to: SocketAddr,
    /// Its own among all connections.
    number: u128,
    agreed: Option<Agreed>,
    shown: Option<Arc<Shown>>,
}

/// A request for a target.
#[derive(Debug)]
pub(crate) struct Errand {
    pub(crate) booking: Booking,
    pub(crate) body: Body,
    pub(crate) manners: Manners,
}

/// What becomes of the connection behind an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// It carries the next request.
    KeepAlive,
    /// It is closed, and the client may read to the end.
    Close,
    /// It is cut.
    Cut,
}

/// What a client wants next.
enum Received {
    Request(Steered),
    Refused(Refusal),
    /// It fell silent in the middle of a head, or before its first one.
    Silent,
    /// It is gone, or nothing more is expected of it.
    Done,
}

/// Serves a connection to its end.
pub(crate) async fn serve(arrival: Arrival, worker: Rc<Worker>) {
    let Arrival { stream, origin } = arrival;
    let welcomed = match welcome(stream, origin, &worker).await {
        Ok(welcomed) => welcomed,
        Err(error) => return tracing::debug!(%error, "a connection was gone before it was served"),
    };
    let (carrier, place) = welcomed;
    let (line, speech) = match carrier {
        Carrier::Http1(line) => (line, Speech::Proper),
        Carrier::Plain(line) => (line, Speech::Plain),
        Carrier::Http2(stream) => return http2::serve(*stream, place, worker).await,
    };
    let mut client = Client::new(line, place, worker);
    if speech == Speech::Plain {
        // The page is all that such a client can read, whatever it has to say.
        client.refuse(Page::PlainOnSecure).await;
        client.note();
        return client.close().await;
    }
    loop {
        let after = match client.receive().await {
            Received::Request(request) => client.follow(request).await,
            Received::Refused(refusal) => client.refuse(refusal.into()).await,
            Received::Silent => client.refuse(Page::RequestTimeout).await,
            Received::Done => return,
        };
        client.note();
        match after {
            After::KeepAlive => {}
            After::Close => return client.close().await,
            After::Cut => return client.line.reset(),
        }
    }
}

// === impl Place ===

impl Place {
    /// What is known about where a request comes in.
    pub(crate) fn hop<'a>(&'a self, plan: &'a Plan, stamp: Stamp) -> Hop<'a> {
        Hop {
            attributes: &plan.attributes,
            scheme: plan.scheme,
            port: (plan.port, &plan.port_text),
            client: (self.peer, &self.peer_text),
            came_to: self.came_to,
            agreed: self.agreed,
            shown: self.shown.as_ref(),
            connection: self.number,
            retouch: &plan.retouch,
            stamp,
        }
    }

    /// Whether the listener is gone, so that connections should end with what they are doing.
    pub(crate) fn is_closed(&self) -> bool {
        self.listener.closed.load(Ordering::Acquire)
    }
}

// === impl Client ===

impl Client {
    fn new(line: Line, place: Place, worker: Rc<Worker>) -> Self {
        let attributes = place.listener.plan.load().attributes.clone();
        let idle = Idle::new(attributes.idle_timeout);
        Self {
            line,
            opened: idle.last(),
            idle,
            worker,
            out: Vec::new(),
            place,
            keep_alive: attributes.client_keep_alive,
            used: false,
            entry: None,
            before: Traffic::default(),
        }
    }

    /// Waits for the next request.
    async fn receive(&mut self) -> Received {
        let worker = Rc::clone(&self.worker);
        poll_fn(|cx| {
            let mut scratch = worker.scratch.borrow_mut();
            match self.poll_request(cx, &mut scratch) {
                Poll::Ready(received) => Poll::Ready(received),
                Poll::Pending if self.is_dismissed() => Poll::Ready(Received::Done),
                Poll::Pending => self.idle.poll(cx).map(|()| self.fell_silent()),
            }
        })
        .await
    }

    fn poll_request(&mut self, cx: &mut Context<'_>, scratch: &mut [u8]) -> Poll<Received> {
        let mut filled = self.line.unpack(scratch);
        loop {
            if filled > 0 {
                match self.steer(&scratch[..filled]) {
                    Ok(Some(request)) => {
                        self.line.put_back(&scratch[request.used..filled]);
                        return Poll::Ready(Received::Request(request));
                    }
                    Ok(None) => {}
                    Err(refusal) => return Poll::Ready(Received::Refused(refusal)),
                }
            }
            match self.line.poll_read(cx, &mut scratch[filled..]) {
                Poll::Pending => {
                    self.line.put_back(&scratch[..filled]);
                    return Poll::Pending;
                }
                Poll::Ready(Ok(0) | Err(_)) => return Poll::Ready(Received::Done),
                Poll::Ready(Ok(length)) => filled += length,
            }
            self.idle.touch();
        }
    }

    fn steer(&mut self, bytes: &[u8]) -> Result<Option<Steered>, Refusal> {
        let plan = self.place.listener.plan.load();
        self.idle.set_limit(plan.attributes.idle_timeout);
        self.keep_alive = plan.attributes.client_keep_alive;
        let hop = self.place.hop(&plan, self.worker.stamp());
        let reception = Reception { seal: &self.worker.seal, arrived: self.idle.last() };
        let mut steered = steer(bytes, &plan, (&hop, reception), &mut self.out)?;
        if let Some(steered) = &mut steered {
            self.used = true;
            self.entry = steered.entry.take();
        }
        Ok(steered)
    }

    /// Whether a connection between two requests is not wanted any more.
    fn is_dismissed(&self) -> bool {
        self.is_leaving() && !self.line.holds_bytes()
    }

    fn is_leaving(&self) -> bool {
        self.worker.is_stopping() || self.place.is_closed()
    }

    /// A client that never said anything, or stopped in the middle, is told so; one that is done
    /// is not: what it would read is no answer to anything (reference §4.10, 408).
    fn fell_silent(&self) -> Received {
        if self.used && !self.line.holds_bytes() { Received::Done } else { Received::Silent }
    }

    async fn follow(&mut self, request: Steered) -> After {
        match request.direction {
            Direction::Forward(booking) => {
                let (body, manners) = (request.body, request.manners);
                proxy::forward(self, Errand { booking, body, manners }).await
            }
            Direction::Answer(answer) => self.answer(&answer, request.body, request.manners).await,
        }
    }

    /// Has the access log written, if one is kept, for the request that is over.
    fn note(&mut self) {
        let Some(mut entry) = self.entry.take() else { return };
        let now = self.line.traffic();
        let Traffic { received, sent } = std::mem::replace(&mut self.before, now);
        entry.count(Traffic { received: now.received - received, sent: now.sent - sent });
        self.worker.note(Some(entry));
    }

    /// What the connection's next answer promises about its future.
    pub(crate) fn persistence(&self, manners: Manners) -> Persistence {
        let ends = manners.persistence == Persistence::Close
            || manners.reuse == Persistence::Close
            || self.is_leaving()
            || self.idle.last().duration_since(self.opened) >= self.keep_alive;
        if ends { Persistence::Close } else { Persistence::KeepAlive }
    }

    /// Answers a request itself. What is left of its body would be taken for the next request, so
    /// the connection ends with it.
    pub(crate) async fn answer(&mut self, answer: &Answer, body: Body, manners: Manners) -> After {
        let whole = body.is_over();
        let persistence = if whole { self.persistence(manners) } else { Persistence::Close };
        let sending = if manners.verb == Verb::Head { Sending::HeadOnly } else { Sending::Whole };
        self.send(answer, persistence, sending).await
    }

    /// Answers what could not be read as a request.
    async fn refuse(&mut self, page: Page) -> After {
        let plan = self.place.listener.plan.load_full();
        let hop = self.place.hop(&plan, self.worker.stamp());
        self.entry = Entry::unread(&hop, self.idle.last());
        self.send(&Answer::Page(page), Persistence::Close, Sending::Whole).await
    }

    async fn send(&mut self, answer: &Answer, persistence: Persistence, sending: Sending) -> After {
        let mut bytes = Vec::new();
        let changes = &self.place.listener.plan.load().retouch;
        answer.write(&mut bytes, self.worker.now(), (persistence, sending), changes);
        if let Some(entry) = &mut self.entry {
            entry.is_refused(answer.status().0);
        }
        match (self.write(&bytes).await, persistence) {
            (Ok(()), Persistence::KeepAlive) => After::KeepAlive,
            (Ok(()), Persistence::Close) => After::Close,
            (Err(_), _) => After::Cut,
        }
    }

    /// Writes all of it, as long as the client takes some within the idle limit.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut sent = 0;
        poll_fn(|cx| {
            while sent < bytes.len() {
                match self.line.poll_write(cx, &bytes[sent..]) {
                    Poll::Ready(written) => sent += written?,
                    Poll::Pending => {
                        ready!(self.idle.poll(cx));
                        return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                    }
                }
                self.idle.touch();
            }
            match self.line.poll_flush(cx) {
                Poll::Ready(flushed) => Poll::Ready(flushed),
                Poll::Pending => {
                    ready!(self.idle.poll(cx));
                    Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
                }
            }
        })
        .await
    }

    /// Ends the connection and lets the client read to the end.
    async fn close(mut self) {
        let worker = Rc::clone(&self.worker);
        let drained = poll_fn(|cx| {
            ready!(self.line.poll_shutdown(cx)).ok();
            let mut scratch = worker.scratch.borrow_mut();
            while let Ok(1..) = ready!(self.line.poll_read(cx, &mut scratch)) {}
            Poll::Ready(())
        });
        // A client that goes on sending is not waited for.
        let _in_time = timeout(LINGER, drained).await;
    }
}
