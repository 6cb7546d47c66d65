//! One request on one connection to a target, both directions at once.

use super::pump::{Break, Framing, Pump};
use crate::answer::Page;
use crate::connection::{Client, Errand, Line};
use crate::headers::{self, Reply};
use crate::http1::{self, Body, Persistence, RESPONSE_HEAD, Response, Version};
use crate::steer::Manners;
use crate::sticky::own_cookies;
use crate::worker::HEADROOM;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use tokio::time::Instant;

/// A request under way.
pub(super) struct Exchange<'a> {
    client: &'a mut Client,
    target: &'a mut Line,
    upload: &'a mut Pump,
    errand: &'a Errand,
    manners: Manners,
    /// Whether the target takes no more of the request; it may have answered all the same.
    deaf: bool,
    stage: Stage,
    /// What becomes of both connections; known once the answer's head is there.
    ends: Ends,
}

/// How far the answer is.
enum Stage {
    /// Its head has not come.
    Awaited,
    /// It is passed on.
    Passing(Pump, Kind),
}

/// What kind of answer is passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// An interim one (1xx); another one follows.
    Interim,
    /// The one.
    Final,
    /// The connection now speaks another protocol.
    Switch,
}

/// What becomes of the connections behind an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ends {
    /// The client's.
    pub(super) client: Persistence,
    /// The target's.
    pub(super) target: Persistence,
    /// Whether the client can tell a whole answer from half a one only by how it ends.
    pub(super) until_close: bool,
}

/// How an exchange ends well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The answer is passed on.
    Answered,
    /// Both sides now speak another protocol.
    Switched,
}

/// How an exchange breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// The client is gone.
    ClientGone,
    /// The client's body is not framed as it says.
    ClientMalformed,
    /// The client fell silent before the end of its body.
    ClientSilent,
    /// The target takes no connection, so it has heard nothing of the request.
    TargetRefused,
    /// The target closed the connection.
    TargetGone,
    /// What the target says is not HTTP.
    TargetMalformed,
    /// The target fell silent.
    TargetSilent,
    /// The target's deregistration delay is over.
    Cut,
}

/// What is needed of an answer's head when it is gone.
struct Head {
    length: usize,
    status: u16,
    body: Body,
}

// === impl Broken ===

impl Broken {
    /// What a client is answered (reference §4.10); nothing when it is gone.
    pub(crate) fn page(self) -> Option<Page> {
        match self {
            Self::ClientGone => None,
            Self::ClientMalformed => Some(Page::BadRequest),
            Self::ClientSilent => Some(Page::RequestTimeout),
            Self::TargetRefused | Self::TargetGone | Self::TargetMalformed | Self::Cut => {
                Some(Page::BadGateway)
            }
            Self::TargetSilent => Some(Page::GatewayTimeout),
        }
    }
}

// === impl Exchange ===

impl<'a> Exchange<'a> {
    /// An exchange that has not begun.
    pub(super) fn new(
        client: &'a mut Client,
        target: &'a mut Line,
        upload: &'a mut Pump,
        errand: &'a Errand,
    ) -> Self {
        let manners = errand.manners;
        let ends =
            Ends { client: Persistence::Close, target: Persistence::Close, until_close: false };
        Self { client, target, upload, errand, manners, deaf: false, stage: Stage::Awaited, ends }
    }

    /// Whether the client has been sent anything of the final answer.
    pub(super) fn has_begun_answering(&self) -> bool {
        matches!(self.stage, Stage::Passing(_, Kind::Final | Kind::Switch))
    }

    /// Whether the target has sent anything.
    pub(super) fn has_heard(&self) -> bool {
        !matches!(self.stage, Stage::Awaited) || self.target.holds_bytes()
    }

    /// What becomes of the connections.
    pub(super) fn ends(&self) -> Ends {
        let whole = self.upload.is_over();
        let unless = |left: bool, kept: Persistence| if left { Persistence::Close } else { kept };
        Ends {
            client: unless(!whole, self.ends.client),
            target: unless(!whole || self.target.holds_bytes(), self.ends.target),
            until_close: self.ends.until_close,
        }
    }

