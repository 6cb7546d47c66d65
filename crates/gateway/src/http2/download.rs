//! A target's answer in HTTP/1.1 on its way to a stream.

use super::head::{self, length};
use crate::connection::Line;
use crate::headers::Reply;
use crate::http1::{self, Body, Persistence, RESPONSE_HEAD, Response, Verb};
use bytes::Bytes;
use h2::SendStream;
use h2::server::SendResponse;
use std::task::{Context, Poll, ready};
use tokio::time::Instant;

/// First the head, then the body as it comes.
pub(super) struct Download {
    verb: Verb,
    stage: Stage,
    /// What becomes of the target's connection.
    persistence: Persistence,
    heard: bool,
    /// When the head came, and its status.
    answered: Option<(Instant, u16)>,
    /// Bytes that the client was sent.
    passed: u64,
}

enum Stage {
    /// The head has not come.
    Awaited,
    /// The body comes.
    Passing(Passing),
    /// All was passed on.
    Over,
}

struct Passing {
    to: SendStream<Bytes>,
    body: Body,
    /// What the client has not been given room for yet.
    pending: Bytes,
    /// Whether a body that lasts until the close has met it.
    ended: bool,
    passed: u64,
}

/// How it breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
    /// The target is gone.
    From,
    /// What it says is not HTTP.
    Malformed,
    /// The client is gone.
    To,
}

/// Makes the client's head of the target's.
pub(super) type Rewrite<'a> = &'a dyn Fn(&Response<'_, '_>) -> Option<http::Response<()>>;

impl Download {
    /// Waits for an answer to a request with that method.
    pub(super) fn new(verb: Verb) -> Self {
        Self {
            verb,
            stage: Stage::Awaited,
            persistence: Persistence::Close,
            heard: false,
            answered: None,
            passed: 0,
        }
    }

    /// Whether the client has been sent anything of the final answer.
    pub(super) fn has_begun(&self) -> bool {
        !matches!(self.stage, Stage::Awaited)
    }

    /// Whether the target has sent anything.
    pub(super) fn has_heard(&self) -> bool {
        self.heard
    }

    /// When the target's answer began, and its status.
    pub(super) fn answered(&self) -> Option<(Instant, u16)> {
        self.answered
    }

    /// How many bytes the client was sent.
    pub(super) fn passed(&self) -> u64 {
        match &self.stage {
            Stage::Passing(passing) => self.passed + passing.passed,
            Stage::Awaited | Stage::Over => self.passed,
        }
    }

    /// What becomes of the target's connection.
    pub(super) fn persistence(&self) -> Persistence {
        self.persistence
    }

    /// Ends an answer that is not whole, so that the client knows.
    pub(super) fn cut(&mut self) {
        if let Stage::Passing(passing) = &mut self.stage {
            passing.to.send_reset(h2::Reason::INTERNAL_ERROR);
        }
    }

