//! A request for a target that speaks HTTP/2 as its client does: heads are rewritten, everything
//! behind them passes, both ways at once.

use super::super::pipe::{Break, Pipe};
use super::super::{head, target};
use super::{Attempted, Errand, Run, rewrite};
use crate::http1::Verb;
use crate::live::Ticket;
use crate::pool::Berth;
use crate::proxy::{Attempt, Broken, Origin, Progress};
use bytes::Bytes;
use h2::client::ResponseFuture;
use h2::{Reason, RecvStream, SendStream};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use tokio::time::Instant;

/// One attempt on one connection.
struct Relay<'a> {
    run: &'a mut Run,
    errand: &'a Errand,
    upload: &'a mut Pipe,
    /// To the target.
    to: SendStream<Bytes>,
    stage: Stage,
}

/// How far the answer is.
enum Stage {
    /// Its head has not come.
    Awaited(ResponseFuture),
    /// What is behind it comes.
    Passing(Box<Pipe>, SendStream<Bytes>),
    /// All was passed on.
    Over,
}

/// How an attempt breaks off.
enum Broke {
    /// In a way that the client is told of.
    So(Broken),
    /// The target never looked at the request.
    Unseen,
}

// === impl Run ===

impl Run {
    /// Takes a request to its target: over a connection that is there already, else over a new one.
    pub(super) async fn relay(
        &mut self,
        mut errand: Errand,
        request: http::Request<()>,
        body: RecvStream,
    ) {
        let mut upload = Pipe::new(body);
        let patience = self.idle.limit();
        if let Some(berth) = self.worker.pool.share(errand.booking.ticket.serial, patience)
            && self.try_on((&berth, Origin::Pool), &errand, &request, &mut upload).await
                == Attempted::Done
        {
            return;
        }
        self.deaf = false;
        let worker = Rc::clone(&self.worker);
        let opening = async |ticket: &Ticket| target::open(&worker, ticket, patience).await;
        match self.reach_one(&mut errand, opening).await {
            Ok(berth) => {
                self.try_on((&berth, Origin::Fresh), &errand, &request, &mut upload).await;
            }
            Err(broken) => self.give_up(broken),
        }
    }

    async fn try_on(
        &mut self,
        (berth, origin): (&Berth, Origin),
        errand: &Errand,
        request: &http::Request<()>,
        upload: &mut Pipe,
    ) -> Attempted {
        let untouched = upload.is_untouched();
        let sent = berth.sender().send_request(request.clone(), upload.is_over());
        let (answer, to) = match sent {
            Ok(sent) => sent,
            Err(_) if origin == Origin::Pool => return Attempted::Again,
            Err(_) => {
                self.give_up(Broken::TargetGone);
                return Attempted::Done;
            }
        };
        self.goes_out(&errand.booking.ticket);
        let mut relay = Relay { run: self, errand, upload, to, stage: Stage::Awaited(answer) };
        let result = poll_fn(|cx| relay.poll(cx)).await;
        relay.count();
        let Err(broke) = result else { return Attempted::Done };
        if relay.has_begun() {
            relay.cut();
            return Attempted::Done;
        }
        relay.to.send_reset(Reason::CANCEL);
        let progress = match untouched && relay.upload.is_untouched() {
            true => Progress::Repeatable,
            false => Progress::Gone,
        };
        match broke {
            Broke::Unseen if origin == Origin::Pool && progress != Progress::Gone => {
                Attempted::Again
            }
            Broke::Unseen => {
                self.give_up(Broken::TargetGone);
                Attempted::Done
            }
            Broke::So(Broken::TargetGone) if repeats(errand, progress, origin) => Attempted::Again,
            Broke::So(broken) => {
                self.give_up(broken);
                Attempted::Done
            }
        }
    }
}

fn repeats(errand: &Errand, progress: Progress, origin: Origin) -> bool {
    let verb = if errand.repeats { Verb::Safe } else { Verb::Other };
    Attempt { origin, verb, progress }.may_repeat()
}

// === impl Relay ===

