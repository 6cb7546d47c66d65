//! The body of a stream's request on its way to a target that speaks HTTP/1.1.

use crate::connection::Line;
use crate::http1::Body;
use bytes::Bytes;
use h2::RecvStream;
use std::task::{Context, Poll, ready};

/// First the head, then the body as it comes.
pub(super) struct Upload {
    from: RecvStream,
    body: Body,
    /// What the target has not taken yet, and how much of it has.
    pending: Vec<u8>,
    sent: usize,
    /// Bytes of the client's that are in `pending`: it may send as many again once they are gone.
    owed: usize,
    stage: Stage,
    /// Whether anything beyond the head was read.
    fed: bool,
    /// Bytes of the body that the client has sent.
    passed: u64,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// More is expected of the client.
    Open,
    /// All was read; some of it may be pending.
    Ended,
}

/// Which side it broke off at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
    /// The client is gone.
    From,
    /// The target takes nothing more.
    To,
}

impl Upload {
    /// Sends `head`, and then the body.
    pub(super) fn new(head: Vec<u8>, body: Body, from: RecvStream) -> Self {
        let stage = if body.is_over() { Stage::Ended } else { Stage::Open };
        Self { from, body, pending: head, sent: 0, owed: 0, stage, fed: false, passed: 0 }
    }

    /// Whether all of it was sent.
    pub(super) fn is_over(&self) -> bool {
        self.stage == Stage::Ended && self.sent == self.pending.len()
    }

    /// Whether it waits for the client.
    pub(super) fn awaits_client(&self) -> bool {
        self.stage == Stage::Open && self.sent == self.pending.len()
    }

    /// Whether not a byte was sent.
    pub(super) fn is_untouched(&self) -> bool {
        self.sent == 0 && !self.fed
    }

    /// Whether all that was sent is still here.
    pub(super) fn can_rewind(&self) -> bool {
        !self.fed
    }

    /// How many bytes of a body came since this was asked last.
    pub(super) fn passed(&mut self) -> u64 {
        std::mem::take(&mut self.passed)
    }

    /// Starts again with the head.
    pub(super) fn rewind(&mut self) {
        self.sent = 0;
    }

    /// Sends what can be sent. `moved` is set when anything was. Ready when all is done.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        to: &mut Line,
        moved: &mut bool,
    ) -> Poll<Result<(), Break>> {
        loop {
            while self.sent < self.pending.len() {
                let written = ready!(to.poll_write(cx, &self.pending[self.sent..]));
                self.sent += written.map_err(|_| Break::To)?;
                *moved = true;
            }
            let flushed = to.poll_flush(cx).map_err(|_| Break::To)?;
            if self.stage == Stage::Ended {
                return flushed.map(Ok);
            }
            let owed = std::mem::take(&mut self.owed);
            self.from.flow_control().release_capacity(owed).map_err(|_| Break::From)?;
            match ready!(self.from.poll_data(cx)) {
                Some(Ok(data)) => self.take(&data),
                Some(Err(_)) => return Poll::Ready(Err(Break::From)),
                None => self.end(),
            }
            *moved = true;
        }
    }

    /// Frames what arrived as the target expects it.
    fn take(&mut self, data: &Bytes) {
        (self.fed, self.sent, self.owed) = (true, 0, data.len());
        self.passed += data.len() as u64;
        self.pending.clear();
        if data.is_empty() {
            return;
        }
        if let Body::Chunked(_) = self.body {
            self.pending.extend_from_slice(format!("{:x}\r\n", data.len()).as_bytes());
            self.pending.extend_from_slice(data);
            self.pending.extend_from_slice(b"\r\n");
        } else {
            self.pending.extend_from_slice(data);
        }
    }

    fn end(&mut self) {
        (self.fed, self.sent, self.stage) = (true, 0, Stage::Ended);
        self.pending.clear();
        if let Body::Chunked(_) = self.body {
            self.pending.extend_from_slice(b"0\r\n\r\n");
        }
    }
}