    /// Passes on what can be passed on. Ready when all is.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        (from, respond): (&mut Line, &mut SendResponse<Bytes>),
        (scratch, moved): (&mut [u8], &mut bool),
        rewrite: Rewrite<'_>,
    ) -> Poll<Result<(), Break>> {
        loop {
            match &mut self.stage {
                Stage::Awaited => {
                    ready!(self.poll_head(cx, (from, respond), (scratch, moved), rewrite))?
                }
                Stage::Passing(passing) => {
                    ready!(passing.poll(cx, from, scratch, moved))?;
                    self.passed += passing.passed;
                    self.stage = Stage::Over;
                }
                Stage::Over => return Poll::Ready(Ok(())),
            }
        }
    }

    fn poll_head(
        &mut self,
        cx: &mut Context<'_>,
        (from, respond): (&mut Line, &mut SendResponse<Bytes>),
        (scratch, moved): (&mut [u8], &mut bool),
        rewrite: Rewrite<'_>,
    ) -> Poll<Result<(), Break>> {
        let mut filled = from.unpack(scratch);
        loop {
            if filled > 0 {
                self.heard = true;
                let mut slots = http1::slots();
                let parsed = Response::parse(&scratch[..filled], &mut slots, self.verb);
                if let Some(response) = parsed.map_err(|_| Break::Malformed)? {
                    let head = rewrite(&response).filter(|_| response.status != 101);
                    let head = head.filter(|_| response.head <= RESPONSE_HEAD);
                    let head = head.ok_or(Break::Malformed)?;
                    let facts = (response.status, response.body, response.persistence);
                    let length = response.head;
                    *moved = true;
                    self.begin(facts, head, respond)?;
                    from.put_back(&scratch[length..filled]);
                    return Poll::Ready(Ok(()));
                }
                if filled > RESPONSE_HEAD {
                    return Poll::Ready(Err(Break::Malformed));
                }
            }
            match from.poll_read(cx, &mut scratch[filled..]) {
                Poll::Pending => {
                    from.put_back(&scratch[..filled]);
                    return Poll::Pending;
                }
                Poll::Ready(Ok(0) | Err(_)) => return Poll::Ready(Err(Break::From)),
                Poll::Ready(Ok(length)) => filled += length,
            }
            *moved = true;
        }
    }

    /// Sends the head. An interim one is followed by another; `100 Continue` was answered already.
    fn begin(
        &mut self,
        (status, body, persistence): (u16, Body, Persistence),
        head: http::Response<()>,
        respond: &mut SendResponse<Bytes>,
    ) -> Result<(), Break> {
        match status {
            100 => return Ok(()),
            101..200 => return respond.send_informational(head).map_err(|_| Break::To),
            _ => {
                self.persistence = persistence;
                self.answered = Some((Instant::now(), status));
                self.passed = length(head.headers());
            }
        }
        let to = respond.send_response(head, body.is_over()).map_err(|_| Break::To)?;
        self.stage = if body.is_over() {
            Stage::Over
        } else {
            Stage::Passing(Passing { to, body, pending: Bytes::new(), ended: false, passed: 0 })
        };
        Ok(())
    }
}

// === impl Passing ===

impl Passing {
    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        from: &mut Line,
        scratch: &mut [u8],
        moved: &mut bool,
    ) -> Poll<Result<(), Break>> {
        loop {
            ready!(self.poll_send(cx, moved))?;
            if self.ended || self.body.is_over() {
                return Poll::Ready(self.to.send_data(Bytes::new(), true).map_err(|_| Break::To));
            }
            if self.to.poll_reset(cx).is_ready() {
                return Poll::Ready(Err(Break::To));
            }
            let filled = match from.unpack(scratch) {
                0 => ready!(from.poll_read(cx, scratch)).map_err(|_| Break::From)?,
                kept => kept,
            };
            if filled == 0 {
                if self.body != Body::UntilClose {
                    return Poll::Ready(Err(Break::From));
                }
                self.ended = true;
                continue;
            }
            *moved = true;
            let arrived = &mut scratch[..filled];
            let (taken, data) = self.body.strip(arrived).map_err(|_| Break::Malformed)?;
            self.pending = Bytes::copy_from_slice(&arrived[..data]);
            self.passed += data as u64;
            from.put_back(&arrived[taken..]);
            if self.body.is_over() && self.fits() {
                let last = std::mem::take(&mut self.pending);
                return Poll::Ready(self.to.send_data(last, true).map_err(|_| Break::To));
            }
        }
    }

    /// Whether the client has room for all that is pending.
    fn fits(&mut self) -> bool {
        self.to.reserve_capacity(self.pending.len());
        self.to.capacity() >= self.pending.len()
    }

    /// Sends what is pending, as the client gives room.
    fn poll_send(&mut self, cx: &mut Context<'_>, moved: &mut bool) -> Poll<Result<(), Break>> {
        while !self.pending.is_empty() {
            if !self.fits() && self.to.capacity() == 0 {
                match ready!(self.to.poll_capacity(cx)) {
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Poll::Ready(Err(Break::To)),
                }
            }
            let room = self.to.capacity().min(self.pending.len());
            if room > 0 {
                let part = self.pending.split_to(room);
                self.to.send_data(part, false).map_err(|_| Break::To)?;
                *moved = true;
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// What a stream's client is sent for a target's head.
pub(super) fn rewritten(
    response: &Response<'_, '_>,
    reply: &Reply<'_>,
) -> Option<http::Response<()>> {
    head::answer(response, reply)
}
