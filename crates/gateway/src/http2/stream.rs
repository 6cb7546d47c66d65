//! One request of a connection: its rule, its target, its answer.

mod relay;

use super::download::{self, Download, rewritten};
use super::head::{self, Ended, Trailers};
use super::upload::{self, Upload};
use crate::access::{Entry, Traffic};
use crate::answer::{Answer, Page, Sending};
use crate::connection::{Idle, Line, Place};
use crate::headers::{Reply, write_request};
use crate::http1::{Body, Persistence, Refusal, Response, Verb, Version};
use crate::live::{Booking, Ticket};
use crate::pool::Care;
use crate::proxy::{Attempt, Broken, Origin, Progress, connect};
use crate::routes::ProtocolVersion;
use crate::steer::{Direction, Reception, direct, trust};
use crate::sticky::{Bonds, own_cookies};
use crate::worker::{Watched, Worker};
use bytes::Bytes;
use h2::RecvStream;
use h2::server::SendResponse;
use http::StatusCode;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use tokio::time::Instant;

/// A request that arrived.
pub(super) type Arrived = (http::Request<RecvStream>, SendResponse<Bytes>);

/// What became of its head.
struct Steered {
    direction: Direction,
    /// What a target is to be sent.
    head: Vec<u8>,
    body: Body,
    verb: Verb,
    reuse: Persistence,
    expects_continue: bool,
    entry: Option<Box<Entry>>,
}

/// A request under way.
struct Run {
    place: Rc<Place>,
    worker: Rc<Worker>,
    respond: SendResponse<Bytes>,
    idle: Idle,
    verb: Verb,
    /// Whether the target takes no more of the request; it may have answered all the same.
    deaf: bool,
    /// What the access log will say, if one is kept, and what has passed for it.
    entry: Option<Box<Entry>>,
    traffic: Traffic,
}

/// A request for a target.
struct Errand {
    booking: Booking,
    /// Whether the target's connection may be used behind it.
    reuse: Persistence,
    /// Whether it may be sent twice.
    repeats: bool,
}

/// Answers a request.
pub(super) async fn serve((request, respond): Arrived, place: Rc<Place>, worker: Rc<Worker>) {
    let watched = Watched::new(&worker);
    watched.note().await;
    let idle = Idle::new(place.listener.plan.load().attributes.idle_timeout);
    let (parts, body) = request.into_parts();
    let trailers = Trailers::of(&parts.headers);
    let ended = if body.is_end_stream() { Ended::Yes } else { Ended::No };
    let mut steered = steer(&parts, ended, &place, &worker);
    let entry = match &mut steered {
        Ok(steered) => steered.entry.take(),
        Err(_) => unread(&place, &worker),
    };
    let verb = steered.as_ref().map_or(Verb::Other, |steered| steered.verb);
    let reuse = steered.as_ref().map_or(Persistence::Close, |steered| steered.reuse);
    let waits = steered.as_ref().is_ok_and(|steered| steered.expects_continue);
    let repeats = ended == Ended::Yes && verb != Verb::Other;
    let traffic = Traffic { received: head::length(&parts.headers), sent: 0 };
    let mut run = Run { place, worker, respond, idle, verb, deaf: false, entry, traffic };
    if waits && ended == Ended::No {
        run.interim(StatusCode::CONTINUE);
    }
    match steered {
        Err(refusal) => run.answer(&Answer::Page(refusal.into())),
        Ok(Steered { direction: Direction::Answer(answer), .. }) => run.answer(&answer),
        Ok(Steered { direction: Direction::Forward(booking), head, body: framing, .. }) => {
            let errand = Errand { booking, reuse, repeats };
            let spoken = errand.booking.ticket.spoken;
            if spoken.version == ProtocolVersion::Http1 {
                run.forward(errand, Upload::new(head, framing, body)).await;
            } else {
                match head::for_target(&head, spoken.scheme, trailers) {
                    Some(request) => run.relay(errand, request, body).await,
                    None => run.answer(&Answer::Page(Page::BadRequest)),
                }
            }
        }
    }
    run.note();
}

