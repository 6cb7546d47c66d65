//! Takes a request to its target, and the answer back.

mod exchange;
mod pump;
mod retry;
mod tunnel;

pub(crate) use exchange::Broken;
pub(crate) use retry::{Attempt, Origin, Progress};

use crate::answer::Answer;
use crate::connection::{After, Client, Errand, Line};
use crate::http1::{Persistence, Verb};
use crate::live::{Spoken, Ticket};
use crate::pool::Care;
use crate::routes::Scheme;
use crate::worker::Worker;
use exchange::{Ends, Exchange, Outcome};
use pump::{Framing, Pump};
use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

/// The largest buffer that a connection keeps for its next request: heads fit, uploads don't.
const KEPT_BUFFER: usize = 16 * 1024;

/// Takes a request to its target; what the target is to be sent is in the client's `out`.
pub(crate) async fn forward(client: &mut Client, mut errand: Errand) -> After {
    if errand.manners.expects_continue && !errand.body.is_over() {
        // ALB does not ask the target whether it wants the body.
        if client.write(b"HTTP/1.1 100 Continue\r\n\r\n").await.is_err() {
            return After::Cut;
        }
    }
    let first = std::mem::take(&mut client.out);
    let mut upload = Pump::new(first, errand.body, Framing::Kept);
    let after = attempt(client, &mut errand, &mut upload).await;
    let buffer = upload.into_buffer();
    if buffer.capacity() <= KEPT_BUFFER {
        client.out = buffer;
    }
    after
}

/// Tries a pooled connection first, then a fresh one.
async fn attempt(client: &mut Client, errand: &mut Errand, upload: &mut Pump) -> After {
    let care = match errand.manners.verb {
        Verb::Head | Verb::Safe if errand.body.is_over() => Care::Usual,
        _ => Care::Extra,
    };
    if let Some(target) = client.worker.pool.take(errand.booking.ticket.serial, care)
        && let Some(after) = exchange(client, errand, upload, (target, Origin::Pool)).await
    {
        return after;
    }
    upload.rewind();
    match reach_one(client, errand).await {
        Ok(target) => {
            // A fresh connection is the last one, so this always is an end.
            exchange(client, errand, upload, (target, Origin::Fresh)).await.unwrap_or(After::Close)
        }
        Err(broken) => give_up(client, errand, upload, broken).await,
    }
}

/// Makes a connection to the target; where that refuses, to another one of its group.
///
/// That a task died is known only a moment later. What it never heard of goes to another healthy
/// one meanwhile; ALB is documented to answer 502 there (reference §4.10).
async fn reach_one(client: &mut Client, errand: &mut Errand) -> Result<Line, Broken> {
    loop {
        let reached = reach(client, &errand.booking.ticket).await;
        let is_refused = matches!(reached, Err(Broken::TargetRefused));
        if !is_refused || !errand.booking.move_on() {
            return reached;
        }
    }
}

/// Makes a connection to the target. Late is like silent.
async fn reach(client: &mut Client, ticket: &Ticket) -> Result<Line, Broken> {
    let worker = Rc::clone(&client.worker);
    let mut connecting = pin!(connect(&worker, ticket));
    let connected = poll_fn(|cx| {
        if let Poll::Ready(connected) = connecting.as_mut().poll(cx) {
            return Poll::Ready(Ok(connected));
        }
        // It is gone before it was there: it heard nothing, as one that refuses.
        if ticket.is_cut() {
            return Poll::Ready(Err(Broken::TargetRefused));
        }
        let gone = client.line.poll_gone(cx, &mut worker.scratch.borrow_mut());
        gone.map(|()| Err(Broken::ClientGone))
    })
    .await?;
    client.idle.touch();
    connected
}

/// A connection to a target. To agree on TLS may take as long as to connect; to fail in that is to
/// break off (reference §4.10).
pub(crate) async fn connect(worker: &Worker, ticket: &Ticket) -> Result<Line, Broken> {
    let line = match connect_to(worker, ticket).await? {
        Connected::Plain(stream) => Line::new(stream),
        Connected::Secure(stream) => Line::secure(*stream),
    };
    line.map_err(|error| broke_off(ticket, &error))
}

