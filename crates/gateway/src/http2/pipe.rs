//! What comes behind a head in HTTP/2, from one stream to another: data, then trailers.

use bytes::Bytes;
use h2::{RecvStream, SendStream};
use std::task::{Context, Poll, ready};

/// One direction of a request. Nothing is read while something is pending, so a slow reader slows
/// the writer down.
pub(super) struct Pipe {
    from: RecvStream,
    /// What the receiver has no room for yet.
    pending: Bytes,
    stage: Stage,
    /// Whether anything was read.
    fed: bool,
    /// Bytes that were read.
    passed: u64,
}

/// What is expected next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Data,
    Trailers,
    /// Nothing.
    Over,
}

/// Which side a direction broke off at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
    /// The sender is gone before the end.
    From,
    /// The receiver takes nothing more.
    To,
}

impl Pipe {
    /// What comes from a stream whose head has been read.
    pub(super) fn new(from: RecvStream) -> Self {
        let stage = if from.is_end_stream() { Stage::Over } else { Stage::Data };
        Self { from, pending: Bytes::new(), stage, fed: false, passed: 0 }
    }

    /// Whether nothing more comes.
    pub(super) fn is_over(&self) -> bool {
        self.stage == Stage::Over
    }

    /// Whether it waits for its sender, not for its receiver.
    pub(super) fn awaits_sender(&self) -> bool {
        !self.is_over() && self.pending.is_empty()
    }

    /// How many bytes came since this was asked last.
    pub(super) fn passed(&mut self) -> u64 {
        std::mem::take(&mut self.passed)
    }

    /// Whether another receiver could still be sent all of it.
    pub(super) fn is_untouched(&self) -> bool {
        !self.fed
    }

    /// Passes on what can be passed on. `moved` is set when anything was. Ready when all is done.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        to: &mut SendStream<Bytes>,
        moved: &mut bool,
    ) -> Poll<Result<(), Break>> {
        loop {
            if self.is_over() {
                return Poll::Ready(Ok(()));
            }
            if to.poll_reset(cx).is_ready() {
                return Poll::Ready(Err(Break::To));
            }
            ready!(self.poll_send(cx, to, moved))?;
            match self.stage {
                Stage::Data => ready!(self.poll_data(cx))?,
                Stage::Trailers => ready!(self.poll_trailers(cx, to))?,
                Stage::Over => {}
            }
            *moved = true;
        }
    }

    /// Sends what is pending, as the receiver gives room; then the sender gets as much.
    fn poll_send(
        &mut self,
        cx: &mut Context<'_>,
        to: &mut SendStream<Bytes>,
        moved: &mut bool,
    ) -> Poll<Result<(), Break>> {
        while !self.pending.is_empty() {
            to.reserve_capacity(self.pending.len());
            if to.capacity() == 0 {
                match ready!(to.poll_capacity(cx)) {
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Poll::Ready(Err(Break::To)),
                }
            }
            let room = to.capacity().min(self.pending.len());
            if room > 0 {
                let part = self.pending.split_to(room);
                // The end goes with the last data where it is known already.
                let last = self.pending.is_empty() && self.from.is_end_stream();
                to.send_data(part, last).map_err(|_| Break::To)?;
                // A sender that is gone needs no room.
                let _gone = self.from.flow_control().release_capacity(room);
                *moved = true;
                if last {
                    self.stage = Stage::Over;
                }
            }
        }
        Poll::Ready(Ok(()))
    }

    fn poll_data(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Break>> {
        match ready!(self.from.poll_data(cx)) {
            Some(Ok(data)) => {
                self.fed = true;
                self.passed += data.len() as u64;
                self.pending = data;
            }
            Some(Err(_)) => return Poll::Ready(Err(Break::From)),
            None => self.stage = Stage::Trailers,
        }
        Poll::Ready(Ok(()))
    }

    fn poll_trailers(
        &mut self,
        cx: &mut Context<'_>,
        to: &mut SendStream<Bytes>,
    ) -> Poll<Result<(), Break>> {
        let trailers = ready!(self.from.poll_trailers(cx)).map_err(|_| Break::From)?;
        let sent = match trailers {
            Some(trailers) => to.send_trailers(trailers),
            None => to.send_data(Bytes::new(), true),
        };
        self.fed = true;
        self.stage = Stage::Over;
        Poll::Ready(sent.map_err(|_| Break::To))
    }
}