/// Decides about a request by its head.
fn steer(
    parts: &http::request::Parts,
    ended: Ended,
    place: &Place,
    worker: &Worker,
) -> Result<Steered, Refusal> {
    let plan = place.listener.plan.load();
    let cookies = head::joined_cookies(&parts.headers);
    let fields = head::fields(&parts.headers, cookies.as_deref());
    let request = head::request(parts, &fields, ended)?;
    let reuse = trust(&request, plan.attributes.desync)?;
    let hop = place.hop(&plan, worker.stamp());
    let reception = Reception { seal: &worker.seal, arrived: Instant::now() };
    let found = direct(&request, &plan, &hop, reception);
    let entry = Entry::of(&request, &hop, &found, reception.arrived);
    let direction = found.direction;
    let mut head = Vec::new();
    if let Direction::Forward(_) = direction {
        write_request(&mut head, &request, &hop)?;
    }
    let (verb, expects_continue) = (request.verb(), request.expects_continue);
    Ok(Steered { direction, head, body: request.body, verb, reuse, expects_continue, entry })
}

/// What the access log says of a request that could not be read.
fn unread(place: &Place, worker: &Worker) -> Option<Box<Entry>> {
    let plan = place.listener.plan.load();
    Entry::unread(&place.hop(&plan, worker.stamp()), Instant::now())
}

// === impl Run ===

impl Run {
    /// Tries a pooled connection first, then a fresh one.
    async fn forward(&mut self, mut errand: Errand, mut upload: Upload) {
        let care = if errand.repeats { Care::Usual } else { Care::Extra };
        if let Some(line) = self.worker.pool.take(errand.booking.ticket.serial, care)
            && self.attempt((line, Origin::Pool), &errand, &mut upload).await == Attempted::Done
        {
            return;
        }
        upload.rewind();
        self.deaf = false;
        let worker = Rc::clone(&self.worker);
        let connecting = async |ticket: &Ticket| connect(&worker, ticket).await;
        match self.reach_one(&mut errand, connecting).await {
            Ok(line) => {
                self.attempt((line, Origin::Fresh), &errand, &mut upload).await;
            }
            Err(broken) => self.give_up(broken),
        }
    }

    /// Makes a connection to the target; where that refuses, to another one of its group.
    async fn reach_one<T>(
        &mut self,
        errand: &mut Errand,
        connect: impl AsyncFn(&Ticket) -> Result<T, Broken>,
    ) -> Result<T, Broken> {
        loop {
            let ticket = &errand.booking.ticket;
            let reached = self.reach(ticket, connect(ticket)).await;
            let is_refused = matches!(reached, Err(Broken::TargetRefused));
            if !is_refused || !errand.booking.move_on() {
                return reached;
            }
        }
    }

    /// Makes a connection to the target, as long as it is wanted.
    async fn reach<T>(
        &mut self,
        ticket: &Ticket,
        connecting: impl Future<Output = Result<T, Broken>>,
    ) -> Result<T, Broken> {
        let mut connecting = std::pin::pin!(connecting);
        let connected = poll_fn(|cx| {
            if let Poll::Ready(connected) = connecting.as_mut().poll(cx) {
                return Poll::Ready(connected);
            }
            // It is gone before it was there: it heard nothing, as one that refuses.
            if ticket.is_cut() {
                return Poll::Ready(Err(Broken::TargetRefused));
            }
            self.respond.poll_reset(cx).map(|_| Err(Broken::ClientGone))
        })
        .await;
        self.idle.touch();
        connected
    }

    /// One attempt on one connection.
    async fn attempt(
        &mut self,
        (mut line, origin): (Line, Origin),
        errand: &Errand,
        upload: &mut Upload,
    ) -> Attempted {
        let mut download = Download::new(self.verb);
        self.goes_out(&errand.booking.ticket);
        let result = poll_fn(|cx| self.poll(cx, &mut line, errand, (upload, &mut download))).await;
        self.traffic.received += upload.passed();
        self.traffic.sent += download.passed();
        if let (Some(entry), Some((at, status))) = (&mut self.entry, download.answered()) {
            entry.is_answered(at, status);
        }
        match result {
            Ok(()) => self.settle(line, errand, (upload, &download)),
            Err(_) if download.has_begun() => download.cut(),
            Err(Broken::TargetGone) if !download.has_heard() && repeats(errand, upload, origin) => {
                return Attempted::Again;
            }
            Err(broken) => self.give_up(broken),
        }
        Attempted::Done
    }