impl Relay<'_> {
    /// Whether the client has been sent anything of the final answer.
    fn has_begun(&self) -> bool {
        !matches!(self.stage, Stage::Awaited(_))
    }

    /// Notes what has passed.
    fn count(&mut self) {
        self.run.traffic.received += self.upload.passed();
        if let Stage::Passing(pipe, _) = &mut self.stage {
            self.run.traffic.sent += pipe.passed();
        }
    }

    /// Ends what is not whole, so that both sides know.
    fn cut(&mut self) {
        self.to.send_reset(Reason::CANCEL);
        if let Stage::Passing(_, to) = &mut self.stage {
            to.send_reset(Reason::INTERNAL_ERROR);
        }
    }

    /// Goes on with both directions. Ready when the answer is passed on, or something broke.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Broke>> {
        if self.errand.booking.ticket.is_cut() {
            return Poll::Ready(Err(Broke::So(Broken::Cut)));
        }
        let mut moved = false;
        if !self.run.deaf {
            match self.upload.poll(cx, &mut self.to, &mut moved) {
                Poll::Pending | Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(Break::From)) => {
                    return Poll::Ready(Err(Broke::So(Broken::ClientGone)));
                }
                Poll::Ready(Err(Break::To)) => self.run.deaf = true,
            }
        }
        if let Poll::Ready(done) = self.poll_answer(cx, &mut moved) {
            return Poll::Ready(done);
        }
        if !self.has_begun() && self.run.respond.poll_reset(cx).is_ready() {
            return Poll::Ready(Err(Broke::So(Broken::ClientGone)));
        }
        if moved {
            self.run.idle.touch();
        }
        ready!(self.run.idle.poll(cx));
        let by_client = self.upload.awaits_sender() && !self.run.deaf;
        let broken = if by_client { Broken::ClientSilent } else { Broken::TargetSilent };
        Poll::Ready(Err(Broke::So(broken)))
    }

    fn poll_answer(&mut self, cx: &mut Context<'_>, moved: &mut bool) -> Poll<Result<(), Broke>> {
        loop {
            match &mut self.stage {
                Stage::Awaited(answer) => {
                    let head = ready!(poll_head(answer, &mut self.run.respond, cx))?;
                    *moved = true;
                    self.begin(head)?;
                }
                Stage::Passing(pipe, to) => {
                    ready!(pipe.poll(cx, to, moved)).map_err(|broken| {
                        Broke::So(match broken {
                            Break::From => Broken::TargetGone,
                            Break::To => Broken::ClientGone,
                        })
                    })?;
                    self.count();
                    self.stage = Stage::Over;
                }
                Stage::Over => return Poll::Ready(Ok(())),
            }
        }
    }

    /// Sends the client the head.
    fn begin(&mut self, answer: http::Response<RecvStream>) -> Result<(), Broke> {
        let (parts, body) = answer.into_parts();
        let fields = head::fields(&parts.headers, None);
        let response = head::response(parts.status, &fields);
        let Run { place, worker, respond, entry, traffic, .. } = &mut *self.run;
        let head = rewrite(&response, place, worker, &self.errand.booking.bonds);
        let head = head.ok_or(Broke::So(Broken::TargetMalformed))?;
        if let Some(entry) = entry {
            entry.is_answered(Instant::now(), response.status);
        }
        traffic.sent += head::length(head.headers());
        let pipe = Pipe::new(body);
        let to = respond.send_response(head, pipe.is_over());
        let to = to.map_err(|_| Broke::So(Broken::ClientGone))?;
        self.stage = if pipe.is_over() { Stage::Over } else { Stage::Passing(Box::new(pipe), to) };
        Ok(())
    }
}

/// Waits for the head of the answer; interim ones are passed on. `100 Continue` was answered here.
fn poll_head(
    answer: &mut ResponseFuture,
    respond: &mut h2::server::SendResponse<Bytes>,
    cx: &mut Context<'_>,
) -> Poll<Result<http::Response<RecvStream>, Broke>> {
    while let Poll::Ready(Some(Ok(interim))) = answer.poll_informational(cx) {
        if interim.status() != http::StatusCode::CONTINUE {
            // A client that is gone is noticed elsewhere.
            let _gone = respond.send_informational(interim);
        }
    }
    Pin::new(answer).poll(cx).map_err(|error| broke(&error))
}

/// What became of a request whose stream ended in an error. A target that goes away says which
/// streams it has not looked at, and only those end with its word.
fn broke(error: &h2::Error) -> Broke {
    tracing::debug!(%error, "a target did not answer");
    let refused = error.reason() == Some(Reason::REFUSED_STREAM);
    if error.is_remote() && (refused || error.is_go_away()) {
        Broke::Unseen
    } else {
        Broke::So(Broken::TargetGone)
    }
}