    /// Goes on with both directions. Ready when the answer is passed on, or something broke.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Outcome, Broken>> {
        if self.errand.booking.ticket.is_cut() {
            return Poll::Ready(Err(Broken::Cut));
        }
        let mut moved = false;
        let worker = Rc::clone(&self.client.worker);
        let polled = self.poll_both(cx, &mut worker.scratch.borrow_mut(), &mut moved);
        if polled.is_ready() {
            return polled;
        }
        if moved {
            self.client.idle.touch();
        }
        ready!(self.client.idle.poll(cx));
        let by_client = self.upload.awaits_sender() && !self.deaf;
        Poll::Ready(Err(if by_client { Broken::ClientSilent } else { Broken::TargetSilent }))
    }

    fn poll_both(
        &mut self,
        cx: &mut Context<'_>,
        scratch: &mut [u8],
        moved: &mut bool,
    ) -> Poll<Result<Outcome, Broken>> {
        self.poll_upload(cx, scratch, moved)?;
        if let Poll::Ready(outcome) = self.poll_answer(cx, scratch, moved)? {
            return Poll::Ready(Ok(outcome));
        }
        // While the client sends its body, reading that notices when it goes.
        if self.upload.is_over() || self.deaf {
            ready!(self.client.line.poll_gone(cx, scratch));
            return Poll::Ready(Err(Broken::ClientGone));
        }
        Poll::Pending
    }

    fn poll_upload(
        &mut self,
        cx: &mut Context<'_>,
        scratch: &mut [u8],
        moved: &mut bool,
    ) -> Result<(), Broken> {
        if self.deaf {
            return Ok(());
        }
        let lines = (&mut self.client.line, &mut *self.target);
        match self.upload.poll(cx, lines, scratch, moved) {
            Poll::Pending | Poll::Ready(Ok(())) => Ok(()),
            Poll::Ready(Err(Break::From)) => Err(Broken::ClientGone),
            Poll::Ready(Err(Break::Malformed)) => Err(Broken::ClientMalformed),
            Poll::Ready(Err(Break::To)) => {
                self.deaf = true;
                Ok(())
            }
        }
    }

    fn poll_answer(
        &mut self,
        cx: &mut Context<'_>,
        scratch: &mut [u8],
        moved: &mut bool,
    ) -> Poll<Result<Outcome, Broken>> {
        loop {
            if matches!(self.stage, Stage::Awaited) {
                ready!(self.poll_head(cx, scratch, moved))?;
            }
            let Stage::Passing(pump, kind) = &mut self.stage else { continue };
            let lines = (&mut *self.target, &mut self.client.line);
            ready!(pump.poll(cx, lines, scratch, moved)).map_err(|broken| match broken {
                Break::From => Broken::TargetGone,
                Break::Malformed => Broken::TargetMalformed,
                Break::To => Broken::ClientGone,
            })?;
            match kind {
                Kind::Interim => self.stage = Stage::Awaited,
                Kind::Final => return Poll::Ready(Ok(Outcome::Answered)),
                Kind::Switch => return Poll::Ready(Ok(Outcome::Switched)),
            }
        }
    }

    /// Waits for the head of an answer, and begins to pass the answer on.
    fn poll_head(
        &mut self,
        cx: &mut Context<'_>,
        scratch: &mut [u8],
        moved: &mut bool,
    ) -> Poll<Result<(), Broken>> {
        let mut filled = self.target.unpack(&mut scratch[HEADROOM..]);
        loop {
            if filled > 0
                && let Some(head) = self.read_head(&scratch[HEADROOM..][..filled])?
            {
                *moved = true;
                return Poll::Ready(self.begin(cx, scratch, filled, &head));
            }
            match self.target.poll_read(cx, &mut scratch[HEADROOM + filled..]) {
                Poll::Pending => {
                    self.target.put_back(&scratch[HEADROOM..][..filled]);
                    return Poll::Pending;
                }
                Poll::Ready(Ok(0) | Err(_)) => {
                    self.target.put_back(&scratch[HEADROOM..][..filled]);
                    return Poll::Ready(Err(Broken::TargetGone));
                }
                Poll::Ready(Ok(length)) => filled += length,
            }
            *moved = true;
        }
    }

    /// Reads the head of an answer and writes the one that the client gets.
    fn read_head(&mut self, arrived: &[u8]) -> Result<Option<Head>, Broken> {
        let mut slots = http1::slots();
        let Some(response) = Response::parse(arrived, &mut slots, self.manners.verb)
            .map_err(|_| Broken::TargetMalformed)?
        else {
            let too_long = arrived.len() > RESPONSE_HEAD;
            return if too_long { Err(Broken::TargetMalformed) } else { Ok(None) };
        };
        if response.head > RESPONSE_HEAD || (response.status == 101 && !self.manners.upgrade) {
            return Err(Broken::TargetMalformed);
        }
        let until_close = response.body == Body::UntilClose || self.strips(response.body);
        let persistence =
            if until_close { Persistence::Close } else { self.client.persistence(self.manners) };
        let target = match self.manners.reuse {
            Persistence::KeepAlive => response.persistence,
            Persistence::Close => Persistence::Close,
        };
        self.ends = Ends { client: persistence, target, until_close };
        self.write_head(&response, persistence);
        if let Some(entry) = &mut self.client.entry
            && !matches!(response.status, 100 | 102..200)
        {
            entry.is_answered(Instant::now(), response.status);
        }
        Ok(Some(Head { length: response.head, status: response.status, body: response.body }))
    }

    /// Writes the head that the client gets.
    fn write_head(&self, response: &Response<'_, '_>, persistence: Persistence) {
        let plan = self.client.place.listener.plan.load();
        let from = (&*self.client.worker, plan.scheme);
        let cookies = own_cookies(response.fields, &self.errand.booking.bonds, from);
        let reply = Reply {
            version: self.manners.version,
            persistence,
            retouch: &plan.retouch,
            cookies: &cookies,
        };
        let mut head = self.client.worker.head.borrow_mut();
        head.clear();
        headers::write_response(&mut head, response, &reply);
    }

    /// Whether the client gets the data of chunks without their sizes.
    fn strips(&self, body: Body) -> bool {
        matches!(body, Body::Chunked(_)) && self.manners.version == Version::Http10
    }

    /// Passes on the head and what came of the body behind it. The new head is laid in front of
    /// the body, so that one write sends both without moving the body.
    fn begin(
        &mut self,
        cx: &mut Context<'_>,
        scratch: &mut [u8],
        filled: usize,
        head: &Head,
    ) -> Result<(), Broken> {
        let kind = match head.status {
            101 => Kind::Switch,
            100..200 => Kind::Interim,
            _ => Kind::Final,
        };
        let framing = if self.strips(head.body) { Framing::Stripped } else { Framing::Kept };
        let mut pump = Pump::new(Vec::new(), head.body, framing);
        let start = HEADROOM + head.length;
        let passed = pump
            .count(self.target, &mut scratch[start..HEADROOM + filled])
            .map_err(|_| Broken::TargetMalformed)?;
        if kind != Kind::Interim || self.passes_interim(head.status) {
            let new_head = self.client.worker.head.borrow();
            let line = &mut self.client.line;
            let written = if let Some(front) = start.checked_sub(new_head.len()) {
                scratch[front..start].copy_from_slice(&new_head);
                pump.write(cx, line, &scratch[front..start + passed])
            } else {
                // Cookies and a listener's own headers may need more room than there is in front.
                pump.write(cx, line, &[&new_head[..], &scratch[start..start + passed]].concat())
            };
            written.map_err(|_| Broken::ClientGone)?;
        }
        self.stage = Stage::Passing(pump, kind);
        Ok(())
    }

    /// `100 Continue` was answered here already, and 1.0 clients don't know interim answers.
    fn passes_interim(&self, status: u16) -> bool {
        status != 100 && self.manners.version == Version::Http11
    }
}