    /// Goes on with both directions.
    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        line: &mut Line,
        errand: &Errand,
        (upload, download): (&mut Upload, &mut Download),
    ) -> Poll<Result<(), Broken>> {
        if errand.booking.ticket.is_cut() {
            return Poll::Ready(Err(Broken::Cut));
        }
        let mut moved = false;
        if !self.deaf {
            match upload.poll(cx, line, &mut moved) {
                Poll::Pending | Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(upload::Break::From)) => {
                    return Poll::Ready(Err(Broken::ClientGone));
                }
                Poll::Ready(Err(upload::Break::To)) => self.deaf = true,
            }
        }
        let worker = Rc::clone(&self.worker);
        let scratch = &mut worker.scratch.borrow_mut()[..];
        let (place, bonds) = (Rc::clone(&self.place), &errand.booking.bonds);
        let rewrite = |response: &Response<'_, '_>| rewrite(response, &place, &worker, bonds);
        let lines = (line, &mut self.respond);
        let polled = download.poll(cx, lines, (scratch, &mut moved), &rewrite);
        if let Poll::Ready(done) = polled {
            return Poll::Ready(done.map_err(|broken| match broken {
                download::Break::From => Broken::TargetGone,
                download::Break::Malformed => Broken::TargetMalformed,
                download::Break::To => Broken::ClientGone,
            }));
        }
        if !download.has_begun() && self.respond.poll_reset(cx).is_ready() {
            return Poll::Ready(Err(Broken::ClientGone));
        }
        if moved {
            self.idle.touch();
        }
        ready!(self.idle.poll(cx));
        let by_client = upload.awaits_client() && !self.deaf;
        Poll::Ready(Err(if by_client { Broken::ClientSilent } else { Broken::TargetSilent }))
    }

    /// Keeps the target's connection for another request, where it can carry one.
    fn settle(&self, line: Line, errand: &Errand, (upload, download): (&Upload, &Download)) {
        let whole = upload.is_over() && !line.holds_bytes();
        let lasts = [errand.reuse, download.persistence()];
        if whole && lasts == [Persistence::KeepAlive; 2] && errand.booking.ticket.accepts() {
            let until = self.idle.last() + self.idle.limit();
            self.worker.pool.put(errand.booking.ticket.serial, line, until);
        }
    }

    /// Answers with the page for what broke (reference §4.10).
    fn give_up(&mut self, broken: Broken) {
        tracing::debug!(?broken, "a request could not be answered");
        match broken.page() {
            Some(page) => self.answer(&Answer::Page(page)),
            None => {
                if let Some(entry) = &mut self.entry {
                    entry.is_abandoned();
                }
                self.respond.send_reset(h2::Reason::CANCEL);
            }
        }
    }

    /// Answers itself.
    fn answer(&mut self, answer: &Answer) {
        let sending = if self.verb == Verb::Head { Sending::HeadOnly } else { Sending::Whole };
        let changes = &self.place.listener.plan.load().retouch;
        let (head, body) = head::own(answer, self.worker.now(), sending, changes);
        self.traffic.sent += head::length(head.headers()) + body.len() as u64;
        if let Some(entry) = &mut self.entry {
            entry.is_refused(answer.status().0);
        }
        // A client that is gone reads nothing.
        if let Ok(mut to) = self.respond.send_response(head, body.is_empty())
            && !body.is_empty()
        {
            let _gone = to.send_data(body, true);
        }
    }

    fn goes_out(&mut self, ticket: &Ticket) {
        if let Some(entry) = &mut self.entry {
            entry.goes_out(ticket);
        }
    }

    /// Has the access log written, if one is kept.
    fn note(&mut self) {
        if let Some(mut entry) = self.entry.take() {
            entry.count(self.traffic);
            self.worker.note(Some(entry));
        }
    }

    fn interim(&mut self, status: StatusCode) {
        let mut head = http::Response::new(());
        *head.status_mut() = status;
        // A client that is gone reads nothing.
        let _gone = self.respond.send_informational(head);
    }
}

/// Whether a request is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempted {
    /// It was answered, or never will be.
    Done,
    /// It may be tried once more.
    Again,
}

fn repeats(errand: &Errand, upload: &Upload, origin: Origin) -> bool {
    let progress = match (upload.is_untouched(), upload.can_rewind()) {
        (true, _) => Progress::Unsent,
        (false, true) => Progress::Repeatable,
        (false, false) => Progress::Gone,
    };
    let verb = if errand.repeats { Verb::Safe } else { Verb::Other };
    Attempt { origin, verb, progress }.may_repeat()
}

/// The head that the client gets.
fn rewrite(
    response: &Response<'_, '_>,
    place: &Place,
    worker: &Worker,
    bonds: &Bonds,
) -> Option<http::Response<()>> {
    let plan = place.listener.plan.load();
    let cookies = own_cookies(response.fields, bonds, (worker, plan.scheme));
    let reply = Reply {
        version: Version::Http2,
        persistence: Persistence::KeepAlive,
        retouch: &plan.retouch,
        cookies: &cookies,
    };
    rewritten(response, &reply)
}