/// A connection to a target on which nothing was said.
pub(crate) enum Connected {
    Plain(TcpStream),
    Secure(Box<TlsStream<TcpStream>>),
}

/// Connects to a target as it is spoken to.
pub(crate) async fn connect_to(worker: &Worker, ticket: &Ticket) -> Result<Connected, Broken> {
    let limit = worker.connect_timeout;
    let connected = timeout(limit, TcpStream::connect(ticket.id.address())).await;
    let stream = connected.map_err(|_| Broken::TargetSilent)?;
    let stream = stream.map_err(|error| {
        note(ticket, &error);
        Broken::TargetRefused
    })?;
    let Spoken { scheme, version } = ticket.spoken;
    if scheme == Scheme::Http {
        return Ok(Connected::Plain(stream));
    }
    let agreeing = worker.connector.connect((ticket.id.ip, version), stream);
    let agreed = timeout(limit, agreeing).await;
    let agreed = agreed.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    agreed
        .map(|stream| Connected::Secure(Box::new(stream)))
        .map_err(|error| broke_off(ticket, &error))
}

/// A target with which a connection came to nothing.
pub(crate) fn broke_off(ticket: &Ticket, error: &dyn std::error::Error) -> Broken {
    note(ticket, error);
    Broken::TargetGone
}

fn note(ticket: &Ticket, error: &dyn std::error::Error) {
    tracing::debug!(target = %ticket.id, %error, "a target can't be reached");
}

/// One attempt; none when it may be repeated.
async fn exchange(
    client: &mut Client,
    errand: &Errand,
    upload: &mut Pump,
    (mut target, origin): (Line, Origin),
) -> Option<After> {
    let ticket = &errand.booking.ticket;
    if let Some(entry) = &mut client.entry {
        entry.goes_out(ticket);
    }
    let mut exchange = Exchange::new(client, &mut target, upload, errand);
    let result = poll_fn(|cx| exchange.poll(cx)).await;
    let (ends, begun, heard) =
        (exchange.ends(), exchange.has_begun_answering(), exchange.has_heard());
    match result {
        Ok(Outcome::Answered) => Some(settle(client, ticket, target, ends)),
        Ok(Outcome::Switched) => {
            tunnel::run(client, &mut target, ticket).await;
            Some(After::Close)
        }
        Err(_) if begun => Some(if ends.until_close { After::Cut } else { After::Close }),
        Err(Broken::TargetGone) if !heard && repeats(errand, upload, origin) => None,
        Err(broken) => Some(give_up(client, errand, upload, broken).await),
    }
}

fn repeats(errand: &Errand, upload: &Pump, origin: Origin) -> bool {
    let progress = match (upload.is_untouched(), upload.can_rewind()) {
        (true, _) => Progress::Unsent,
        (false, true) => Progress::Repeatable,
        (false, false) => Progress::Gone,
    };
    Attempt { origin, verb: errand.manners.verb, progress }.may_repeat()
}

/// Keeps or closes the target's connection; says what becomes of the client's.
fn settle(client: &Client, ticket: &Ticket, target: Line, ends: Ends) -> After {
    if ends.target == Persistence::KeepAlive && ticket.accepts() {
        let until = client.idle.last() + client.idle.limit();
        client.worker.pool.put(ticket.serial, target, until);
    }
    match ends.client {
        Persistence::KeepAlive => After::KeepAlive,
        Persistence::Close => After::Close,
    }
}

/// Answers with the page for what broke (reference §4.10).
async fn give_up(client: &mut Client, errand: &Errand, upload: &Pump, broken: Broken) -> After {
    tracing::debug!(target = %errand.booking.ticket.id, ?broken, "a request could not be answered");
    let Some(page) = broken.page() else {
        if let Some(entry) = &mut client.entry {
            entry.is_abandoned();
        }
        return After::Close;
    };
    client.answer(&Answer::Page(page), upload.left(), errand.manners).await
}
