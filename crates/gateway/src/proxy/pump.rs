//! Moves the body of a message from one connection to another, as it comes.

use crate::connection::Line;
use crate::http1::Body;
use std::task::{Context, Poll, ready};

/// One direction of a request: first what is pending, then the body.
///
/// Nothing is read while something is pending, so a slow reader slows the writer down.
#[derive(Debug)]
pub(super) struct Pump {
    body: Body,
    framing: Framing,
    pending: Vec<u8>,
    sent: usize,
    /// Whether anything beyond the first load was read.
    fed: bool,
    /// Whether a body that lasts until the close has met it.
    ended: bool,
}

/// Whether chunks are passed on with their sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    Kept,
    Stripped,
}

/// Which side a direction broke off at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
    /// The sender is gone before the end.
    From,
    /// What the sender sends is not framed as it says.
    Malformed,
    /// The receiver takes nothing more.
    To,
}

impl Pump {
    /// Moves `first`, and then what is left of `body`.
    pub(super) fn new(first: Vec<u8>, body: Body, framing: Framing) -> Self {
        Self { body, framing, pending: first, sent: 0, fed: false, ended: false }
    }

    /// Whether all of the body has been read and nothing is pending.
    pub(super) fn is_over(&self) -> bool {
        self.sent == self.pending.len() && (self.ended || self.body.is_over())
    }

    /// Whether it waits for its sender, not for its receiver.
    pub(super) fn awaits_sender(&self) -> bool {
        self.sent == self.pending.len() && !self.is_over()
    }

    /// What is left to be read.
    pub(super) fn left(&self) -> Body {
        self.body
    }

    /// Whether not a single byte has been taken by the receiver.
    pub(super) fn is_untouched(&self) -> bool {
        self.sent == 0 && !self.fed
    }

    /// Whether all that was sent is still here, and nothing more was read.
    pub(super) fn can_rewind(&self) -> bool {
        !self.fed
    }

    /// Starts again with the first load.
    pub(super) fn rewind(&mut self) {
        self.sent = 0;
    }

    /// Gives the buffer back.
    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.pending
    }

    /// Moves what can be moved. `moved` is set when anything was. Ready when all is done.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        (from, to): (&mut Line, &mut Line),
        scratch: &mut [u8],
        moved: &mut bool,
    ) -> Poll<Result<(), Break>> {
        loop {
            while self.sent < self.pending.len() {
                let written = ready!(to.poll_write(cx, &self.pending[self.sent..]));
                self.sent += written.map_err(|_| Break::To)?;
                *moved = true;
            }
            // TLS may not have sent all that it took.
            let flushed = to.poll_flush(cx).map_err(|_| Break::To)?;
            if self.is_over() {
                return flushed.map(Ok);
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
            let passed = self.count(from, &mut scratch[..filled])?;
            self.write(cx, to, &scratch[..passed])?;
        }
    }

    /// How much of what arrived is to be passed on; what belongs to the next message is kept.
    pub(super) fn count(&mut self, from: &mut Line, arrived: &mut [u8]) -> Result<usize, Break> {
        let (taken, passed) = match self.framing {
            Framing::Kept => self.body.take(arrived).map(|taken| (taken, taken)),
            Framing::Stripped => self.body.strip(arrived),
        }
        .map_err(|_| Break::Malformed)?;
        from.put_back(&arrived[taken..]);
        Ok(passed)
    }

    /// Writes at once what the receiver takes, and keeps the rest.
    pub(super) fn write(
        &mut self,
        cx: &mut Context<'_>,
        to: &mut Line,
        bytes: &[u8],
    ) -> Result<(), Break> {
        self.fed = true;
        self.pending.clear();
        self.sent = 0;
        let written = match to.poll_write(cx, bytes) {
            Poll::Ready(written) => written.map_err(|_| Break::To)?,
            Poll::Pending => 0,
        };
        self.pending.extend_from_slice(&bytes[written..]);
        Ok(())
    }
}
